#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Builds Tillhouse and runs every test: `sh tests/run.sh`. Ends with "N passed, N failed, N skipped".
#   --quick     the plain build only, no sanitizers
#   --bench     the benchmarks instead of the tests (JSON lines on stdout)
#   --analyze   clang-tidy and gcc -fanalyzer instead of the tests (slow)
#   --suite S   only one suite: lint unit store sync ui integration fuzz
set -eu
cd "$(dirname "$0")/.."

mode=all
suite=""
while [ $# -gt 0 ]; do
	case "$1" in
	--quick) mode=quick ;;
	--bench) mode=bench ;;
	--analyze) mode=analyze ;;
	--suite)
		suite="${2:?--suite needs a name}"
		mode=quick
		shift
		;;
	*)
		echo "run.sh: unknown option '$1'; see the top of tests/run.sh." >&2
		exit 2
		;;
	esac
	shift
done

sh assets/packages.sh build run test
. assets/overlay.sh
accept_overlay . "${TMPDIR:-/tmp}"
# Results of an earlier run must not be counted.
rm -f build*/meson-logs/testlog*.junit.xml build*/meson-logs/testlog*.json

# configure DIR [meson options]: a build directory that fits this source tree, made anew when it does not.
configure() {
	directory="$1"
	shift
	if [ -f "$directory/build.ninja" ]; then
		meson setup --reconfigure "$directory" "$@" >"$directory.log" 2>&1 && return 0
		rm -rf "$directory"
	fi
	meson setup "$directory" "$@" >"$directory.log" 2>&1 || {
		cat "$directory.log" >&2
		exit 1
	}
}

compile() {
	echo "Building $1" >&2
	ninja -C "$@" >"$1.log" 2>&1 || {
		tail -n 60 "$1.log" >&2
		echo "run.sh: $1 does not build; the whole log is in $1.log." >&2
		exit 1
	}
}

# run_tests DIR [meson test options]: failures are counted at the end, not here.
run_tests() {
	directory="$1"
	shift
	echo "Testing $directory"
	meson test -C "$directory" --no-rebuild --print-errorlogs --num-processes 2 "$@" || true
}

[ -n "${CC:-}" ] || export CC="ccache gcc"

if [ "$mode" = analyze ]; then
	exec sh tests/lint/analyze.sh
fi

configure build --buildtype=debugoptimized
compile build
if [ "$mode" = bench ]; then
	exec sh tests/bench/run.sh build
fi
run_tests build ${suite:+--suite "$suite"}

if [ "$mode" = all ]; then
	# Undefined behaviour and wrong memory in everything; leaks of the graphics libraries are listed, ours are not.
	configure build-asan --buildtype=debug -Doptimization=1 -Db_sanitize=address,undefined -Db_lundef=false
	compile build-asan
	run_tests build-asan --timeout-multiplier 4 --suite unit --suite store --suite sync --suite ui --suite fuzz --suite sanitized
	# Races in what runs on several threads.
	configure build-tsan --buildtype=debug -Doptimization=1 -Db_sanitize=thread -Db_lundef=false
	compile build-tsan thread-tests
	run_tests build-tsan --timeout-multiplier 4 --suite threads
fi

python3 tests/lib/summary.py build build-asan build-tsan
