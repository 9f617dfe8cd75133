#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Runs every benchmark of a build directory; each prints JSON lines with a ratio to a yardstick of the same run.
set -eu
build="$(cd "${1:?build directory}" && pwd)"
cd "$(dirname "$0")"
export TILL_BUILD_ROOT="$build"
failed=""
for program in "$build"/tests/bench/bench-*; do
	[ -f "$program" ] && [ -x "$program" ] || continue
	"$program" || failed="$failed $(basename "$program")"
done
for script in bench-*.py; do
	/usr/bin/python3 "$script" || failed="$failed $script"
done
[ -z "$failed" ] || {
	echo "bench: these ended badly:$failed" >&2
	exit 1
}
