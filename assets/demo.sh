#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The first command of the README: installs what is missing, builds, starts a demo central on loopback with the demo
# chain, enrols a till and opens it. With no display it says so and runs the guided tour under a virtual one instead.
#   sh assets/demo.sh          open the till (or the tour where there is no display)
#   sh assets/demo.sh --tour   the tour in any case
#   sh assets/demo.sh --clean  forget the demo's data
set -eu
cd "$(dirname "$0")/.."

case "${1:-}" in
"" | --tour | --clean) ;;
*)
	echo "demo.sh: unknown option '$1'; use --tour, --clean or nothing." >&2
	exit 2
	;;
esac

data="$PWD/build/demo"
if [ "${1:-}" = --clean ]; then
	rm -rf "$data"
	echo "The demo's data is gone; the next start makes it anew."
	exit 0
fi

sh assets/packages.sh build run
. assets/overlay.sh
accept_overlay . "${TMPDIR:-/tmp}"
[ -n "${CC:-}" ] || export CC="ccache gcc"
if ! [ -f build/build.ninja ] || ! meson setup --reconfigure build >build-setup.log 2>&1; then
	rm -rf build
	meson setup build --buildtype=debugoptimized >build-setup.log 2>&1 || {
		cat build-setup.log >&2
		exit 1
	}
fi
mv build-setup.log build/
echo "Building (the first time takes a minute or two)…"
ninja -C build >build/build.log 2>&1 || {
	tail -n 40 build/build.log >&2
	echo "demo.sh: the build failed; the whole log is build/build.log." >&2
	exit 1
}

if [ "${1:-}" = --tour ] || { [ -z "${DISPLAY:-}" ] && [ -z "${WAYLAND_DISPLAY:-}" ]; }; then
	[ "${1:-}" = --tour ] || echo "There is no display here, so the guided tour runs instead, in a window nobody sees."
	exec /usr/bin/python3 tests/integration/tour.py build
fi

central="build/sync/central/tillhouse-central"
mkdir -p "$data"
if ! [ -f "$data/central/central.db" ]; then
	"$central" --data "$data/central" demo
fi
if curl -sS -o /dev/null http://127.0.0.1:8471/ 2>/dev/null; then
	echo "demo.sh: something answers at 127.0.0.1:8471 already: another demo, or another program. Close that one first." >&2
	exit 1
fi
"$central" --data "$data/central" serve --listen 127.0.0.1:8471 >>"$data/central.log" 2>&1 &
serving=$!
window=""
# The window first: it says goodbye to the central.
trap 'for program in $window $serving; do kill "$program" 2>/dev/null || true; wait "$program" 2>/dev/null || true; done' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
tries=0
until curl -fsS -o "$data/health.json" http://127.0.0.1:8471/v1/health 2>/dev/null; do
	tries=$((tries + 1))
	if [ "$tries" -gt 100 ] || ! kill -0 "$serving" 2>/dev/null; then
		tail -n 5 "$data/central.log" >&2
		echo "demo.sh: the demo central did not start; its log is $data/central.log." >&2
		exit 1
	fi
	sleep 0.1
done
# An enrolment that failed leaves a home without a shop; it is tried again.
if ! [ -f "$data/till/ledger.db" ] || build/ui/cli/tillctl --home "$data/till" status | grep -q "not enrolled"; then
	code="$("$central" --data "$data/central" enrol-code 014)"
	build/ui/cli/tillctl --home "$data/till" enrol http://127.0.0.1:8471 --code "$code"
fi
echo "Sign in as Ines Moreau (PIN 1414) or Ruth Adeyemi (PIN 7410). Close the window to stop the demo."
# In the background, so that this script hears at once when it is told to end.
build/ui/tillhouse --home "$data/till" &
window=$!
wait "$window"
