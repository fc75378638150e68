#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What `vm exec` passes on: arguments, streams, terminal, signals, exit status.
# shellcheck source=tests/host/lib.sh
. "$(dirname "$0")/lib.sh"
side=$tmp/side
side_checkout "$side"
vm=$side/scripts/vm
trap '"$vm" down >/dev/null 2>&1; rm -rf "$tmp"' EXIT

ktap_print_header
ktap_set_plan 25
"$vm" up >"$tmp/up" 2>&1
is "up" 0 $?

"$vm" exec -- sh -c 'exit 7'
is "exit status" 7 $?
"$vm" exec -- sh -c 'kill -TERM $$'
is "death by a signal is 128 + signal" 143 $?
"$vm" exec -- no-such-program 2>"$tmp/err"
is "a program that is not there: 127" 127 $?
has "... and which" "no-such-program: No such file" "$(cat "$tmp/err")"
"$vm" exec -- /etc/passwd 2>/dev/null
is "a file that is no program: 126" 126 $?

"$vm" exec -- sh -c 'echo out; echo err >&2' >"$tmp/out" 2>"$tmp/err"
is "stdout and stderr apart" "out|err" "$(cat "$tmp/out")|$(cat "$tmp/err")"
is "arguments, byte for byte" "[a b][][\"'\$x][
][*]" "$("$vm" exec -- printf '[%s]' 'a b' '' "\"'\$x" '
' '*')"

head -c 3000000 /dev/urandom >"$tmp/data"
is "3 MB in and out again" "$(sha256sum <"$tmp/data")" "$("$vm" exec -- cat <"$tmp/data" | sha256sum)"
is "3 MB through a pipe" "$(sha256sum <"$tmp/data")" "$(cat "$tmp/data" | "$vm" exec -- sha256sum)"
is "input that nobody reads does not block" 0 "$(cat "$tmp/data" | "$vm" exec -- true; echo $?)"
is "output that nobody reads ends it" 1 "$("$vm" exec -- yes 2>/dev/null | head -1 | wc -l)"

has "learner is nobody special" "^1000 1000 Permission denied$" \
	"$("$vm" exec --user learner -- sh -c 'echo $(id -u) $(id -G) $(cat /etc/shadow 2>&1 | sed "s/.*: //")')"
"$vm" exec --timeout 1 -- sleep 100 2>"$tmp/err"
is "a time limit: 124" 124 $?
has "... and says so" "not finished within 1 s" "$(cat "$tmp/err")"

# Ctrl-C without a terminal: the signal reaches the guest's command, which ends by it.
"$vm" exec -- sh -c 'trap "exit 9" INT; echo ready; while :; do sleep 0.1; done' >"$tmp/out" &
eventually grep -q ready "$tmp/out"
kill -INT $!
wait $!
is "an interrupt is passed on" 9 $?

# A client that is killed takes its command along, even one that hid in a session of its own.
"$vm" exec -- sh -c 'setsid sleep 4242 & echo ready; sleep 4242' >"$tmp/out" &
eventually grep -q ready "$tmp/out"
kill -KILL $! && wait $! 2>/dev/null
is "a killed client leaves nothing" 1 \
	"$(eventually "$vm" exec -- sh -c '! pgrep -f "sleep 424[2]"' >/dev/null && echo 1)"

four=()
for i in 1 2 3 4; do "$vm" exec -- sh -c 'echo in; sleep 1000' >>"$tmp/four" & four+=($!); done
eventually sh -c "[ \$(grep -c in '$tmp/four') = 4 ]"
is "a fifth command at once is told" "3 in use" \
	"$("$vm" exec -- true 2>"$tmp/err"; echo $? $(grep -o 'in use' "$tmp/err"))"
kill "${four[@]}"
wait

# With a terminal (util-linux's script makes one).
in_terminal() { TERM=xterm script -qec "stty rows 33 cols 99; $1" /dev/null | tr -d '\r'; }
has "a terminal, with its size" "^33 99$" "$(in_terminal "$vm exec -- stty size" </dev/null)"
has "Ctrl-C in a terminal" "caught$" "$(python3 "$TOP/tests/host/terminal.py" \
	"$vm" exec -- sh -c 'trap "echo caught; exit" INT; echo "rea""dy"; sleep 1000 & wait; wait' <<'END'
wait ready
keys \x03
wait caught
END
)"
has "no terminal where there is none" "not a tty" "$("$vm" exec -- tty </dev/null 2>&1)"

is "no network port is opened" 0 "$(pid=$(cat "$side/.cache/run/up/pid")
	for f in /proc/"$pid"/fd/*; do readlink "$f"; done | sed -n 's/socket:\[\(.*\)\]/\1/p' >"$tmp/sockets"
	awk '{ print $10 }' /proc/net/tcp /proc/net/tcp6 /proc/net/udp /proc/net/udp6 | grep -cFxf "$tmp/sockets")"

"$vm" exec -- bash -c 'bomb() { bomb | bomb & }; echo off; bomb; sleep 1000' >"$tmp/bomb" 2>/dev/null &
bomb=$!
eventually grep -q off "$tmp/bomb"
sleep 1.5
is "a fork bomb leaves the guest answering" "alive" "$(timeout 300 "$vm" exec -- echo alive 2>&1)"
kill -KILL $bomb
wait
"$vm" exec 2>"$tmp/err"
is "no command: usage" 2 $?
"$vm" exec --nonsense 2>/dev/null
is "a wrong option: usage" 2 $?
ktap_finished
