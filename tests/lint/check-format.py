#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every C file is as clang-format leaves it. Skipped (77) without the release of it that the tree is made with.

    python3 tests/lint/check-format.py [ROOT]
"""

import os
import re
import shutil
import subprocess
import sys

SKIP = 77
RELEASE = 14  # others break lines elsewhere
SKIPPED_FOLDERS = re.compile(r"^(build.*|\..*|subprojects)$")


def find_sources(root):
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if not SKIPPED_FOLDERS.match(name)]
        yield from (os.path.join(folder, name) for name in sorted(names) if name.endswith((".c", ".h")))


def find_tool():
    for name in (f"clang-format-{RELEASE}", "clang-format"):
        path = shutil.which(name)
        if path:
            version = subprocess.run([path, "--version"], capture_output=True, text=True, check=True).stdout
            if re.search(rf"version {RELEASE}\.", version):
                return path
    return None


def main(arguments):
    root = arguments[1] if len(arguments) > 1 else os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
    tool = find_tool()
    if tool is None:
        print(f"check-format: skipped, there is no clang-format {RELEASE} here")
        return SKIP
    sources = list(find_sources(root))
    result = subprocess.run([tool, "--dry-run", "-Werror", "--ferror-limit=1", *sources], cwd=root, check=False)
    if result.returncode != 0:
        print("check-format: run clang-format -i on the files above")
    print(f"check-format: {len(sources)} files read")
    return 1 if result.returncode != 0 or not sources else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
