#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# oncpu/mark.h alone: in both languages, by both compilers, as strict as they can be, in more than one
# file of a program, in a library; and that a program which marks runs where nobody records.
# shellcheck source=tests/host/lib.sh
. "$(dirname "$0")/../host/lib.sh"
O=$TOP/.cache/build/$(readlink .cache/guest/current)/tests/mark_header
trap 'rm -rf "$tmp" "$O"' EXIT
mkdir -p "$O"

cat >"$O/a.c" <<'END'
#include <oncpu/mark.h>
#include <stdio.h>
#ifdef __cplusplus
extern "C"
#endif
int other(int n);
int other(int n)
{
	oncpu_scope("outer");
	if (n > 22) {
		oncpu_scope("inner");
		oncpu_scope("inner still");
		return n;
	}
	oncpu_point("small", n);
	return 0;
}
END
cat >"$O/b.c" <<'END'
#include <oncpu/mark.h>
#include <stdio.h>
#ifdef __cplusplus
extern "C"
#endif
int other(int n);
int main(void)
{
	int sum = 0, i;
	errno = 7;
	for (i = 0; i < 46; i++) {
		oncpu_begin("loop");
		if (i % 2)
			oncpu_end("loop");
		else
			oncpu_point("even", (unsigned)i);
		sum += other(i);
	}
	printf("%d %d\n", sum, errno);
	return 0;
}
END
WARN="-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror"
compiles() { # compiler and options: what it says, and what the program prints
	# shellcheck disable=SC2086 # words
	scripts/box $1 $WARN -x "$2" "$O/a.c" "$O/b.c" -o "$O/program" 2>&1 && scripts/box "$O/program"
}
runs() { is "$1" "782 7" "$(compiles "$1" "$2")"; }
dynamic() { # gcc finds the header by itself, a library and a program have marks of their own
	scripts/box gcc -std=c11 -shared -fPIC -O2 "$O/a.c" -o "$O/liba.so" &&
		scripts/box gcc -std=c11 "$O/b.c" -L"$O" -la "-Wl,-rpath,$O" -o "$O/program" && scripts/box "$O/program"
}
off() { # with marks off the program is the same, and nothing of the header is in it
	# shellcheck disable=SC2086 # words
	scripts/box gcc -std=c11 -DONCPU_MARK_OFF $WARN "$O/a.c" "$O/b.c" -o "$O/program" 2>&1 && scripts/box "$O/program"
	scripts/box nm "$O/program" | grep oncpu_
}
not_literal() {
	printf '#include <oncpu/mark.h>\nvoid f(const char *s);\nvoid f(const char *s) { oncpu_point(s, 1); }\n' >"$O/c.c"
	# shellcheck disable=SC2086 # words
	scripts/box gcc $1 -c "$O/c.c" -o "$O/c.o" 2>&1 | grep -c error:
}

ktap_print_header
ktap_set_plan 11
runs "gcc -std=c11 -O0" c
runs "gcc -std=c11 -O2" c
runs "gcc -std=gnu23 -O2 -static" c
runs "clang -std=c11 -O2" c
runs "clang -std=c17 -O0 -g" c
runs "clang++ -std=c++11 -O0" c++
runs "clang++ -std=c++20 -O2" c++
is "a library and a program" "782 7" "$(dynamic 2>&1)"
is "marks are off" "782 7" "$(off)"
is "a name must be a literal" 1 "$(not_literal "")"
is "a name must be a literal, even where marks are off" 1 "$(not_literal -DONCPU_MARK_OFF)"
ktap_finished
