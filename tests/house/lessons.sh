#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The law of lessons: what each exercise must have. lessons.sh [FOLDER]: of those in FOLDER (a folder of
# lessons inside this checkout, for the box to see), else of lessons/. Each rule is a function that lists
# what breaks it. An exercise without a check.c is not finished, nor is a lesson without a page: they are
# skipped, and named.
# shellcheck source=tests/host/lib.sh
. "$(dirname "$0")/../host/lib.sh"
trap 'rm -rf "$tmp"' EXIT
lessons=${1:-lessons}
shopt -s nullglob
CLASSES='build|output|hang|structure|overlap|waiting|section|pert'
REJECTS=5 ACCEPTS=2 WORDS=150

finished=() unfinished=() pageless=()
for folder in "$lessons"/[0-9][0-9]-*/; do [ -e "${folder}README.md" ] || pageless+=("${folder%/}"); done
for folder in "$lessons"/[0-9][0-9]-*/[0-9][0-9]-*/; do
	if [ -e "${folder}check.c" ]; then finished+=("${folder%/}"); else unfinished+=("${folder%/}"); fi
done

slug_of() { local name; name=$(basename "$1"); echo "${name#[0-9][0-9]-}"; }
# What the files of a learner end in, as its starter: ".c", ".bpf.c"; see scripts/lab/kinds.py.
ending_of() { local f; for f in "$1"/starter.*c; do f=${f##*/}; echo "${f#starter}"; return; done; echo .c; }
is_program() { [ "$(ending_of "$1")" = .c ] && [ ! -e "$1/Kbuild" ]; }
header_of() { local slug; slug=$(slug_of "$1"); echo "${slug//-/_}.h"; }
rule() { is "$1" "" "$("$2" 2>&1)"; }
each() { local f; for f in "${finished[@]}"; do "$1" "$f"; done; }

lacks() {
	local file end
	end=$(ending_of "$1")
	for file in README.md "$(header_of "$1")" main.c "starter$end" "reference$end" "unusual$end" check.c hints.md; do
		[ -s "$1/$file" ] || echo "$1/$file is missing"
	done
}
strays() {
	local end
	end=$(ending_of "$1")
	find "$1" -mindepth 1 | while read -r path; do
		case "${path#"$1/"}" in
		README.md | main.c | check.c | hints.md | zoo | "$(header_of "$1")") ;;
		"starter$end" | "reference$end" | "unusual$end" | zoo/reject-*"$end" | zoo/accept-*"$end") ;;
		Kbuild) [ "$end" = .c ] || echo "$path: what is BPF is no module" ;;
		*.png) grep -qF "(${path#"$1/"})" "$1/README.md" || echo "$path: no page shows it" ;;
		*) echo "$path is no part of an exercise" ;;
		esac
	done
}
strays_of_lessons() {
	for path in "$lessons"/[0-9][0-9]-*/*; do
		case "${path##*/}" in
		README.md | quiz | [0-9][0-9]-*) ;;
		*.png) grep -qF "(${path##*/})" "${path%/*}/README.md" || echo "$path: no page shows it" ;;
		*) # a page of its own, that the lesson's leads to, with the program that it is about
			grep -qF "(${path##*/}/README.md)" "${path%/*}/README.md" && [ -f "$path/README.md" ] ||
				echo "$path is no part of a lesson"
			;;
		esac
	done
}
zoo_counts() {
	local rejects=("$1"/zoo/reject-*.c) accepts=("$1"/zoo/accept-*.c)
	[ ${#rejects[@]} -ge $REJECTS ] || echo "$1/zoo: ${#rejects[@]} of at least $REJECTS reject-*.c"
	[ ${#accepts[@]} -ge $ACCEPTS ] || echo "$1/zoo: ${#accepts[@]} of at least $ACCEPTS accept-*.c"
}
zoo_lines() {
	local file
	for file in "$1"/zoo/reject-*.c; do
		sed -n 2p "$file" | grep -qE "^// rejected by ($CLASSES)( or ($CLASSES))*: \"[^\"]+\"( or \"[^\"]+\")*\$" ||
			echo "$file:2: not '// rejected by CLASS: \"words of the verdict\"'"
	done
	for file in "$1"/zoo/accept-*.c; do
		sed -n 2p "$file" | grep -qE '^// accepted: .+' || echo "$file:2: not '// accepted: why it is right'"
	done
}
hint_parts() {
	local wanted=$'## 1 What the trace shows\n## 2 Which line\n## 3 The shape of the code'
	[ "$(grep '^## ' "$1/hints.md")" = "$wanted" ] || echo "$1/hints.md: its headings are not these: $wanted"
	awk -v f="$1/hints.md" '/^## / { if (title && !words) print f ": nothing below " title; title = $0; words = 0; next }
		{ words += NF } END { if (title && !words) print f ": nothing below " title }' "$1/hints.md"
}
# Where they are tools of the kernel: what a learner gets, as it is built for a check.
compiles_for_kernel() {
	scripts/box gcc -std=gnu17 -D_GNU_SOURCE -O1 -Wall -Wextra -Werror -pthread -S -o /dev/null "$1/main.c" 2>&1
	/usr/bin/python3 -B - "$1" <<'END'
import os, sys, tempfile
sys.path.insert(0, "scripts/lab")
import kinds
from places import CACHE
exercise = os.path.abspath(sys.argv[1])
for name in ("starter", "reference", "unusual"):
    with tempfile.TemporaryDirectory(dir=CACHE) as folder:
        status, said = kinds.build_tool(exercise, os.path.join(exercise, name + kinds.ending_of(exercise)), folder)
        print(said, end="")
        if status and not said:
            print(f"error: {name}: exit status {status}")
END
}
# As scripts/box compiles them, the learner's part with warnings as errors; the zoo has to compile.
compiles() {
	if ! is_program "$1"; then
		compiles_for_kernel "$1" | grep -iE 'error|warning' | sed "s|^|$1/|"
		return
	fi
	# shellcheck disable=SC2016 # expanded inside the box
	scripts/box bash -c 'shopt -s nullglob; cd "$1" || exit
		flags="-std=gnu17 -D_GNU_SOURCE -O1 -Wall -Wextra -pthread -I. -I$2/user/include"
		for f in main.c starter.c reference.c unusual.c; do [ ! -e $f ] || gcc $flags -Werror -S -o /dev/null $f; done
		zoo=()
		for f in zoo/*.c; do sed -n 2p $f | grep -q "rejected by build" || zoo+=($f); done
		[ ${#zoo[@]} = 0 ] || gcc $flags -fsyntax-only -w "${zoo[@]}"' compile "$1" "$TOP" 2>&1 | grep -E 'error|warning' | sed "s|^|$1/|"
}
starter_is_no_solution() {
	local end
	end=$(ending_of "$1")
	for file in "reference$end" "unusual$end"; do
		! cmp -s "$1/starter$end" "$1/$file" || echo "$1: starter$end is $file"
	done
}
dead_links() {
	local page link
	for page in "$lessons"/README.md "$lessons"/*/README.md "$lessons"/*/*/README.md; do
		sed '/^    /d; /^```/,/^```/d' "$page" | grep -oE '\]\([^)]+\)' | sed 's/^](//; s/)$//; s/#.*//' |
			grep -vE '^$|^[a-z]+:' | while read -r link; do
			[ -e "$(dirname "$page")/$link" ] || echo "$page: there is no $link"
		done
	done
}
# From the title to the next heading, without comments and pictures.
long_concepts() {
	local page n
	for page in "$lessons"/[0-9][0-9]-*/README.md; do
		n=$(awk '/^## / { exit } /^# / { on = 1; next } on && !/^!\[|^<!--|^    / { n += NF } END { print n + 0 }' "$page")
		[ "$n" -le $WORDS ] || echo "$page: its concept has $n words, of at most $WORDS"
	done
}
same_slugs() {
	for folder in "$lessons"/[0-9][0-9]-*/[0-9][0-9]-*/; do slug_of "$folder"; done | sort | uniq -d
}
all_lack() { each lacks; }
all_stray() { each strays; strays_of_lessons; }
all_counts() { each zoo_counts; }
all_lines() { each zoo_lines; }
all_hints() { each hint_parts; }
all_compile() { each compiles; }
all_starters() { each starter_is_no_solution; }

ktap_print_header
ktap_set_plan $((10 + ${#unfinished[@]} + ${#pageless[@]}))
rule "an exercise has all of its files" all_lack
rule "and no stray one" all_stray
rule "the zoo has five wrong programs and two unusual ones, at least" all_counts
rule "each says in line 2 what is expected of the check" all_lines
rule "hints have three parts" all_hints
rule "what a learner gets, and the solutions, compile without warnings" all_compile
rule "the starter is no solution" all_starters
rule "links of the pages lead somewhere" dead_links
rule "a concept is told in $WORDS words" long_concepts
rule "no two exercises have one name" same_slugs
for folder in "${unfinished[@]}"; do skip "$folder is finished" "it has no check.c yet"; done
for folder in "${pageless[@]}"; do skip "$folder is finished" "it has no page yet"; done
ktap_finished
