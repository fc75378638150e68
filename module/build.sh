#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# build.sh OUTDIR: builds OUTDIR/oncpu.ko for the kernel whose headers are installed.
#
# kbuild writes beside the sources and its clean deletes every *.o there, so it gets a mirror of
# Kbuild and module/, copied by content: what did not change keeps its time and is not rebuilt.
# ONCPU_KDIR names other headers; V=1 shows the commands; KBUILD_FLAGS goes to make (W=1, C=2).
set -eu

[ $# = 1 ] || { echo "usage: ${0##*/} OUTDIR" >&2; exit 2; }
mkdir -p "$1"
out=$(cd "$1" && pwd)
top=$(cd "$(dirname "$0")/.." && pwd)

if [ -z "${ONCPU_KDIR:-}" ]; then
	for dir in /lib/modules/*/build; do # the last one is the newest
		[ -e "$dir/Makefile" ] && ONCPU_KDIR=$dir
	done
fi
[ -n "${ONCPU_KDIR:-}" ] || {
	echo "${0##*/}: no kernel headers in /lib/modules/*/build:" \
		"install linux-headers of the kernel that runs" >&2
	exit 3
}

cd "$top"
sources=$(find Kbuild module -type f -name '*.[ch]' -o -name Kbuild)
for file in $sources; do
	cmp -s "$file" "$out/$file" && continue
	mkdir -p "$out/$(dirname "$file")"
	cp "$file" "$out/$file"
done
(cd "$out" && find module -type f -name '*.[ch]' ! -name '*.mod.c') | while read -r file; do
	[ -e "$file" ] || rm -f "$out/$file" "$out/${file%.c}.o"
done

quiet=-s
[ "${V:-0}" = 1 ] && quiet=V=1
# shellcheck disable=SC2086 # flags are words
exec make $quiet -C "$ONCPU_KDIR" M="$out" ${KBUILD_FLAGS:-} modules
