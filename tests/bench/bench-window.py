# SPDX-License-Identifier: Apache-2.0
"""Start and memory of the terminal beside an empty GTK 4 window, under a virtual display.

Start: from exec until a named control is showing on the accessibility bus (the terminal: the staff tiles, so the home is
open and the cache read; the empty window: its label). Memory: resident set, and its anonymous part, two seconds' worth of
idle main loop later. The programs take turns; medians of TILL_BENCH_RUNS (7). The cache holds TILL_BENCH_SKUS (100,000).
"""

import json
import os
import re
import select
import statistics
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
for folder in ("lib", "integration"):
    sys.path.insert(0, os.path.join(HERE, "..", folder))

from screen import Display, Screen  # noqa: E402  the paths come first
from shop import BUILD, Shop  # noqa: E402

RUNS = int(os.environ.get("TILL_BENCH_RUNS", "7"))
SKUS = int(os.environ.get("TILL_BENCH_SKUS", "100000"))
SETTLE_S = 2


def write_catalogue(path, count):
    """A plain CSV of made-up names."""
    with open(path, "w", encoding="utf-8") as out:
        out.write("sku,name,variant,category,price\n")
        for number in range(count):
            out.write(f"B-{number:07},Bench article {number % 9973} {number},Size {number % 7},Bench/{number % 40},{number % 90 + 1}.50\n")


def resident(pid):
    """Resident and anonymous kilobytes of a process."""
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        text = status.read()
    return tuple(int(re.search(rf"^{name}:\s+(\d+)", text, re.M)[1]) for name in ("VmRSS", "RssAnon"))


def measure(display, program, arguments, name, log):
    start = time.perf_counter()
    screen = Screen(display, program, arguments, log)
    screen.find(name, seconds=60)
    seconds = time.perf_counter() - start
    select.select([], [], [], SETTLE_S)
    memory = resident(screen.process.pid)
    screen.close()
    return seconds, *memory


def main():
    display = Display()
    try:
        with Shop() as shop:
            central = shop.central().demo()
            write_catalogue(shop.path("bench.csv"), SKUS)
            central.must("import", "products", shop.path("bench.csv"))
            central.start()
            till = shop.till("till").enrol(central)
            os.environ.update(till.surroundings)
            programs = {
                "till": (os.path.join(BUILD, "ui", "tillhouse"), ["--home", till.home], re.compile("^Ines Moreau")),
                "empty": (os.path.join(BUILD, "tests", "bench", "empty-window"), [], "Empty window"),
            }
            seen = {name: [] for name in programs}
            for _ in range(RUNS):
                for name, (program, arguments, control) in programs.items():
                    seen[name].append(measure(display, program, arguments, control, shop.path("window.log")))
            middle = {name: [statistics.median(column) for column in zip(*rows)] for name, rows in seen.items()}
    finally:
        display.close()
    till, empty = middle["till"], middle["empty"]
    print(json.dumps({
        "bench": "start-to-scannable-window", "skus": SKUS, "runs": RUNS, "ms": round(till[0] * 1000),
        "yardstick": "empty GTK 4 window", "yardstick_ms": round(empty[0] * 1000), "ratio": round(till[0] / empty[0], 2),
        "aim_ratio": 1.3}))
    print(json.dumps({
        "bench": "resident-memory", "skus": SKUS, "kb": int(till[1]), "anonymous_kb": int(till[2]),
        "yardstick": "empty GTK 4 window", "yardstick_kb": int(empty[1]), "yardstick_anonymous_kb": int(empty[2]),
        "ratio": round(till[1] / empty[1], 2), "more_kb": int(till[1] - empty[1]), "aim_more_kb": 40 * 1024}))


if __name__ == "__main__":
    main()
