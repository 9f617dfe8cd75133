# SPDX-License-Identifier: Apache-2.0
"""Adds up the results of every build directory named and prints the one line that counts.

A test program that speaks TAP counts once per test point, and once more as failed when it ended badly
although no point of it failed (a leak found at exit, a crash after the last point, a time-out). Exits 1
when anything failed, or when nothing ran. Where CI is set a skipped test is a failure too: there everything needed is at hand.
"""
import json
import os
import re
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path


# What XML has no way to hold: a test may print any byte, and its report then cannot be read as it is.
UNREADABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def read_report(path):
    text = path.read_text(encoding="utf-8", errors="replace")
    return ElementTree.fromstring(UNREADABLE.sub("?", text).encode("utf-8"))


def outcome(case):
    if case.find("failure") is not None or case.find("error") is not None:
        return "failed"
    return "skipped" if case.find("skipped") is not None else "passed"


def ended_badly(directory):
    """Names of the test programs that did not end well, as the runner saw them."""
    log = Path(directory, "meson-logs", "testlog.json")
    if not log.exists():
        return []
    with open(log, encoding="utf-8", errors="replace") as lines:
        tests = [json.loads(line) for line in lines]
    return [test["name"] for test in tests if test["result"] not in ("OK", "SKIP")]


def main(directories):
    counts = {"passed": 0, "failed": 0, "skipped": 0}
    for directory in directories:
        blamed = set()
        for report in sorted(Path(directory, "meson-logs").glob("testlog*.junit.xml")):
            for suite in read_report(report).iter("testsuite"):
                for case in suite.iter("testcase"):
                    result = outcome(case)
                    counts[result] += 1
                    if result == "failed":
                        blamed |= {case.get("name"), suite.get("name").split(".", 1)[-1]}
                    if result != "passed":
                        print(f"{result}: {directory}: {suite.get('name')}: {case.get('name')}")
        for name in ended_badly(directory):
            if name not in blamed:
                counts["failed"] += 1
                print(f"failed: {directory}: {name}: ended badly after its last point")
    if os.environ.get("CI") and counts["skipped"]:
        print("A skipped test fails here: this machine must have all that the tests need.")
        counts["failed"] += counts["skipped"]
        counts["skipped"] = 0
    print(f"{counts['passed']} passed, {counts['failed']} failed, {counts['skipped']} skipped")
    return 1 if counts["failed"] or not counts["passed"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
