#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# oncpu sched from the host: the list, the trace that comes back, and a scheduler of one's own, which is
# the one that the page of schedulers shows.
# shellcheck source=tests/host/lib.sh
. "$(dirname "$0")/lib.sh"
trap 'rm -rf "$tmp"' EXIT
oncpu=$TOP/scripts/oncpu
mkdir "$tmp/my own"
cd "$tmp/my own" || exit 1

ktap_print_header
ktap_set_plan 9

list=$("$oncpu" sched)
is "the list: every policy of bpf/sched, and no other scheduler" \
	"$(cd "$TOP/bpf/sched" && grep -l '^POLICY(' ./*.bpf.c | sed 's,^\./,,; s/\.bpf\.c$//' | sort | xargs)" \
	"$(printf '%s\n' "$list" | sed -n 's/^  \([a-z]\+\) .*/\1/p' | xargs)"
if ! printf '%s\n' "$("$oncpu" sched rr -- true 2>&1)" | grep -q 'oncpu view'; then
	for _ in 2 3 4 5 6 7 8 9; do skip "a policy runs" "this guest's kernel takes none"; done
	ktap_finished
fi
is "the trace came back" sched.oncpu "$(ls)"
has "it tells of its scheduler" 'Scheduled by rr \(slice_us 5000' "$("$oncpu" report sched.oncpu)"

sed -n '/^```c$/,/^```$/p' "$TOP/bpf/sched/README.md" | sed '1d;/^```$/,$d' >turns.bpf.c
out=$("$oncpu" sched ./turns.bpf.c --slice_us=1000 --cpus 1 -o mine.oncpu -- true 2>&1)
is "the page's policy runs" 0 $?
has "... by its own name" "oncpu view mine.oncpu" "$out"
has "... with its own knob, and its decisions are told" "it goes to the end" "$("$oncpu" report mine.oncpu --json)"
"$oncpu" sched ./turns.bpf.o --slice_us=1 -- true 2>"$tmp/err"
is "its object, with a knob set wrongly" 2 $?
has "... which is said" "slice_us is a number from 100 to 1000000, not '1'" "$(cat "$tmp/err")"
echo "no C" >broken.bpf.c
"$oncpu" sched ./broken.bpf.c -- true >/dev/null 2>&1
is "what does not compile is wrong usage" 2 $?
ktap_finished
