#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The oncpu command on the host: a user's program in a folder of their own, recorded in a guest.
# shellcheck source=tests/host/lib.sh
. "$(dirname "$0")/lib.sh"
oncpu=$TOP/scripts/oncpu
mine="$tmp/my, own folder"
mkdir -p "$mine/sub"
trap 'rm -rf "$tmp"' EXIT
cd "$mine" || exit 1

# The box sees this project only: compile there.
mkdir -p "$TOP/out/test.$$"
cat >"$TOP/out/test.$$/naps.c" <<'END'
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
int main(int argc, char **argv)
{
	for (int i = 0; i < 5; i++)
		usleep(100000);
	printf("uid %d in %s\n", getuid(), getcwd(NULL, 0));
	fprintf(stderr, "napped\n");
	if (argc > 2)
		abort();
	return argc > 1 ? atoi(argv[1]) : 0;
}
END
(cd "$TOP" && scripts/box gcc -O1 -g -o "out/test.$$/naps" "out/test.$$/naps.c") && mv "$TOP/out/test.$$/naps" .
rm -r "$TOP/out/test.$$"

ktap_print_header
ktap_set_plan 27

out=$("$oncpu" record -o nap.oncpu -- ./naps 2>"$tmp/err")
is "record: exit status" 0 $?
is "record: the program's output, as learner, in this very folder" "uid 1000 in $mine" "$out"
has "record: standard error apart" "^napped$" "$(cat "$tmp/err")"
has "record: a summary" "module [0-9]+ records, 0 lost; bpf [0-9]+ records" "$(cat "$tmp/err")"
is "the trace came back, and is this user's" "$(id -u)" "$(stat -c %u nap.oncpu)"
has "report: who slept how often" "naps/[0-9]+ .* 5 " "$("$oncpu" report nap.oncpu)"
has "report --json" '"oncpu_report": *1' "$("$oncpu" report nap.oncpu --json)"
has "view: a row for the thread" "A naps/[0-9]+" "$("$oncpu" view nap.oncpu)"
"$oncpu" view nap.oncpu --html nap.html
is "view --html" "0 1" "$? $(grep -c '</html>' nap.html)"

"$oncpu" record -o seven.oncpu -- ./naps 7 >/dev/null 2>&1
is "record: the program's exit status" 7 $?
"$oncpu" record -o abort.oncpu -- ./naps 0 abort >/dev/null 2>&1
is "record: death by a signal" 134 $?
has "... which the report tells" "SIGABRT|signal 6|Aborted" "$("$oncpu" report abort.oncpu)"
"$oncpu" record -- ./nobody >/dev/null 2>"$tmp/err"
is "record: no such program" 127 $?
has "... is told" "nobody.*No such file" "$(cat "$tmp/err")"
(cd sub && "$oncpu" record -o deep.oncpu -- /bin/true >/dev/null 2>&1)
is "record in a folder below" 1 "$(find sub -name deep.oncpu | wc -l)"

"$oncpu" record -o /elsewhere/x.oncpu -- true >/dev/null 2>"$tmp/err"
is "record: an output that would be lost is refused" 2 $?
has "... with the mend" "mend: give a path below" "$(cat "$tmp/err")"
"$oncpu" record --nonsense -- true >/dev/null 2>&1
is "record: a wrong option" 2 $?
"$oncpu" nonsense 2>/dev/null
is "a wrong command" 2 $?
"$oncpu" 2>/dev/null
is "no command" 2 $?
has "live: a line a second, of the guest" "^t=[0-9.]+ switches=[0-9]+ running=" "$("$oncpu" live --seconds 5 </dev/null 2>/dev/null)"
has "list: lesson and exercise" "^ +first-trace" "$("$oncpu" list)"
has "doctor: host and guest" "yes +sched_ext|-- +sched_ext" "$("$oncpu" doctor 2>&1)"

"$oncpu" record -o int.oncpu -- sh -c 'echo ready; sleep 1000' >"$tmp/out" 2>"$tmp/err" &
eventually grep -q ready "$tmp/out"
kill -INT $!
wait $!
is "Ctrl-C ends the program" 130 $?
is "... and the trace is whole" 0 "$("$oncpu" report int.oncpu | grep -ci incomplete)"

head -c 1000 nap.oncpu >cut.oncpu
has "a cut trace is called incomplete, or refused with the mend" "incomplete|cut|record it again" \
	"$("$oncpu" report cut.oncpu 2>&1)"
for i in 1 2; do "$oncpu" record -o "two$i.oncpu" -- ./naps >/dev/null 2>&1 & done
wait
is "two recordings at once" 2 "$(for i in 1 2; do "$oncpu" report two$i.oncpu; done | grep -c 'naps: exit status 0')"
ktap_finished
