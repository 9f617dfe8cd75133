#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every shell script of the tree is read by its own shell without being run (sh -n, bash -n).

    python3 tests/lint/check-shell.py [ROOT]
"""

import os
import re
import shutil
import subprocess
import sys

SKIPPED_FOLDERS = re.compile(r"^(build.*|\.git|subprojects)$")
SHEBANG = re.compile(rb"^#!.*\b(sh|bash|dash)\b")


def find_scripts(root):
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if not SKIPPED_FOLDERS.match(name)]
        for name in sorted(names):
            path = os.path.join(folder, name)
            if not os.path.isfile(path):
                continue
            with open(path, "rb") as file:
                match = SHEBANG.match(file.readline(200))
            if match:
                yield path, match.group(1).decode()
            elif name.endswith(".sh"):
                yield path, "sh"


def main(arguments):
    root = arguments[1] if len(arguments) > 1 else os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
    failed, read = 0, 0
    for path, shell in find_scripts(root):
        read += 1
        failed += subprocess.run([shutil.which(shell) or "sh", "-n", path], check=False).returncode != 0
    print(f"check-shell: {read} scripts read, {failed} with faults")
    return 1 if failed or not read else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
