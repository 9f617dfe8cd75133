# SPDX-License-Identifier: Apache-2.0
"""Draining a long queue: 10,000 sales made offline go to a central on loopback (SQLite), by the real programs.

Yardstick in the same run: the same bodies put into an SQLite table by Python's sqlite3 (the same library the central
uses), 100 rows a transaction as the wire's batches are, WAL and synchronous=FULL, on the same file system. The drain's
time includes starting tillctl, checking its databases, the hello, and recording every acknowledgement in the ledger.
Baskets hold four of a hundred SKUs, drawn with a fixed seed: bodies of about 2.3 KB.

TILL_BENCH_SALES changes the count.
"""

import contextlib
import json
import os
import random
import sqlite3
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "integration"))

from shop import Shop, basket  # noqa: E402 - found by the line above

SALES = int(os.environ.get("TILL_BENCH_SALES", "10000"))
BATCH = 100


def insert_all(path, bodies):
    """Seconds for the bare inserts."""
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as books:
        books.execute("PRAGMA journal_mode = WAL")
        books.execute("PRAGMA synchronous = FULL")
        books.execute("CREATE TABLE entry (seq INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT")
        start = time.perf_counter()
        for first in range(0, len(bodies), BATCH):
            books.execute("BEGIN IMMEDIATE")
            books.executemany("INSERT INTO entry VALUES (?, ?)",
                              enumerate(bodies[first:first + BATCH], first + 1))
            books.execute("COMMIT")
        return time.perf_counter() - start


def main():
    with Shop() as shop:
        central = shop.central().demo().start()
        till = shop.till("till").enrol(central)
        codes = till.skus(100)
        dice = random.Random(20261123)
        lines = "".join(json.dumps(basket(*dice.sample(codes, 4))) + "\n" for _ in range(SALES))
        start = time.perf_counter()
        till.must("sell", "-", stdin=lines, timeout=600)
        sold_s = time.perf_counter() - start

        start = time.perf_counter()
        till.must("sync", "--until-empty", "--timeout", "300", timeout=330)
        drained_s = time.perf_counter() - start
        bodies = [row["body"].encode() for row in till.journal()]
        central.stop()
        arrived = central.rows("SELECT count(*) FROM sale")[0][0]
        assert arrived == SALES == len(bodies), f"{arrived} of {SALES} sales arrived"
        bare_s = insert_all(shop.path("yardstick.db"), bodies)
        print(json.dumps({
            "bench": "drain-queued-sales",
            "sales": SALES,
            "bytes": sum(map(len, bodies)),
            "sell_per_s": round(SALES / sold_s),
            "drain_s": round(drained_s, 3),
            "drain_per_s": round(SALES / drained_s),
            "aim_per_s": 10000,
            "yardstick": "python sqlite3: same bodies, 100 rows a transaction, WAL, FULL",
            "yardstick_s": round(bare_s, 3),
            "ratio": round(drained_s / bare_s, 2),
        }), flush=True)


main()
