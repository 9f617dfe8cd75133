# SPDX-License-Identifier: Apache-2.0
"""The first snapshot: a new till takes a catalogue of 1,000,000 SKUs from a central on loopback.

Yardstick in the same run: the resulting cache file copied and hashed (BLAKE2b) once, by Python, with a sync at the end.
"first" is the enrolment that makes the central build the snapshot; "ready" is the next till's, when it is there already:
the ratio is of "ready". TILL_BENCH_SKUS changes the count.
"""

import csv
import hashlib
import json
import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "integration"))

from shop import Shop  # noqa: E402 - found by the line above

SKUS = int(os.environ.get("TILL_BENCH_SKUS", "1000000"))


def write_catalogue(path):
    with open(path, "w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["sku", "name", "barcode", "price", "tax_class"])
        for number in range(SKUS):
            digits = f"29{number:010d}"
            odd, even = sum(map(int, digits[0::2])), sum(map(int, digits[1::2]))
            barcode = digits + str(-(odd + 3 * even) % 10)
            rows.writerow([f"BENCH-{number:07d}", f"Plain thing number {number}", barcode,
                           f"{1 + number % 90}.{number % 100:02d}", "standard"])


def copy_and_hash(source, target):
    start = time.perf_counter()
    digest = hashlib.blake2b(digest_size=32)
    with open(source, "rb") as old, open(target, "wb") as new:
        while data := old.read(1 << 20):
            digest.update(data)
            new.write(data)
        new.flush()
        os.fsync(new.fileno())
    return time.perf_counter() - start


def enrol(till, central):
    code = central.enrol_code()
    start = time.perf_counter()
    till.must("enrol", central.url(), "--code", code, timeout=900)
    return time.perf_counter() - start


def main():
    with Shop() as shop:
        central = shop.central().demo()
        catalogue = shop.path("catalogue.csv")
        write_catalogue(catalogue)
        start = time.perf_counter()
        result = central.run("import", "products", catalogue, timeout=900)
        assert result.code == 0, result
        imported_s = time.perf_counter() - start
        central.start()
        first_s = enrol(shop.till("first"), central)
        ready = shop.till("ready")
        ready_s = enrol(ready, central)
        cache = os.path.join(ready.home, "cache.db")
        bare_s = copy_and_hash(cache, shop.path("copy.db"))
        print(json.dumps({
            "bench": "first-snapshot",
            "skus": SKUS,
            "bytes": os.path.getsize(cache),
            "import_s": round(imported_s, 2),
            "first_s": round(first_s, 2),
            "ready_s": round(ready_s, 2),
            "yardstick": "python: copy, hash and sync the same file",
            "yardstick_s": round(bare_s, 2),
            "ratio": round(ready_s / bare_s, 2),
            "aim": 2,
        }), flush=True)


main()
