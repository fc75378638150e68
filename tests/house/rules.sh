#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The rules of the house. Each is a function that lists what breaks it.
# shellcheck source=tests/host/lib.sh
. "$(dirname "$0")/../host/lib.sh"
trap 'rm -rf "$tmp"' EXIT
O=$TOP/.cache/build/$(readlink .cache/guest/current)
git ls-files --cached --others --exclude-standard | while read -r f; do [ ! -f "$f" ] || echo "$f"; done >"$tmp/files"

files() { grep -E "$1" "$tmp/files"; }
# search OPTIONS PATTERN FILES: grep in the files whose names match.
search() { files "$3" | xargs grep "$1" -- "$2"; }
rule() { is "$1" "" "$("$2" 2>&1)"; }

strangers() { cut -d/ -f1 "$tmp/files" | sort -u | grep -vxE 'Kbuild|Makefile|README\.md|module|user|bpf|lessons|tests|scripts|\..*'; }

unlicensed() { # expected output, compared byte for byte, has no room for the line; nor has a saved run
	files . | grep -vE '^tests/golden/.*\.(facts|report|json|term|csv|chrome)$|\.png$|^lessons/demos/[^/]*/saved/' | while read -r f; do
		head -3 "$f" | grep -q 'SPDX-License-Identifier: GPL-2.0' || echo "$f"
	done
}
module_sees() { search -nE '#include ["<](\.\./)*(bpf|user)/' '^module/.*\.[ch]$'; }
bpf_sees() { search -nE '#include ["<](\.\./)*(module|user)/[^u]' '^bpf/.*\.[ch]$'; }
skeleton_users() { search -ln 'skel\.h' '^user/.*\.[ch]$' | grep -vE '^user/(record|sched)/'; }

impurities() {
	scripts/box nm -u "$O"/user/model/*.o |
		grep -wE 'f?open(at)?|f?read|f?write|fp?rintf|printf|puts|time|clock_gettime|gettimeofday|socket|syscall|getenv|exit|abort'
}
exits() { scripts/box nm -u "$O"/user/lib/*.o "$O"/user/view/*.o | grep -wE 'exit|_exit|abort|printf|puts'; }

lesson_names() { # a name of one word, as "count", is a word of every program: by its number or header then
	local folder name
	for folder in lessons/*/*/; do
		folder=$(basename "$folder")
		name=${folder#[0-9]*-}
		case $name in *-*) search -nwi "$name" '^(user|bpf|module)/.*\.[chS]$' ;; esac
		search -nE "[0-9][0-9]-$name|[\"</]${name//-/_}\.h[\">]" '^(user|bpf|module)/.*\.[chS]$' | grep -v '<linux/' # the kernel's are its own
	done
}
machine_paths() {
	search -nF "$TOP/" .
	search -nF "/home/$(id -un)/" .
}
long_files() {
	files '\.(c|h|js|py|sh|S)$' | while read -r f; do [ "$(wc -l <"$f")" -le 700 ] || echo "$f"; done
}
needy_headers() {
	files '^(module/uapi|user|tests)/.*\.h$' | while read -r header; do
		scripts/box gcc -std=gnu17 -D_GNU_SOURCE -fsyntax-only -Wall -Werror -Imodule/uapi -Iuser -Itests/golden \
			-Itests/view -Itests/vm -I"$O/bpf" -isystem .cache/guest/current/kernel-source/tools/testing/selftests \
			-x c "$header" >/dev/null 2>&1 </dev/null || echo "$header"
	done
}
unformatted() { files '\.[ch]$' | xargs scripts/box clang-format --dry-run 2>&1 | grep -oE '^[^ ]+: warning' | sort -u; }
shell_trouble() { files . | xargs grep -lE '^#!/bin/(ba)?sh' | xargs shellcheck -x -S warning; }
python_trouble() { PYTHONPYCACHEPREFIX=$tmp/pyc python3 -m compileall -q scripts/lab; }

ktap_print_header
ktap_set_plan 14
rule "the top level holds what it promises" strangers
rule "every file has an SPDX line" unlicensed
rule "module/ sees neither bpf/ nor user/" module_sees
rule "bpf/ sees of module/ only its uapi" bpf_sees
rule "only user/record/ and user/sched/ see BPF skeletons" skeleton_users
if [ -d "$O/user/model" ]; then
	rule "the model does no I/O, asks no clock, does not exit" impurities
	rule "only commands print and exit" exits
else
	skip "the model is pure" "only unit tests were built"
	skip "only commands print and exit" "only unit tests were built"
fi
rule "instruments never name a lesson" lesson_names
rule "no path of this machine" machine_paths
rule "no file of more than 700 lines" long_files
rule "every header stands alone" needy_headers
rule "C is formatted" unformatted
if command -v shellcheck >/dev/null; then
	rule "shellcheck has nothing to say" shell_trouble
else
	skip "shellcheck" "it is not to be had here"
fi
rule "Python compiles" python_trouble
ktap_finished
