#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A reader that was written from the format's documents reads what oncpu reads.
# shellcheck source=tests/host/lib.sh
. "$(dirname "$0")/lib.sh"
trap 'rm -rf "$tmp" "$made"' EXIT
golden=$TOP/.cache/build/$(readlink .cache/guest/current)/tests/unit/golden
made=$TOP/.cache/format.$$ # the box sees only what is below the top
mkdir "$made"

# same NAME FILE: both readers print the same; what differs is told.
same() {
	local differ
	differ=$(diff <(.cache/oncpu dump --json "$2" 2>&1) <(python3 tests/host/read_trace.py "$2" 2>&1) | head -5)
	is "$1" "" "$differ"
}

ktap_print_header
ktap_set_plan $(($(ls tests/golden/*.txt | wc -l) * 2 + 3))
for text in tests/golden/*.txt; do
	name=$(basename "$text" .txt)
	scripts/box "$golden" --make "$text" "$made/$name.oncpu"
	same "$name" "$made/$name.oncpu"
	# META and at least a chunk of records are left.
	head -c -100 "$made/$name.oncpu" >"$made/$name-cut.oncpu"
	same "$name, cut" "$made/$name-cut.oncpu"
done
scripts/box "$golden" --make-all "$made/all.oncpu"
same "every type of record" "$made/all.oncpu"
is "every type of record is in it" "$(grep -cE '^[[:space:]]+X\([A-Z_]+, [0-9]+, [A-Z]+, "' module/uapi/oncpu/record.h)" \
	"$(.cache/oncpu dump "$made/all.oncpu" | awk '!/^#/ { print $4 }' | sort -u | wc -l)"
has "a person can read it" "^ +1\.000000 cpu0 bpf SWITCH tid=0 .* next_tid=100 " "$(.cache/oncpu dump "$made/gaps.oncpu")"
ktap_finished
