#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# kbuild.sh FOLDER: builds the module that FOLDER/Kbuild describes, for the kernel whose headers are installed.
#
# ONCPU_KDIR names other headers; V=1 shows the commands; KBUILD_FLAGS goes to make (W=1, C=2).
set -eu

[ $# = 1 ] || { echo "usage: ${0##*/} FOLDER" >&2; exit 2; }
folder=$(cd "$1" && pwd)

if [ -z "${ONCPU_KDIR:-}" ]; then
	for dir in /lib/modules/*/build; do # the last one is the newest
		[ -e "$dir/Makefile" ] && ONCPU_KDIR=$dir
	done
	for dir in /lib/modules/*/build; do # but rather one whose kernel is there, too
		[ -e "$dir/Makefile" ] && [ -e "${dir%build}modules.dep" ] && ONCPU_KDIR=$dir
	done
fi
[ -n "${ONCPU_KDIR:-}" ] || {
	echo "${0##*/}: no kernel headers in /lib/modules/*/build:" \
		"install linux-headers of the kernel that runs" >&2
	exit 3
}

quiet=-s
[ "${V:-0}" = 1 ] && quiet=V=1
# shellcheck disable=SC2086 # flags are words
exec make $quiet -C "$ONCPU_KDIR" M="$folder" ${KBUILD_FLAGS:-} modules
