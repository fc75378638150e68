#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A demo as it is shown: in a home of its own, whose scripts/oncpu is this one but for `demo --perform`, which
# performs by copying the saved run. Performances themselves are the tests of kind demo.
# shellcheck source=tests/host/lib.sh
. "$(dirname "$0")/lib.sh"
trap 'rm -rf "$tmp"' EXIT
unset NO_COLOR
export LC_ALL=C.UTF-8
export ONCPU_HOME=$tmp/home
mkdir -p "$ONCPU_HOME/scripts" "$ONCPU_HOME/lessons"
cp -r "$TOP/lessons/demos" "$ONCPU_HOME/lessons/"
cd "$ONCPU_HOME" || exit 1
cat >scripts/oncpu <<END
#!/bin/bash
if [ "\$1 \$3" != "demo --perform" ]; then exec "$TOP/.cache/oncpu" "\$@"; fi
echo "\$*" >>"$tmp/performed"
trap 'echo ended >"$tmp/ended"; exit 143' TERM
echo "# the first run"
if [ -e "$tmp/slow" ]; then sleep 100 & wait; fi
if [ -e "$tmp/broken" ]; then echo "oncpu: there is no guest"; exit 3; fi
cp lessons/demos/\$2/saved/* "\$4"
[ ! -e "$tmp/failed" ] || sed -i 's/"outcome": "held"/"outcome": "failed"/; s/"held": true/"held": false/' "\$4/seen.json"
printf 'TAP version 13\n1..1\nok 1 nobody reads this\n'
END
chmod +x scripts/oncpu
oncpu() { scripts/oncpu "$@" 2>&1 </dev/null; }
terminal() { python3 "$TOP/tests/host/terminal.py" "$@"; }
status_of() { "$@" >/dev/null 2>&1; echo $?; }

ktap_print_header
ktap_set_plan 51

out=$(oncpu demo)
has "the list has numbers, names, a line each" "^ +2  nice +Fairness and nice: .*$" "$out"
is "... of all of them" "$(find lessons/demos -maxdepth 1 -name '[0-9][0-9]-*' | wc -l)" "$(grep -cE '^ +[0-9]+  ' <<<"$out")"

out=$(oncpu demo nice --replay)
has "a replay says that it is one" "A replay: this was run before, on Linux [0-9.]+\.$" "$out"
has "... shows the sentences" "^With nice 5 for the second it was [0-9]+ to [0-9]+\. " "$out"
has "... and the picture" "^CPU 0 +[ABC?· ]*BC" "$out"
is "... in at most 80 columns" 0 "$(grep -cE '^.{81,}' <<<"$out")"
is "... without asking, or escape sequences" 0 "$(grep -cE $'\033|Your choice|3 hands' <<<"$out")"
is "... and performs nothing" no "$([ -e "$tmp/performed" ] && echo yes || echo no)"

out=$(oncpu demo nice --hands 3,12,5)
has "hands are counted beside each choice" "█ 12 hands$" "$out"
has "... and laid over the picture, where it would be so" "^\[2\] +▲ 12 hands$" "$out"
has "... beside what was seen" "^seen +◆ here$" "$out"
has "... whose choice is marked" "◆ this is what was seen$" "$out"
has "... and the others get their feedback" "^\[1\] It is an order: " "$out"
has "the run's progress is told" "^ +the first run \.\.\.$" "$out"
has "what was said is kept" "Z nice nice=5 hands 3 12 5$" "$(cat work/.oncpu/demos/said)"
has "what to try next stands at the end" "^    scripts/oncpu demo nice --set nice=19$" "$out"
is "it was as expected" 0 "$(status_of scripts/oncpu demo nice)"
has "one number is one person's choice" "you said this" "$(oncpu demo 2 --hands 1)"
has "a knob is handed on" "^demo 02-nice --perform .* --set=nice=9$" "$(oncpu demo nice --set nice=9 >/dev/null; cat "$tmp/performed")"

has "... and the question's words follow it" "started with nice 9\\. How" "$(oncpu demo nice --set nice=9 --hands 1)"
is "... but that of a replay cannot be turned" 2 "$(status_of scripts/oncpu demo nice --replay --set nice=9)"

oncpu demo nice --replay --hands 3,12,5 --save "$tmp/room.html" >/dev/null
has "a page has the room's hands" '"Three quarters to one quarter\.",12,true\]' "$(cat "$tmp/room.html")"
has "... and where each would have it happen" '"flags":\[\[1,[0-9]+\],\[2,[0-9]+\],\[3,[0-9]+\],\[0,[0-9]+\]\]' "$(cat "$tmp/room.html")"
oncpu demo nice --replay --save "$tmp/nice.html" >/dev/null
has "the page opens where to look" '"look":\[[0-9]+,[0-9]+\]' "$(cat "$tmp/nice.html")"
has "... with the sentences" '<p id="told">With nice 0 for both' "$(cat "$tmp/nice.html")"
has "the instructor's words" "^-- While it runs$" "$(oncpu demo nice --script)"

is "an unknown demo is wrong usage" 2 "$(status_of scripts/oncpu demo nicer)"
is "... an unknown knob" 2 "$(status_of scripts/oncpu demo nice --set nicer=1)"
has "... told with those there are" "nice=5  0 to 19: " "$(oncpu demo nice --set nice=20)"
is "... too few hands" 2 "$(status_of scripts/oncpu demo nice --hands 1,2)"
is "... --present without a terminal" 2 "$(status_of scripts/oncpu demo nice --present)"

touch "$tmp/failed"
out=$(oncpu demo nice)
has "what is not as expected is told" "^Not as expected \(at the same nice value" "$out"
is "... by the exit status, too" 1 "$(status_of scripts/oncpu demo nice)"
rm "$tmp/failed"
touch "$tmp/broken"
has "a run that could not be made says why" "there is no guest" "$(oncpu demo nice)"
is "... and is no failure of the demo" 3 "$(status_of scripts/oncpu demo nice)"
rm "$tmp/broken"

out=$(terminal scripts/oncpu demo nice <<'END'
wait Enter runs it
keys 3 12 5
wait 20 hands; Enter
keys \n
wait quit
keys n
wait --set nice=19
keys ++
wait nice=7
keys 11\n
wait Running
wait quit
keys q
END
)
has "keys: hands, the run, what next, the knob, again" "^terminal as before" "$out"
has "... with the value that was typed" "--set=nice=11$" "$(tail -1 "$tmp/performed")"

out=$(terminal scripts/oncpu demo nice --present <<'END'
wait Enter on
keys \x20
wait A choice, or hands
keys 3 12 5
wait 12 hands
keys \x20
wait It has run
keys \x20
wait both at nice 0
keys \x20
wait the second at nice 5
wait 12 hands
keys b
wait both at nice 0
keys \x20
wait the second at nice 5
keys \x20
wait this is what was seen
keys \x20
wait scripts/oncpu demo
keys b
wait this is what was seen
keys r
wait It has run
keys q
END
)
has "on a projector: forward, back, and again" "^terminal as before" "$out"
is "... each time it was to run, it ran once" 2 "$(tail -2 "$tmp/performed" | grep -c -- --set=nice=5)"

touch "$tmp/slow"
out=$(terminal scripts/oncpu demo nice --present <<'END'
wait Enter on
keys \x20
wait A choice
keys \x20
wait the first run
keys q
END
)
has "whoever leaves in the middle" "^terminal as before" "$out"
is "... ends the run" ended "$(eventually test -e "$tmp/ended"; cat "$tmp/ended" 2>/dev/null)"
rm -f "$tmp/ended"
out=$(terminal scripts/oncpu demo nice <<'END'
wait Enter runs it
keys \n
wait the first run
keys \x03
END
)
has "so does Ctrl-C" "^terminal as before" "$out"
is "... ends it, too" ended "$(eventually test -e "$tmp/ended"; cat "$tmp/ended" 2>/dev/null)"
rm -f "$tmp/ended"
out=$(terminal scripts/oncpu demo nice <<'END'
wait Enter runs it
keys \n
wait the first run
keys +
wait nice=6 .0 to 19.; r begins anew
keys r
wait the first run
keys q
END
)
has "a knob that is turned while it runs" "^terminal as before" "$out"
has "... is that of the run that begins anew" "--set=nice=6$" "$(tail -1 "$tmp/performed")"
is "... and the one before has ended" ended "$(eventually test -e "$tmp/ended"; cat "$tmp/ended" 2>/dev/null)"

scripts/oncpu demo nice >/dev/null 2>&1 </dev/null &
performed=$(wc -l <"$tmp/performed")
eventually eval '[ "$(wc -l <"$tmp/performed")" -gt '"$performed"' ]'
out=$(oncpu demo nice)
is "two at once: the second" 3 "$(status_of scripts/oncpu demo nice)"
has "... says why, and leaves the first alone" "being run by somebody else here" "$out"
rm -f "$tmp/ended"
kill %% && wait
is "... which ends when it is told to, with its run" ended "$(eventually test -e "$tmp/ended"; cat "$tmp/ended" 2>/dev/null)"
rm -f "$tmp/slow"
out=$(terminal scripts/oncpu demo eevdf --replay --present --hands 3,12,5 <<'END'
wait Enter on
keys \x20
wait 12 hands
keys \x20
keys \x20
keys \x20
keys \x20
wait there is more below
keys \x20
wait whose deadline is first
keys b
wait this is what was seen
keys q
END
)
has "what does not fit on a screen has a second one" "^terminal as before" "$out"
eventually sh -c "! pgrep -f '$ONCPU_HOME/scripts/[o]ncpu' >/dev/null"
is "nothing of it is left" 0 "$(pgrep -cf "$ONCPU_HOME/scripts/oncpu")"
ktap_finished
