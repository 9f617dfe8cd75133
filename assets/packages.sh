#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Installs the Debian packages that are missing: `sh assets/packages.sh build run test`.
#   build  compiler, Meson, headers      run  what the programs need at run time, a display server for the tour
#   test   tools that only tests use
# Does nothing (and needs no root) when all are there.
set -eu

build="gcc libc6-dev meson ninja-build pkg-config ccache libglib2.0-dev libgtk-4-dev libgtk-4-bin librsvg2-common libsqlite3-dev libcurl4-openssl-dev
libmicrohttpd-dev libgnutls28-dev libjansson-dev libsodium-dev libicu-dev libgsound-dev libgdk-pixbuf-2.0-dev libzbar-dev libqrencode-dev
libgstreamer1.0-dev libgstreamer-plugins-base1.0-dev"
run="gstreamer1.0-plugins-base gstreamer1.0-plugins-good curl xvfb xauth xdotool dbus dbus-x11 at-spi2-core python3 python3-pyatspi gir1.2-atspi-2.0 python3-gi imagemagick
adwaita-icon-theme librsvg2-common fonts-inter fonts-dejavu-core tzdata ca-certificates procps"
test="clang clang-format clang-tidy libclang-rt-14-dev libxml2-utils python3-jsonschema sqlite3 openssl strace e2fsprogs
x11-utils git zbar-tools"

wanted=""
for group in "$@"; do
	case "$group" in
	build) wanted="$wanted $build" ;;
	run) wanted="$wanted $run" ;;
	test) wanted="$wanted $test" ;;
	*)
		echo "packages.sh: unknown group '$group'; use build, run or test." >&2
		exit 2
		;;
	esac
done

missing=""
for package in $wanted; do
	dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

echo "Installing:$missing"
as_root=""
if [ "$(id -u)" -ne 0 ]; then
	command -v sudo >/dev/null || {
		echo "packages.sh: these packages are missing and there is no sudo; install them as root:$missing" >&2
		exit 1
	}
	as_root="sudo"
fi
export DEBIAN_FRONTEND=noninteractive
# A list of packages may be old or empty on a fresh machine: one refresh, tried again once if the mirror stumbles.
$as_root apt-get update -q >/dev/null || $as_root apt-get update -q >/dev/null
# shellcheck disable=SC2086
$as_root apt-get install -q -y --no-install-recommends $missing >/dev/null ||
	$as_root apt-get install -q -y --no-install-recommends --fix-missing $missing
