#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The learner's loop, as it is typed: in a course of its own, whose scripts/oncpu is this one but for
# `check`, which says what the learner's file tells it to.
# shellcheck source=tests/host/lib.sh
. "$(dirname "$0")/lib.sh"
trap 'rm -rf "$tmp"' EXIT
unset NO_COLOR
export ONCPU_HOME=$tmp/home
mkdir -p "$ONCPU_HOME/scripts" "$ONCPU_HOME/lessons/00-look" "$ONCPU_HOME/lessons/01-do"
cd "$ONCPU_HOME" || exit 1

exercise() { # folder, title
	mkdir -p "lessons/$1"
	printf '# %s\n\nDo it.\n' "$2" >"lessons/$1/README.md"
	printf 'int starter;\n' >"lessons/$1/starter.c"
	printf '## 1 What the trace shows\n\nfirst words\n\n## 2 Which line\n\nsecond words\n\n## 3 The shape of the code\n\n    third();\n' \
		>"lessons/$1/hints.md"
}
exercise 00-look/01-first-look "Look once"
exercise 01-do/01-gate "A gate"
exercise 01-do/02-long-queue "A queue"
exercise 01-do/03-own-probe "A probe"
mv lessons/01-do/03-own-probe/starter.c lessons/01-do/03-own-probe/starter.bpf.c
printf '# Looking\n\nA picture.\n\n## Predict\n\n1. Up or down?\n\n## More\n\n[it](01-first-look/README.md)\n' >lessons/00-look/README.md
printf '# Doing\n' >lessons/01-do/README.md
printf '? Up or down?\n- Up.\n  It went down.\n+ Down.\nafter:\n| AABB\n? And here?\n+ Left.\n- Right.\n  Left it was.\n' >lessons/00-look/quiz
cat >scripts/oncpu <<END
#!/bin/bash
[ "\$1" = check ] || exec "$TOP/.cache/oncpu" "\$@"
echo "judging \$2"
file=$ONCPU_HOME/work/\$2.c
cp "\$file" "$tmp/judged"
if grep -q slow "\$file"; then trap 'echo ended >"$tmp/ended"; exit 143' TERM; echo \$\$ >"$tmp/slow"; sleep 1000 & wait; fi
verdict=fail
grep -q right "\$file" && verdict=pass
echo "2026-01-01T00:00:00Z \$2 checked \$verdict overlap" >>$ONCPU_HOME/work/.oncpu/progress
echo "verdict: \$verdict"
[ \$verdict = pass ]
END
chmod +x scripts/oncpu
oncpu() { scripts/oncpu "$@" 2>&1; }
terminal() { python3 "$TOP/tests/host/terminal.py" "$@"; }
file=work/first-look.c

ktap_print_header
ktap_set_plan 69

has "list: an exercise that is not begun" "^ +first-look +not begun +Look once$" "$(oncpu list)"
has "next: the prediction first, with its command" "^ +scripts/oncpu predict look$" "$(oncpu next)"
has "predict asks" "\[2\] Down" "$(oncpu predict look <<<'')"
is "... and keeps nothing without an answer" 0 "$(cat work/.oncpu/progress 2>/dev/null | grep -c predicted)"
oncpu predict look <<<"7 1" >/dev/null
has "... keeps the answer" "Z 00-look predicted 1=1$" "$(cat work/.oncpu/progress)"
out=$(terminal scripts/oncpu predict --again look <<END
wait Your answer
keys 2
wait Kept
END
)
has "... by one key, without a return" "^terminal as before" "$out"
out=$(terminal scripts/oncpu predict --again look <<END
wait Your answer
keys \x03
END
)
has "... Ctrl-C leaves it, the terminal is as it was" "^terminal as before" "$out"
is "... and keeps what was said before" "1=1 1=2" "$(sed -n 's/.*predicted //p' work/.oncpu/progress | xargs)"
oncpu predict --again look <<<1 >/dev/null
out=$(oncpu predict --show look)
has "predict --show: what was said" "You said: Up" "$out"
has "... the wrong option's words" "Not so. It went down" "$out"
has "... and how many" "^0 of 1 right" "$out"

has "next: then the exercise" "^ +scripts/oncpu start first-look$" "$(oncpu next)"
out=$(oncpu start)
is "start" 0 $?
is "... lays the starter" "int starter;" "$(cat $file)"
has "... says what to type" "scripts/oncpu watch first-look$" "$out"
has "... and tells editors where headers are" "^-I\.\./lessons/00-look/01-first-look$" "$(cat work/compile_flags.txt)"
echo mine >$file
oncpu start first-look >/dev/null
is "start again does not write over it" mine "$(cat $file)"
has "next: then the file, as seen from another folder" "^ +\.\./scripts/oncpu watch first-look$" "$(cd work && ../scripts/oncpu next)"

has "start: what is BPF is laid as that" "work/own-probe\.bpf\.c$" "$(oncpu start own-probe)"
is "... and nothing else" "work/own-probe.bpf.c" "$(echo work/*own*)"
echo mine >>work/own-probe.bpf.c
has "... it is found by its file" "there already" "$(oncpu start work/own-probe.bpf.c)"
has "... and put away as such" "work/\.old/own-probe\.bpf\.c\.1$" "$(oncpu reset own-probe)"
rm work/own-probe.bpf.c
sed -i /own-probe/d work/.oncpu/progress

out=$(oncpu strat first-look)
is "no such command" 2 $?
out=$(oncpu start frist-look)
is "a wrong name" 2 $?
has "... is told with the nearest" "no exercise 'frist-look': is it first-look\?" "$out"
has "... or with where they all are" "scripts/oncpu list' shows them all" "$(oncpu start zzzz)"
for name in 01-first-look 00-look/01-first-look lessons/00-look/01-first-look/ $file "$PWD/lessons/00-look/01-first-look/starter.c"; do
	has "a name: ${name#"$PWD"/}" "first-look.c is there already" "$(oncpu start "$name")"
done

has "hint: the first" "^first words$" "$(oncpu hint)"
has "... the second" "^Hint 2 of 3: Which line$" "$(oncpu hint first-look)"
is "hint --seen: those, and no more" "first words second words" "$(oncpu hint --seen first-look | grep words | xargs)"
has "... the third" "third\(\);" "$(oncpu hint first-look)"
has "... and no fourth" "the last one" "$(oncpu hint first-look)"
is "each is kept once" 3 "$(grep -c 'first-look hint' work/.oncpu/progress)"

has "reset says where the old one is" "work/\.old/first-look\.c\.1$" "$(oncpu reset first-look)"
is "... there it is" mine "$(cat work/.old/first-look.c.1)"
is "... and the starter is laid" "int starter;" "$(cat $file)"
has "reset of a starter keeps nothing" "nothing to do" "$(oncpu reset first-look)"
out=$(oncpu reset)
is "reset wants a name" 2 $?

cp work/.oncpu/progress "$tmp/before"
printf 'a line of mine\n\xff\xfe\nt first-look checked' >>work/.oncpu/progress
has "progress: a damaged file" "^3 lines of work/.oncpu/progress mean nothing" "$(oncpu progress)"
has "... what is known is told" "first-look +started +3 hints" "$(oncpu progress)"
oncpu start gate >/dev/null
has "... and no line is lost" "^t first-look checked\$" "$(cat work/.oncpu/progress)"
has "... the new one on its own" "^[0-9TZ:-]+ gate started\$" "$(cat work/.oncpu/progress)"
rm -f work/.oncpu/progress work/gate.c
mkdir work/.oncpu/progress
out=$(oncpu progress)
is "progress: a folder in its place" 3 $?
has "... is told" "cannot read work/.oncpu/progress" "$out"
rmdir work/.oncpu/progress
cp "$tmp/before" work/.oncpu/progress
out=$(oncpu progress --checked gate)
is "progress --checked: without a check" 3 $?
mkdir -p work/.oncpu/gate
echo '{"verdict": "fail", "class": "waiting", "run": "x"}' >work/.oncpu/gate/verdict.json
oncpu progress --checked gate
has "progress --checked: the verdict becomes a line" "Z gate checked fail waiting$" "$(tail -1 work/.oncpu/progress)"
oncpu start gate >/dev/null
echo '{"verdict": "fail", "class": "waiting", "name": "waits sleep"}' >work/.oncpu/gate/verdict.json
has "next: what does not hold yet" "^The last check: fail, waiting: waits sleep\.$" "$(oncpu next)"
rm work/gate.c
echo '{"verdict": "perhaps' >work/.oncpu/gate/verdict.json
out=$(oncpu progress --checked gate)
is "... a broken one none" "3 1" "$? $(grep -c 'gate checked' work/.oncpu/progress)"
rm -r work/.oncpu/gate
cp "$tmp/before" work/.oncpu/progress

out=$(terminal scripts/oncpu watch first-look <<END
wait verdict: fail
wait quit
run echo slow >$file
wait Checking
run for i in \$(seq 1000); do [ -s $tmp/slow ] && break; sleep 0.1; done; [ -s $tmp/slow ]
run echo '// right' >$tmp/new.c && mv $tmp/new.c $file
wait Checking
wait verdict: pass
wait \[n\] next
keys h
wait the last one
keys t
wait no trace of the last
keys n
wait predict --after look
wait quit
keys q
END
)
is "watch: fail, a save while it runs, a save by rename, keys" 0 $?
is "... the check that ran was ended" ended "$(cat "$tmp/ended" 2>/dev/null)"
has "... q ends it well, the terminal is as it was" "terminal as before" "$out"
has "... with status 0" "^status 0$" "$out"
has "... at most 80 columns" "^yes$" "$(awk 'length > 80 { long = 1 } END { print long ? "no" : "yes" }' <<<"$out")"
has "next, after the pass: the self-check, or the one that was begun" "predict --after look|watch gate" "$(oncpu next)"
has "list: passed" "^ +first-look +passed" "$(oncpu list)"

out=$(terminal scripts/oncpu watch gate <<END
wait verdict: fail
wait quit
run rm work/gate.c
wait work/gate.c is gone
run echo '// right' >work/gate.c
wait verdict: pass
wait quit
run printf '// right\n// 2\n' >work/gate.c
wait verdict: pass
wait quit
run touch work/gate.c
wait verdict: pass
run rm -f $tmp/ended $tmp/slow; echo slow >work/gate.c
wait Checking
run for i in \$(seq 1000); do [ -s $tmp/slow ] && break; sleep 0.1; done; sleep 0.3
keys \x03
END
)
is "watch: a file that goes and comes, a touch" 0 $?
has "... Ctrl-C ends it" "^status 130$" "$out"
has "... the terminal is as it was" "^terminal as before$" "$out"
is "... the check is ended, too" ended "$(cat "$tmp/ended" 2>/dev/null)"
rm -f "$tmp/slow" "$tmp/ended"
out=$(terminal scripts/oncpu watch gate <<END
wait Checking
run for i in \$(seq 1000); do [ -s $tmp/slow ] && break; sleep 0.1; done; sleep 0.3
hangup
END
)
has "watch: a hang-up ends it" "^status 129$" "$out"
is "... and the check" ended "$(cat "$tmp/ended" 2>/dev/null)"
echo '// right' >work/gate.c
out=$(terminal scripts/oncpu watch gate <<END
wait verdict: pass
wait quit
signal TERM
END
)
has "watch: SIGTERM ends it, the terminal is as it was" "terminal as before" "$out"

oncpu page look >/dev/null
is "page" 0 $?
has "... in one file" "<h2>Exercise: Look once <em>passed</em></h2>" "$(cat out/00-look.html)"
oncpu page gate -o "$tmp/gate.html"
is "page -o" 1 "$(grep -c '</html>' "$tmp/gate.html")"
ktap_finished
