/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The model while it is being built; for user/model/ only.
 *
 *   build.c    the frame: start, every record in order of time, finish
 *   merge.c    the streams of all CPUs in order of time
 *   records.c  what each type of record says
 *   lives.c    threads: who lives, and the interval that each is in
 *   places.c   CPUs: who is on each
 *   states.c   the kernel's task states
 *   waits.c    why a thread waits: futexes and kernel locks
 *   locks.c    what a futex is part of, and who holds it
 *   handoff.c  how locks went from hand to hand
 *   holds.c    how long they were held
 *   joins.c    which futex waits are for a thread to end
 *   wakes.c    futex wakes that found nobody
 *   calls.c    what a thread waits for in which system call
 *   target.c   which tasks at the start belong to the recorded command
 *   gaps.c     what is in doubt because records were lost
 *   span.c     when the command began and ended, and sums over that
 *   parallel.c how many target threads ran at one instant
 *   instead.c  who ran while a thread wanted to
 *   template.c the shape of a fact's sentence
 *   counters.c what was counted while a thread was on a CPU
 *   marks.c    what the program says about itself; mark_sums.c: in sums
 *   decisions.c what a scheduler of ours decided
 *   sentence.c facts in words
 *   why.c      the chain of causes behind a wait
 *
 * The one failure is lack of memory: it sets build.err, after which the rest is void.
 */
#ifndef ONCPU_MODEL_BUILD_H
#define ONCPU_MODEL_BUILD_H

#include "model/model.h"

#define MAX_LOCKS \
	4 /* kernel locks waited for at once: a task's, and those of interrupts above it */

/* Of records at one instant the order counts, too: a gap may end between them. */
struct moment {
	uint64_t ns;
	size_t nr_ended; /* gaps */
};

/* One thread. now is what it does since now.start_ns and not yet among thread.intervals. */
#define MAX_HELD 16 /* locks of the program that one thread has at once */

struct held { /* or has only asked for */
	uint64_t address, since_ns;
	bool by_condition; /* a wait for a condition gave it up, and takes it again */
};

struct life {
	struct thread thread;
	size_t capacity;
	struct interval now;
	struct moment seen;   /* the last record that agrees with now */
	struct moment own;    /* the last thing on its CPU that only one who will not sleep does */
	bool may_be_woken;    /* since then, for all that is known */
	uint64_t runnable_ns; /* since when it waits for a CPU, migrations included */
	bool listed;	      /* known from the start list, no record yet */
	bool exiting, ended;

	bool woken; /* somebody woke it while it was still on its CPU, about to sleep */
	bool early; /* it is RUNNABLE for that, but slept (as told there) if another wakes it */
	struct interval wake, slept;

	bool in_futex;
	uint64_t futex_address;
	struct oncpu_record futex; /* in_futex: the FUTEX_WAIT, */
	uint32_t futex_words[4];   /* its FUTEX_WORDS, if has_words, */
	bool has_words;
	const struct trace_stack *futex_stack; /* and its STACK, if that is known */
	struct life *joined;		       /* in_futex: whom it waits for, if that is a join */
	struct life *last_woken;    /* of those that join it; if that waking was its last doing, */
	size_t last_woken_interval; /* this interval of them was the join */
	uint64_t wake_address;	    /* of the futex wake that it is in */
	uint32_t awaited;	    /* the mutex that it waited for last and has not released */
	uint64_t awaited_at;	    /* its futex word */
	unsigned int nr_locks;
	uint64_t locks[MAX_LOCKS];
	unsigned int nr_held;
	struct held held[MAX_HELD];
	uint64_t last_asked; /* for this one */
};

/* One CPU. now is who runs since now.start_ns, where that is known. */
struct place {
	bool known;
	size_t nr_gaps;	  /* that have begun and not ended */
	bool blind;	  /* not known since records were lost, the last of them before lost_ns */
	uint64_t lost_ns; /* UINT64_MAX: the gap lasts */
	struct cpu_interval now;
	struct life *life; /* of now.tid; NULL: idle */
	uint64_t seen_ns;  /* the last record from this CPU */
	uint32_t waking; /* tid, if the last record was its WAKING: the next may be its placement */
	uint64_t nr_switches;
	uint32_t left, came; /* at the last of them */
	struct counted {     /* at which of them this counter was last read, and what it said */
		uint64_t at, value;
		uint32_t came;
	} counted[TRACE_MAX_COUNTERS];
	size_t capacity;
};

struct build {
	struct model *m;
	const struct trace *t;
	int err;
	struct life **lives; /* all, as they came */
	size_t nr_lives, lives_capacity;
	struct life **table; /* the last life of each tid, open addressing */
	size_t table_size, table_used;
	struct empty_wake *wakes; /* by process and address, open addressing */
	size_t wakes_size, wakes_used;
	bool counted;	      /* a COUNTER was seen */
	bool begun, executed; /* a target thread was seen; the target's EXEC was */
	bool adopted; /* a thread was found to be the target's after it had been seen running */
	struct place *places;
	unsigned int nr_blind; /* places */
	struct shadow {
		uint64_t start_ns, end_ns;
	} *shadows; /* when at least one CPU has a gap: in order, apart from each other */
	size_t nr_shadows;
	uint64_t *gap_ends;   /* in order */
	size_t nr_ended;      /* gaps, so far */
	uint32_t *lock_table; /* indices into m->locks, one more; open addressing */
	size_t lock_table_size, lock_capacity;
};

/* merge.c: a heap of (time, key), smallest first; ties by key. */
struct heap {
	struct heap_item {
		uint64_t time_ns;
		size_t key;
	} *items;
	size_t n;
};
void heap_push(struct heap *h, uint64_t time_ns, size_t key);
struct heap_item heap_pop(struct heap *h);
int model_merge(struct build *b,
		void (*take)(struct build *, unsigned int cpu, const struct oncpu_record *));

/* records.c */
void model_take(struct build *b, unsigned int cpu, const struct oncpu_record *r);

/* lives.c */
struct life *life_find(const struct build *b, uint32_t tid);
struct life *life_new(struct build *b, uint32_t tid, uint64_t start_ns);
struct life *life_get(struct build *b, uint32_t tid, uint64_t time_ns);
void life_turn(struct build *b, struct life *l, uint64_t time_ns, struct interval next);
struct moment moment(const struct build *b, uint64_t time_ns);
void life_own(const struct build *b, struct life *l, uint64_t time_ns);
bool life_doubts_sleep(const struct build *b, const struct life *l, uint64_t time_ns);
void life_forget(struct build *b, struct life *l);
void life_end(struct build *b, struct life *l, uint64_t time_ns);
void life_kin(struct build *b, struct life *l, uint32_t tgid);
void lives_finish(struct build *b);

/* places.c */
struct life *place_check(struct build *b, unsigned int cpu, uint32_t tid, uint64_t time_ns);
void place_arrive(struct build *b, unsigned int cpu, uint32_t tid, uint64_t time_ns);
void place_lose(struct build *b, struct life *l);
void place_gap_begins(struct build *b, const struct gap *g);
void place_gap_ends(struct build *b, unsigned int cpu, uint64_t time_ns);
void places_finish(struct build *b);

/* gaps.c */
int gaps_find(struct build *b);
bool gaps_since(const struct build *b, struct moment from, uint64_t to_ns, struct shadow *doubt);
void life_doubt(struct build *b, struct life *l, uint64_t time_ns, enum state then);
void gaps_sum(struct build *b);

/* waits.c */
struct interval wait_running(const struct life *l, unsigned int cpu);
struct interval wait_off_cpu(struct build *b, struct life *l, unsigned int cpu, enum state state,
			     const struct oncpu_record *r);
void wait_record(struct build *b, struct life *l, unsigned int cpu, const struct oncpu_record *r);

/* counters.c */
void counters_switch(struct place *p, const struct oncpu_record *r);
void counters_take(struct build *b, struct place *p, const struct oncpu_record *r);
void counters_finish(struct build *b);
/* holds.c */
void hold_record(struct build *b, struct life *l, const struct oncpu_record *r);

/* locks.c */
void lock_begin(struct build *b, struct life *l, const struct oncpu_record *r);
void lock_beside(struct build *b, const struct oncpu_record *r);
void lock_name(struct build *b, struct life *l, struct interval *i, uint64_t time_ns);
/* The lock that a ULOCK record is about, one more than its index; 0: no memory. */
uint32_t lock_at(struct build *b, struct life *l, const struct oncpu_record *r);
int locks_spots(struct build *b);
int locks_finish(struct build *b);

/* handoff.c */
bool handoff_in_vain(struct life *l, uint32_t lock, bool can_tell);
void handoff_released(struct life *l, uint64_t address);
int handoffs_finish(struct build *b);

/* states.c: of the raw state in a SWITCH record */
enum state state_of(uint32_t raw);

/* calls.c: whether the call of this SWITCH is a futex's, or not told; cause, call and address of a
 * sleep that begins with it */
bool call_may_be_futex(const struct oncpu_record *r);
void call_cause(struct interval *i, const struct oncpu_record *r);

/* joins.c */
struct life *join_of(const struct build *b, const struct life *l, uint32_t value);
void join_woken(struct build *b, struct life *l, uint32_t tid, uint64_t time_ns);
void join_deny(struct life *l);
void join_confirm(struct life *l);
void join_open(struct life *l);

/* wakes.c */
void wake_record(struct build *b, struct life *l, const struct oncpu_record *r);
void wakes_finish(struct build *b);

/* span.c */
void span_seen(struct build *b, uint64_t time_ns);
void span_exec(struct build *b, uint64_t time_ns);
void span_finish(struct build *b);

int model_start_list(struct build *b);
int model_parallel(struct build *b);
void model_instead(struct build *b);
int model_marks(struct build *b);
int model_decisions(struct build *b);

#endif
