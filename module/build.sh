#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# build.sh OUTDIR: builds OUTDIR/oncpu.ko, as module/kbuild.sh does.
#
# kbuild writes beside the sources and its clean deletes every *.o there, so it gets a mirror of
# Kbuild and module/, copied by content: what did not change keeps its time and is not rebuilt.
set -eu

[ $# = 1 ] || { echo "usage: ${0##*/} OUTDIR" >&2; exit 2; }
mkdir -p "$1"
out=$(cd "$1" && pwd)
top=$(cd "$(dirname "$0")/.." && pwd)

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

exec module/kbuild.sh "$out"
