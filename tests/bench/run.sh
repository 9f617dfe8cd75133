#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Runs every benchmark of a build directory; each prints JSON lines with a ratio to a yardstick of the same run.
set -eu
build="$(cd "${1:?build directory}" && pwd)"
cd "$(dirname "$0")"
for program in "$build"/tests/bench/bench-*; do
	[ -f "$program" ] && [ -x "$program" ] && "$program"
done
for script in bench-*.py; do
	[ -f "$script" ] && TILL_BUILD_ROOT="$build" /usr/bin/python3 "$script"
done
