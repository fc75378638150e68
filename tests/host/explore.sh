#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The explorer on this host, with this host's compilers: programs that break only in some schedules are
# broken, explained and replayed; their right twins are left alone.
# shellcheck source=tests/host/lib.sh
. "$(dirname "$0")/lib.sh"
trap 'rm -rf "$tmp"' EXIT
oncpu=$TOP/.cache/oncpu
export XDG_CACHE_HOME=$tmp/cache
cd "$tmp" || exit 1

cat >marked.c <<'END'
#include <assert.h>
#include <oncpu/mark.h>
#include <pthread.h>
static int counter;
static void *count(void *arg)
{
	oncpu_begin("count");
	counter++;
	oncpu_end("count");
	return arg;
}
int main(void)
{
	pthread_t t;
	pthread_create(&t, NULL, count, NULL);
	count(NULL);
	pthread_join(t, NULL);
	assert(counter == 2);
	return 0;
}
END
cat >count.c <<'END'
#include <assert.h>
#include <pthread.h>
#include <stdio.h>
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int counter;
static void *count(void *arg)
{
	for (int i = 0; i < 2; i++) {
		if (GUARDED)
			pthread_mutex_lock(&lock);
		counter++;
		if (GUARDED)
			pthread_mutex_unlock(&lock);
	}
	return arg;
}
int main(void)
{
	pthread_t t[2];
	for (int i = 0; i < 2; i++)
		pthread_create(&t[i], NULL, count, NULL);
	for (int i = 0; i < 2; i++)
		pthread_join(t[i], NULL);
	printf("%d\n", counter);
	assert(counter == 4);
	return 0;
}
END
cat >locks.c <<'END'
#include <pthread.h>
static pthread_mutex_t left = PTHREAD_MUTEX_INITIALIZER, right = PTHREAD_MUTEX_INITIALIZER;
static void *one(void *arg)
{
	pthread_mutex_lock(&left);
	pthread_mutex_lock(&right);
	pthread_mutex_unlock(&right);
	pthread_mutex_unlock(&left);
	return arg;
}
static void *other(void *arg)
{
	pthread_mutex_lock(&right);
	pthread_mutex_lock(&left);
	pthread_mutex_unlock(&left);
	pthread_mutex_unlock(&right);
	return arg;
}
int main(void)
{
	pthread_t a, b;
	pthread_create(&a, NULL, one, NULL);
	pthread_create(&b, NULL, other, NULL);
	pthread_join(a, NULL);
	pthread_join(b, NULL);
	return 0;
}
END
cat >forks.c <<'END'
#include <sys/wait.h>
#include <unistd.h>
int main(void) { return fork() ? wait(NULL) < 0 : 0; }
END
cat >args.c <<'END'
#include <stdio.h>
int main(int argc, char **argv) { printf("%d %s\n", argc, argv[argc - 1]); return 0; }
END

cat >lost.c <<'END'
#include <pthread.h>
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t ready = PTHREAD_COND_INITIALIZER;
static void *waits(void *arg)
{
	pthread_mutex_lock(&lock);
	pthread_cond_wait(&ready, &lock);
	pthread_mutex_unlock(&lock);
	return arg;
}
int main(void)
{
	pthread_t t;
	pthread_create(&t, NULL, waits, NULL);
	pthread_cond_signal(&ready);
	pthread_join(t, NULL);
	return 0;
}
END
cat >select.c <<'END'
#include <assert.h>
#include <pthread.h>
#include <sys/select.h>
#include <unistd.h>
static int ends[2], value;
static void *waits(void *arg)
{
	fd_set set;
	FD_ZERO(&set);
	FD_SET(ends[0], &set);
	assert(select(ends[0] + 1, &set, NULL, NULL, NULL) == 1);
	assert(value == 23);
	return arg;
}
int main(void)
{
	pthread_t t;
	if (pipe(ends))
		return 2;
	pthread_create(&t, NULL, waits, NULL);
	value = 23;
	if (write(ends[1], "x", 1) != 1)
		return 2;
	return pthread_join(t, NULL);
}
END

cat >judge.c <<'END'
#include <stdio.h>
int main(void)
{
	fprintf(stderr, "first\nit was 23, and not 42\n");
	return 3;
}
END

explore() { timeout 600 "$oncpu" explore "$@" 2>&1; }

ktap_print_header
ktap_set_plan 34

out=$(explore -DGUARDED=0 count.c)
is "an option of the compiler is none of ours" 2 $?
explore -- ./nobody >/dev/null
is "no such program" 3 $?
out=$(explore --cc gcc count.c -DGUARDED=0)
is "a lost update: exit status" 1 $?
has "... the assertion, with its line" "assertion failed: T0 at .*count.c:25: counter == 4" "$out"
has "... the race, with both lines" "data race: counter: T[12] (read|write)s at count.c:11, T[12] (read|write)s at count.c:11" "$out"
has "... the interleaving, with values" "write counter = 1 .*count.c:11" "$out"
word=$(printf '%s\n' "$out" | sed -n 's/^Once more: *--replay //p')
has "... and a word to replay it" '^[0-9]+x[0-9]+(\.[0-9]+x[0-9]+)*$' "$word"

"$oncpu" cc -DGUARDED=0 -o count count.c
is "oncpu cc" 0 $?
first=$(explore --replay "$word" -- ./count)
is "replay: exit status" 1 $?
has "... ends in the same failure" "^assertion failed" "$first"
is "... and is the same each time" 1 "$(for _ in 1 2 3 4 5; do
	explore --replay "$word" -- ./count | md5sum
done | sort -u | wc -l)"
is "a schedule by its number is the same each time" 1 "$(for _ in 1 2 3; do explore --replay 7 -- ./count | tail -1; done | sort -u | wc -l)"
is "alone, without the explorer, it runs as ever" "4 0" "$(./count) $?"
out=$(explore --json --schedules 50 -- ./count)
has "json: the kinds" '"kind": *"assert"' "$out"
has "json: when it was found" '"first_harm": *[0-9]+' "$out"

if command -v gdb >/dev/null; then
	out=$(printf 'run\nprint counter\n' | explore --replay "$word" --gdb -- ./count)
	has "under gdb it fails likewise, and stops there" '^\(gdb\) \$1 = [123]$' "$out"
else
	skip "under gdb" "there is no gdb here"
fi

"$oncpu" cc -DGUARDED=1 -o guarded count.c
out=$(explore --schedules 500 --stop-at-fault -- ./guarded)
is "its right twin is left alone for 500 schedules" 0 $?
has "... and that is said" "^500 schedules .*nothing found" "$out"

out=$(explore judge.c)
has "a program that looks at its results itself: its status" "exit status 3" "$out"
has "... and the last that it said" "It said: it was 23, and not 42" "$out"
has "... in json, too" '"said": *"it was 23, and not 42"' "$(explore --json judge.c)"

out=$(explore marked.c)
is "a program with marks is built, the header laid down with the rest" 1 $?
has "... and its marks are no steps" "counter: T[01] (read|write)s at marked.c:8, T[01] (read|write)s at marked.c:8" "$out"
out=$(explore locks.c)
is "a deadlock: exit status" 1 $?
has "... who waits for what, which who holds, since when" "T1 +locks.c:6: waits in lock for right, which T2 holds, holding left \(since locks.c:5\)" "$out"
out=$(explore --strategy quiet --schedules 1 locks.c)
has "lock order: told though nothing struck" "lock order inversion: T2 at locks.c:14 and T1 at locks.c:6" "$out"

out=$(explore lost.c)
has "a lost wake-up: who waits for what" "hang: 2 threads wait" "$out"
has "... in a column that ends there" "wake up ready: waits for ever .*lost.c:7" "$out"
out=$(explore --schedules 50 --stop-at-fault select.c)
is "a thread in the kernel stops nobody, and what comes out of a pipe came later" 0 $?

out=$(explore forks.c)
is "fork is refused" 3 $?
has "... with the reason" "cannot be explored: fork\(\)" "$out"
out=$(explore --expect "2 hello
" args.c -- hello)
is "arguments reach the program, and what it prints is compared" 0 $?
cp /bin/true ./plain
out=$(explore -- ./plain)
has "a program that was not built for it: the mend" "not built for it: 'oncpu cc" "$out"

if command -v clang >/dev/null; then
	out=$(explore --cc clang count.c -DGUARDED=0)
	has "with clang, too" "assertion failed: T0 at .*count.c:25" "$out"
else
	skip "with clang, too" "there is no clang here"
fi
ktap_finished
