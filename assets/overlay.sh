#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# To be sourced: `. assets/overlay.sh`, then `accept_overlay DIRECTORY…`.
# Tillhouse refuses to keep its books on an overlay, as the root of a container is. Trials and tests may run there: when one of
# the directories lies on one, this accepts it for the programs started afterwards, and says so in one line.
accept_overlay() {
	[ "${TILLHOUSE_ACCEPT_OVERLAY:-}" != 1 ] || return 0
	for directory; do
		case "$(stat -f -c %T "$directory" 2>/dev/null)" in
		overlay | overlayfs | aufs)
			echo "$directory lies on an overlay file system: accepted for this trial with TILLHOUSE_ACCEPT_OVERLAY=1." >&2
			export TILLHOUSE_ACCEPT_OVERLAY=1
			return 0
			;;
		esac
	done
}
