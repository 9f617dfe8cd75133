#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# clang-tidy over a clang build and gcc's -fanalyzer over a gcc one: `sh tests/run.sh --analyze`.
set -eu
cd "$(dirname "$0")/../.."
CC=clang meson setup --reconfigure build-clang >/dev/null 2>&1 || CC=clang meson setup build-clang >/dev/null
ninja -C build-clang >/dev/null
git ls-files 'app/*.c' 'sync/*.c' 'ui/*.c' | xargs -P 2 -n 4 clang-tidy -p build-clang --quiet --warnings-as-errors='*'
CC=gcc meson setup --reconfigure build-analyzer -Dc_args='-fanalyzer -DG_DISABLE_CAST_CHECKS' >/dev/null 2>&1 ||
	CC=gcc meson setup build-analyzer -Dc_args='-fanalyzer -DG_DISABLE_CAST_CHECKS' >/dev/null
ninja -C build-analyzer
echo "clang-tidy and -fanalyzer found nothing."
