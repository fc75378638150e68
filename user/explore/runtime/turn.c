// SPDX-License-Identifier: GPL-2.0
/*
 * The turn: who has it runs, the others wait on their baton, a futex each. The process is pinned to
 * one CPU, so that handing over is a wake-up and a sleep and no message between CPUs.
 */
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "runtime.h"
#include "strategy.h"

struct thread threads[MAX_THREADS];
int nr_threads, nr_live;
bool controlled;
struct thread *current;
__thread struct thread *my_thread;

static uint64_t random_state;

void random_seed(uint64_t seed)
{
	random_state = seed * 0x2545f4914f6cdd1dull + 77;
	random_next();
	random_next();
}

uint64_t random_next(void)
{
	uint64_t z = random_state += 0x9e3779b97f4a7c15ull;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
	return z ^ (z >> 31);
}

uint64_t random_below(uint64_t n)
{
	return (uint64_t)(((unsigned __int128)random_next() * n) >> 64);
}

static long futex(uint32_t *word, int what, uint32_t value, const struct timespec *ts)
{
	static long (*call)(long, ...);

	if (!call)
		*(void **)&call = real("syscall");
	return call(SYS_futex, word, what | FUTEX_PRIVATE_FLAG, value, ts, NULL, 0);
}

void wait_for_turn(struct thread *t)
{
	while (!__atomic_load_n(&t->baton, __ATOMIC_ACQUIRE))
		futex(&t->baton, FUTEX_WAIT, 0, NULL);
	__atomic_store_n(&t->baton, 0, __ATOMIC_RELAXED);
}

static void give_turn(struct thread *to)
{
	current = to;
	__atomic_store_n(&to->baton, 1, __ATOMIC_RELEASE);
	futex(&to->baton, FUTEX_WAKE, 1, NULL);
}

static bool take_turn(struct thread *t)
{
	struct thread *nobody = NULL;

	return __atomic_compare_exchange_n(&current, &nobody, t, false, __ATOMIC_SEQ_CST,
					   __ATOMIC_SEQ_CST);
}

/* For whoever comes back from the kernel; who has come back while we looked has not seen it. */
static void give_turn_to_nobody(void)
{
	int i;

	__atomic_store_n(&current, NULL, __ATOMIC_SEQ_CST);
	for (i = 0; i < nr_threads; i++) {
		struct thread *t = &threads[i];

		if (t->state != THREAD_LIVE || !t->was_away ||
		    __atomic_load_n(&t->away, __ATOMIC_SEQ_CST))
			continue;
		if (take_turn(t))
			give_turn(t);
		return;
	}
}

bool is_ready(struct thread *t)
{
	return t->state == THREAD_LIVE && (!t->op.ready || t->op.ready(t));
}

/* The operation is being done: it enters the record of this run. */
static void commit(struct thread *t)
{
	struct shared_segment *s = &shm->segments[shm->nr_segments - 1];

	if (++shm->nr_steps > shm->max_steps)
		fail(FOUND_STEPS, t, t->op.pc);
	virtual_ns += 1000;
	t->nr_ops++;
	t->yielded = false;
	if (!shm->nr_segments || s->thread != (uint32_t)t->id) {
		if (shm->nr_segments == MAX_SEGMENTS)
			fail(FOUND_STEPS, t, t->op.pc);
		s = &shm->segments[shm->nr_segments++];
		s->thread = (uint32_t)t->id;
		s->nr_ops = 0;
	}
	s->nr_ops++;
	op_done(t);
}

/* The first operation of a new thread: it is announced, and its creator goes on. */
static void announce(struct thread *t)
{
	t->starting = false;
	give_turn(&threads[t->creator]);
	wait_for_turn(t);
}

/*
 * Nobody can run, but somebody is in the kernel: whoever comes back first takes the turn. If that
 * takes too long, nobody will.
 */
#define AWAY_LIMIT_S 2

static void wait_for_anybody(struct thread *t)
{
	struct timespec limit = { AWAY_LIMIT_S, 0 };

	give_turn_to_nobody();
	futex(&t->baton, FUTEX_WAIT, 0, &limit);
	if (!__atomic_load_n(&t->baton, __ATOMIC_ACQUIRE) && take_turn(t))
		fail_stuck();
}

/* Into the kernel, for who knows how long. */
void leave_turn(struct thread *t)
{
	struct thread *next = choose(t);

	if (next)
		give_turn(next);
	else
		give_turn_to_nobody();
}

/* Back: at once if nobody has the turn, else when it is given. */
void return_to_turn(struct thread *t)
{
	if (!take_turn(t))
		wait_for_turn(t);
	t->was_away = false;
}

/* Returns when it is t's turn and what t->op describes can be done. */
void point(struct thread *t)
{
	struct thread *next;
	bool decide = t->op.decide || shm->strategy == STRATEGY_REPLAY || !is_ready(t);

	if (t->starting) {
		announce(t);
	} else if (decide) {
		next = choose(t);
		if (!next)
			wait_for_anybody(t);
		else if (next != t)
			give_turn(next);
		if (next != t)
			wait_for_turn(t);
	}
	if (t->op.decide)
		held_decided(t);
	commit(t);
	strategy_did(t);
}

/* A new thread runs up to its first operation, so that the strategy knows what each is about to do. */
void turn_to_new(struct thread *creator, struct thread *child)
{
	child->starting = true;
	give_turn(child);
	wait_for_turn(creator);
}

void thread_done(struct thread *t)
{
	struct thread *next;

	t->state = THREAD_DONE;
	nr_live--;
	if (t->starting) {
		t->starting = false;
		give_turn(&threads[t->creator]);
		return;
	}
	if (!nr_live)
		return;
	next = choose(t);
	if (next)
		give_turn(next);
	else
		give_turn_to_nobody();
}
