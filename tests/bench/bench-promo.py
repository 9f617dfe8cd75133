#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Promotions beside a general rule engine (json-rules-engine from npm) that evaluates as many rules over
the same 100 SKUs in the same run. One JSON object a line; ratio_milli is ours to theirs. The engine is
installed into the build directory; without npm or without a network nothing is measured, and that is said.

    TILL_BUILD_ROOT=build python3 tests/bench/bench-promo.py
"""

import json
import os
import shutil
import subprocess
import sys

PACKAGE = "json-rules-engine@7"
COUNTS = [10, 100, 1000, 10000, 100000]

SCRIPT = """
const { Engine } = require('json-rules-engine');
const skus = Array.from({ length: 100 }, (_, i) => `here-${i}`);
async function measure(count) {
  const rules = [];
  for (let i = 0; i < count; i++) {
    const sku = i < 10 ? `here-${i * 7}` : `elsewhere-${i}`;
    rules.push({ conditions: { all: [{ fact: 'skus', operator: 'contains', value: sku }] },
      event: { type: 'discount', params: { sku, rate_ppm: 100000 } } });
  }
  const engine = new Engine(rules);
  const rounds = count >= 100000 ? 3 : count >= 10000 ? 5 : 21;
  const times = [];
  for (let round = 0; round < rounds; round++) {
    const begin = process.hrtime.bigint();
    const { events } = await engine.run({ skus });
    times.push(Number(process.hrtime.bigint() - begin));
    if (events.length !== Math.min(count, 10)) throw new Error(`${events.length} rules fired`);
  }
  times.sort((a, b) => a - b);
  return times[times.length >> 1];
}
(async () => {
  for (const count of JSON.parse(process.argv[2])) {
    console.log(JSON.stringify({ promotions: count, value_ns: await measure(count) }));
  }
})();
"""


def skip(words):
    print(f"bench-promo: skipped, {words}", file=sys.stderr)
    return 0


def install(folder):
    if os.path.isdir(os.path.join(folder, "node_modules", "json-rules-engine")):
        return True
    os.makedirs(folder, exist_ok=True)
    command = ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", folder, PACKAGE]
    return subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=300, check=False).returncode == 0


def read_lines(command, **options):
    output = subprocess.run(command, capture_output=True, text=True, check=True, **options).stdout
    rows = map(json.loads, output.splitlines())
    return {row["promotions"]: row["value_ns"] for row in rows if "promotions" in row}


def main():
    build = os.path.abspath(os.environ.get("TILL_BUILD_ROOT", "build"))
    program = os.path.join(build, "tests", "bench", "bench-promo")
    if not os.path.exists(program):
        return skip("bench-promo is not built")
    if not shutil.which("npm") or not shutil.which("node"):
        return skip("there is no npm here")
    folder = os.path.join(build, "tests", "bench", "rule-engine")
    if not install(folder):
        return skip(f"{PACKAGE} could not be installed")
    script = os.path.join(folder, "measure.js")
    with open(script, "w", encoding="utf-8") as file:
        file.write(SCRIPT)
    theirs = read_lines(["node", script, json.dumps(COUNTS)], cwd=folder)
    ours = read_lines([program])
    for count in COUNTS:
        print(json.dumps({"bench": "promotions beside a rule engine", "promotions": count, "value_ns": ours[count],
                          "yardstick": PACKAGE, "yardstick_ns": theirs[count],
                          "ratio_milli": 1000 * ours[count] // theirs[count], "times": theirs[count] // ours[count]}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
