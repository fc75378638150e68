# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# For the tests of the host's commands: the kernel's KTAP helpers, and a checkout beside this one.
set -u
TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
. "$TOP/.cache/guest/current/kernel-source/tools/testing/selftests/kselftest/ktap_helpers.sh"
cd "$TOP" || exit 1
tmp=$(mktemp -d)

# is NAME WANTED GOT: one result; what differs is told.
is() {
	if [ "$2" = "$3" ]; then
		ktap_test_pass "$1"
	else
		ktap_test_fail "$1"
		printf '%s\n' "wanted: $2" "got:    $3" | sed 's/^/# /'
	fi
}

# has NAME PATTERN TEXT: the text holds the pattern (grep -E).
has() {
	if printf '%s\n' "$3" | grep -qE -- "$2"; then
		ktap_test_pass "$1"
	else
		ktap_test_fail "$1"
		printf '%s\n' "wanted: $2" "got: $3" | sed 's/^/# /'
	fi
}

# skip NAME REASON: one result that could not be had here.
skip() {
	__ktap_test ok "$1" "SKIP $2"
	KTAP_CNT_SKIP=$((KTAP_CNT_SKIP + 1))
}

# A second checkout in $1 with a cache of its own, in which only the image is shared with this one.
side_checkout() {
	local image
	image=$(readlink "$TOP/.cache/guest/current")
	mkdir -p "$1/.cache/guest/$image"
	cp -r "$TOP/scripts" "$1/scripts"
	ln -s "$image" "$1/.cache/guest/current"
	for part in tree qemu root.ext4 vmlinux kernel-source release; do
		ln -s "$TOP/.cache/guest/$image/$part" "$1/.cache/guest/$image/$part"
	done
}

# How many QEMUs run in the guests' folders below $1.
guests_below() {
	local n=0 cwd
	for cwd in /proc/[0-9]*/cwd; do
		case "$(readlink "$cwd" 2>/dev/null)" in "$1"/.cache/run/*)
			case "$(tr '\0' ' ' <"${cwd%cwd}cmdline" 2>/dev/null)" in *-M\ q35*) n=$((n + 1)) ;; esac ;;
		esac
	done
	echo $n
}

# Waits until the command succeeds, 100 s at most.
eventually() {
	local i
	for i in $(seq 1000); do
		"$@" && return 0
		sleep 0.1
	done
	return 1
}
