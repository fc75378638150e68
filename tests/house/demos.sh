#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The law of demos: what each folder of lessons/demos/ must have. demos.sh [FOLDER]: of those in FOLDER.
# Each rule is a function that lists what breaks it.
# shellcheck source=tests/host/lib.sh
. "$(dirname "$0")/../host/lib.sh"
trap 'rm -rf "$tmp"' EXIT
demos=${1:-lessons/demos}
shopt -s nullglob
SAVED_MOST=65536 # bytes

all=("$demos"/[0-9][0-9]-*/)
all=("${all[@]%/}")
rule() { is "$1" "" "$("$2" 2>&1)"; }
each() { local f; for f in "${all[@]}"; do "$1" "$f"; done; }

lacks() {
	local file
	for file in README.md question show.c saved/seen.json; do
		[ -s "$1/$file" ] || echo "$1/$file is missing"
	done
	! grep -q '"workload' "$1/show.c" || [ -s "$1/workload.c" ] || echo "$1/show.c runs a workload.c that is missing"
	[ ! -e "$1/workload.c" ] || grep -q '"workload' "$1/show.c" || echo "$1/workload.c: show.c does not run it"
}
strays() {
	local path
	for path in "$1"/* "$1"/.[!.]*; do
		case "${path##*/}" in
		README.md | question | knobs | show.c | workload.c | saved) ;;
		*.py) grep -qF "own_file(\"${path##*/}\")" "$1/show.c" || echo "$path: show.c does not run it" ;;
		*) echo "$path is no part of a demo" ;;
		esac
	done
}
pages() {
	local wanted=$'## Say\n### Before\n### While it runs\n### After\n## Next' page=$1/README.md
	[ "$(grep -c '^# .*: ' "$page")" = 1 ] || echo "$page: its title is not '# Title: a line'"
	[ "$(grep -E '^##+ ' "$page")" = "$wanted" ] || echo "$page: its headings are not Say (Before, While it runs, After), Next"
	awk '/^## / { exit } /^# / { on = 1; next } on { n += NF } END { exit n < 8 }' "$page" || echo "$page: no paragraph says what it is about"
	awk -v f="$page" '/^##/ { if (title && !words && title != "## Say") print f ": nothing below " title; title = $0; words = 0; next }
		{ words += NF } END { if (title && !words) print f ": nothing below " title }' "$page"
	sed -n '/^## Next/,$p' "$page" | grep -q '^    scripts/oncpu ' || echo "$page: no command under Next"
	grep -oE '^    scripts/oncpu demo [a-z0-9-]+' "$page" | sed 's/.* //' | sort -u | while read -r slug; do
		local there=("$demos"/[0-9][0-9]-"$slug"/)
		[ ${#there[@]} = 1 ] || echo "$page: there is no demo $slug"
	done
}
knobs() {
	local name
	[ ! -e "$1/knobs" ] || grep -vE '^#|^$' "$1/knobs" | grep -vE '^[a-z_]+ -?[0-9]+ -?[0-9]+ -?[0-9]+ "[^"]+"$' | sed "s|^|$1/knobs: no knob: |"
	for name in $(sed -n 's/^\([a-z_]*\) .*/\1/p' "$1/knobs" 2>/dev/null); do
		grep -qF "knob(\"$name\")" "$1/show.c" || echo "$1/knobs: show.c does not ask for $name"
	done
	for name in $(grep -oE 'knob\("[a-z_]+"\)' "$1/show.c" | cut -d'"' -f2); do
		grep -q "^$name " "$1/knobs" 2>/dev/null || echo "$1/show.c asks for $name, which knobs does not have"
	done
}
placeholders() { # {nice}, {hogs-1}: of knobs and numbers alone; a knob's number that stands there fixed would be untrue when it is turned
	local word names
	names=$(sed -n 's/^\([a-z_]*\) .*/\1/p' "$1/knobs" 2>/dev/null | paste -sd'|')
	grep -oE '\{[^}]*\}?' "$1/question" | while read -r word; do
		grep -qxE "\{($names|[0-9]+)([-+*/]($names|[0-9]+))?\}" <<<"$word" || echo "$1/question: no knob: $word"
	done
}
words() {
	local n
	grep -q '[^a-z_]say(' "$1/show.c" || echo "$1/show.c says nothing"
	grep -q '[^a-z_]look(' "$1/show.c" || echo "$1/show.c names no place to look"
	n=$(grep -c '[^a-z_]expect(' "$1/show.c")
	[ "$n" -ge 2 ] || echo "$1/show.c expects $n things, of at least 2"
	grep -nE 'within\([^;]*, 0, 100\)|expect\("[^"]*", (true|1),' "$1/show.c" | sed "s|^|$1/show.c: it cannot fail: |"
}
questions() { # as quiz_read() has it, one question
	[ "$(grep -c '^? ' "$1/question")" = 1 ] || echo "$1/question: not one question"
	[ "$(grep -c '^+ ' "$1/question")" = 1 ] || echo "$1/question: not one right option"
	[ "$(grep -cE '^[-+] ' "$1/question")" -ge 2 ] && [ "$(grep -cE '^[-+] ' "$1/question")" -le 4 ] || echo "$1/question: not two to four options"
	awk -v f="$1/question" '/^- / { if (bare) print f ": a wrong option has no feedback"; bare = 1; next } /^  / { bare = 0 } /^\+ / { if (bare) print f ": a wrong option has no feedback"; bare = 0 }
		END { if (bare) print f ": a wrong option has no feedback" }' "$1/question"
}
compiles() {
	# shellcheck disable=SC2016 # expanded inside the box
	scripts/box bash -c 'cd "$1" || exit
		flags="-std=gnu17 -D_GNU_SOURCE -O1 -Wall -Wextra -Wshadow -Werror -pthread"
		[ ! -e workload.c ] || gcc $flags -I$2/user/include -S -o /dev/null workload.c
		gcc $flags -I$2/user -I$2/module/uapi -S -o /dev/null show.c' compile "$1" "$TOP" 2>&1 | grep -E 'error|warning' | sed "s|^|$1/|"
}
saved() {
	local file bytes
	[ -e "$1/saved/seen.json" ] || return
	for file in "$1"/saved/*; do
		case "${file##*/}" in
		seen.json) ;;
		*.oncpu) grep -qF "\"name\": \"$(basename "$file" .oncpu)\"" "$1/saved/seen.json" || echo "$file: seen.json does not name it" ;;
		*) echo "$file is no part of a saved run" ;;
		esac
	done
	grep -q '"outcome": "held"' "$1/saved/seen.json" || grep -q '"lacking": true' "$1/saved/seen.json" || echo "$1/saved: not all was as expected"
	bytes=$(cat "$1"/saved/* | wc -c)
	[ "$bytes" -le $SAVED_MOST ] || echo "$1/saved: $bytes bytes, of at most $SAVED_MOST"
}
same_numbers() { for f in "${all[@]}"; do basename "$f" | cut -c1-2; done | sort | uniq -d; }
no_strays_beside() {
	for path in "$demos"/*; do
		case "${path##*/}" in README.md | Makefile | play.h | [0-9][0-9]-*) ;; *) echo "$path is no part of the demos" ;; esac
	done
}
all_lack() { each lacks; }
all_stray() { each strays; no_strays_beside; }
all_pages() { each pages; }
all_knobs() { each knobs; each placeholders; }
all_words() { each words; }
all_questions() { each questions; }
all_compile() { each compiles; }
all_saved() { each saved; }

ktap_print_header
ktap_set_plan 9
rule "a demo has all of its files" all_lack
rule "and no stray one" all_stray
rule "its page has what is said, and what next" all_pages
rule "its question is one, with feedback" all_questions
rule "its knobs are those of show.c, and of its question" all_knobs
rule "show.c says, looks and expects" all_words
rule "programs compile without warnings" all_compile
rule "a small run is saved" all_saved
rule "no two have one number" same_numbers
ktap_finished
