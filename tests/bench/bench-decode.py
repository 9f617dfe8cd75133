#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What tillctl decode reads of the shared pictures, beside plain zbarimg on the same files. One JSON object a line:
per set and symbology how many are read of how many, misreads, milliseconds a picture (median and p99). Exit code 1
when a picture that zbarimg reads right is lost, or when anything is misread.

    TILL_BUILD_ROOT=build TILL_SHARED_DATA=../shared/data python3 tests/bench/bench-decode.py [--every N]
"""

import base64
import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter, OrderedDict

HERE = os.path.dirname(os.path.abspath(__file__))
os.environ.setdefault("TILL_SHARED_DATA", os.path.join(HERE, "..", "..", "..", "shared", "data"))
sys.path.insert(0, os.path.join(HERE, "..", "integration"))
import images  # noqa: E402  (its folder is known only now)


def run_tillctl(folder, pictures):
    program = os.path.join(os.environ.get("TILL_BUILD_ROOT", "build"), "ui", "cli", "tillctl")
    paths = [os.path.join(folder, picture["file"]) for picture in pictures]
    output = subprocess.run([program, "decode", *paths], capture_output=True, check=False).stdout
    return [json.loads(line) for line in output.splitlines()]


def run_zbarimg(folder, picture):
    """Its (symbology, text, bytes) of a picture; its own name for UPC-E is kept out by reading numbers."""
    command = ["zbarimg", "-q", "--xml", "--nodbus", os.path.join(folder, picture["file"])]
    output = subprocess.run(command, capture_output=True, check=False).stdout
    reads = []
    pattern = rb"<symbol type='([^']*)'.*?<data(?: format='(base64)'[^>]*)?><!\[CDATA\[(.*?)\]\]></data>"
    for kind, encoding, data in re.findall(pattern, output, re.S):
        raw = base64.b64decode(data) if encoding else data
        reads.append((kind.decode(), raw.decode("utf-8", "replace"), raw))
    return reads


class Score:
    def __init__(self, name):
        self.name = name
        self.count = Counter()

    def add(self, ours, theirs, wrong, theirs_wrong):
        self.count["of"] += 1
        self.count["read"] += ours
        self.count["zbarimg"] += theirs
        self.count["misread"] += wrong
        self.count["zbarimg_misread"] += theirs_wrong
        self.count["lost"] += theirs and not ours

    def row(self):
        names = ("of", "read", "zbarimg", "lost", "misread", "zbarimg_misread")
        return {"bench": "codes in photographs", **self.name, **{name: self.count[name] for name in names},
                "read_permille": 1000 * self.count["read"] // self.count["of"],
                "zbarimg_permille": 1000 * self.count["zbarimg"] // self.count["of"]}


def judge_zbarimg(judge, picture, reads):
    right, wrong = False, 0
    for kind, text, raw in reads:
        if images.is_right(picture, kind, text, raw):
            right = True
        elif text not in judge.others[picture["set"]]:
            wrong += 1
    return right, wrong


def skip(words):
    print(f"bench-decode: skipped, {words}", file=sys.stderr)
    return 0


def main():
    every = int(sys.argv[2]) if len(sys.argv) == 3 and sys.argv[1] == "--every" else 1
    folder, pictures = images.load()
    if folder is None:
        return skip("the shared pictures are not on this machine")
    if not shutil.which("zbarimg"):
        return skip("there is no zbarimg here (package zbar-tools)")
    judge = images.Judge(pictures)
    pictures = pictures[::every]
    lines = run_tillctl(folder, pictures)
    scores, times, faults = OrderedDict(), [], []
    for picture, line in zip(pictures, lines, strict=True):
        right, wrong = judge.split(picture, line.get("codes", []))
        theirs, theirs_wrong = judge_zbarimg(judge, picture, run_zbarimg(folder, picture))
        for name in ({"symbology": picture["symbology"]}, {"set": picture["set"], "symbology": picture["symbology"]}):
            scores.setdefault(json.dumps(name), Score(name)).add(right, theirs, len(wrong), theirs_wrong)
        times.append(line.get("ms", 0))
        if (theirs and not right) or wrong:
            faults.append({"file": picture["file"], "wanted": picture["text"], "line": line})
    for key in sorted(scores):
        print(json.dumps(scores[key].row()))
    times.sort()
    print(json.dumps({"bench": "codes in photographs", "pictures": len(times), "ms_median": times[len(times) // 2],
                      "ms_p99": times[len(times) * 99 // 100], "ms_max": times[-1]}))
    for fault in faults:
        print(f"bench-decode: lost or misread: {json.dumps(fault, ensure_ascii=False)}", file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
