#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What scripts/new-exercise lays obeys the law of lessons, and the law sees whatever breaks it.
# shellcheck source=tests/host/lib.sh
. "$(dirname "$0")/lib.sh"
lessons=$TOP/out/law.$$ # the box sees this project only
trap 'rm -rf "$tmp" "$lessons"' EXIT
export ONCPU_LESSONS=$lessons
here=$lessons/01-topic/01-two-pieces
mkdir -p "$lessons/01-topic"
printf '<!-- SPDX-License-Identifier: GPL-2.0 -->\n# A topic\n\nIn some words.\n\n## Predict\n' >"$lessons/01-topic/README.md"
echo "# The lessons" >"$lessons/README.md"

law() { tests/house/lessons.sh "$lessons" | grep -A3 "^not ok" | sed "s|$lessons|LESSONS|g"; }
breaks() { # name, rule, command...: what it does to the exercise is seen, by that rule alone
	cp -r "$here" "$tmp/whole"
	cp "$lessons/01-topic/README.md" "$tmp/page"
	(cd "$here" && eval "$3")
	is "$1" "$2" "$(law | sed -n 's/^not ok [0-9]* //p')"
	rm -rf "$here" "$lessons/01-topic"/0[2-9]*
	mv "$tmp/whole" "$here"
	mv "$tmp/page" "$lessons/01-topic/README.md"
}

ktap_print_header
ktap_set_plan 25
out=$(scripts/new-exercise topic two-pieces)
is "new-exercise" 0 $?
has "... says where" "01-topic/01-two-pieces" "$out"
is "of the law it breaks only how large a zoo must be" "1: LESSONS/01-topic/01-two-pieces/zoo" \
	"$(law | grep -c '^not ok'): $(law | sed -n 's/^# got: *\([^:]*\):.*/\1/p')"
is "what it laid is formatted" "" "$(scripts/box clang-format --dry-run "$here"/*.[ch] "$here"/zoo/*.c 2>&1)"
is "its program runs" "done 2" "$(scripts/box gcc -std=gnu17 -D_GNU_SOURCE -O1 -pthread -I"$here" -o "$here/p" \
	"$here/main.c" "$here/starter.c" 2>&1 && scripts/box "$here/p" work)"
rm "$here/p"
is "its check compiles" "" "$(scripts/box gcc -std=gnu17 -D_GNU_SOURCE -Wall -Wextra -Werror -Wno-missing-prototypes \
	-Wno-format-zero-length -fsyntax-only -Iuser -Imodule/uapi \
	-isystem .cache/guest/current/kernel-source/tools/testing/selftests "$here/check.c" 2>&1)"
scripts/new-exercise topic two-pieces 2>"$tmp/err"
is "a name that is taken" 2 $?
has "... is refused" "there is one of that name" "$(cat "$tmp/err")"
scripts/new-exercise nowhere more 2>"$tmp/err"
is "no such lesson" 2 $?
scripts/new-exercise topic 'Not A Slug' 2>"$tmp/err"
is "no slug" 2 $?
scripts/new-exercise topic more sort 2>"$tmp/err"
is "no kind" 2 $?
has "... is told which there are" "program, scheduler, probe or module" "$(cat "$tmp/err")"

for i in 2 3 4 5; do cp "$here/zoo/reject-serial.c" "$here/zoo/reject-$i.c"; done
cp "$here/zoo/accept-caller-works.c" "$here/zoo/accept-2.c"
is "with a zoo, it obeys all of it" "" "$(law)"
breaks "a file is missing" "an exercise has all of its files" "rm unusual.c"
breaks "a stray file" "and no stray one" "touch notes.txt"
breaks "too few wrong programs" "the zoo has five wrong programs and two unusual ones, at least" "rm zoo/reject-2.c"
breaks "a class that is none" "each says in line 2 what is expected of the check" "sed -i '2s/overlap/speed/' zoo/reject-3.c"
breaks "an accept without a reason" "each says in line 2 what is expected of the check" "sed -i '2s/: .*/:/' zoo/accept-2.c"
breaks "a hint without words" "hints have three parts" "sed -i '/^The first call/d' hints.md"
breaks "a warning in a starter" "what a learner gets, and the solutions, compile without warnings" \
	"echo 'static int nobody;' >>starter.c"
breaks "a zoo that does not compile" "what a learner gets, and the solutions, compile without warnings" \
	"echo '}' >>zoo/accept-2.c"
breaks "a starter that is the solution" "the starter is no solution" "cp reference.c starter.c"
breaks "a dead link" "links of the pages lead somewhere" "echo '[more](more.md)' >>README.md"
breaks "a long concept" "a concept is told in 150 words" "sed -i '/^In some/s/.*/$(seq -s ' ' 151)/' ../README.md"
breaks "two of one name" "no two exercises have one name" "cp -r . ../02-two-pieces"
ktap_finished
