# SPDX-License-Identifier: Apache-2.0
"""Adds up the results of every build directory named and prints the one line that counts.

A test program that speaks TAP counts once per test point. Exits 1 when anything failed, or when
nothing ran. Where CI is set a skipped test is a failure too: there everything needed is at hand.
"""
import os
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path


def outcome(case):
    if case.find("failure") is not None or case.find("error") is not None:
        return "failed"
    return "skipped" if case.find("skipped") is not None else "passed"


def main(directories):
    counts = {"passed": 0, "failed": 0, "skipped": 0}
    for directory in directories:
        for report in sorted(Path(directory, "meson-logs").glob("testlog*.junit.xml")):
            for suite in ElementTree.parse(report).getroot().iter("testsuite"):
                for case in suite.iter("testcase"):
                    result = outcome(case)
                    counts[result] += 1
                    if result != "passed":
                        print(f"{result}: {directory}: {suite.get('name')}: {case.get('name')}")
    if os.environ.get("CI") and counts["skipped"]:
        print("A skipped test fails here: this machine must have all that the tests need.")
        counts["failed"] += counts["skipped"]
        counts["skipped"] = 0
    print(f"{counts['passed']} passed, {counts['failed']} failed, {counts['skipped']} skipped")
    return 1 if counts["failed"] or not counts["passed"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
