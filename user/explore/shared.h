/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the explorer and the runtime inside the explored program say to each other: one block of
 * shared memory, laid out here. The explorer writes a request, the runtime's fork server makes a
 * child that runs the program once under it, the child writes what happened. Both come from one
 * build (the runtime is carried inside oncpu), so the layout has a stamp and no versions.
 */
#ifndef ONCPU_EXPLORE_SHARED_H
#define ONCPU_EXPLORE_SHARED_H

#include <stdint.h>

#define EXPLORE_STAMP 0x6f6e637075453034ull
#define EXPLORE_ENV \
	"ONCPU_EXPLORE" /* "SHM,REQUEST,ANSWER": three open descriptors; REQUEST 0: run once */
#define MAX_THREADS	256
#define MAX_SITES	8192 /* a power of two */
#define MAX_SEGMENTS	(1u << 18)
#define MAX_EVENTS	(1u << 18)
#define MAX_FINDINGS	32
#define MAX_LOCKS	4
#define MAX_CALLERS	4
#define MAX_CONSTRAINTS 6
#define MAX_PAIRS	4096
#define MAX_PROFILE	1024 /* places in memory whose accesses are counted */

/* Kinds of operation. What comes before OP_FIRST_SYNC touches memory. */
enum {
	OP_NONE,
	OP_READ,
	OP_WRITE,
	OP_ATOMIC_READ,
	OP_ATOMIC_WRITE,
	OP_ATOMIC_UPDATE,
	OP_FREE,
	OP_FIRST_SYNC,
	OP_LOCK = OP_FIRST_SYNC,
	OP_TRYLOCK,
	OP_UNLOCK,
	OP_RDLOCK,
	OP_WRLOCK,
	OP_WAIT, /* gives up the mutex, starts waiting */
	OP_WAKE, /* has been woken, takes the mutex again */
	OP_SIGNAL,
	OP_BROADCAST,
	OP_BARRIER,
	OP_SEM_WAIT,
	OP_SEM_POST,
	OP_ONCE,
	OP_CREATE,
	OP_JOIN,
	OP_START,
	OP_EXIT,
	OP_YIELD,
	OP_SLEEP,
	OP_FUTEX_WAIT,
	OP_FUTEX_WAKE,
	OP_KERNEL, /* a call that may block: read(), poll() */
	OP_DESTROY,
	NR_OPS,
};

/* What a run can come to. Up to FOUND_LAST_HARM the run ended there; the later kinds are faults
 * that were seen while the run went on. */
enum {
	FOUND_NOTHING,
	FOUND_ASSERT,
	FOUND_ABORT,
	FOUND_SIGNAL,
	FOUND_EXIT,	/* an exit status that is not 0 */
	FOUND_OUTPUT,	/* another output than expected */
	FOUND_DEADLOCK, /* a cycle of threads that wait for each other */
	FOUND_HANG,	/* nobody can run, without a cycle: a wake-up was lost */
	FOUND_LIVELOCK, /* all spin and nothing changes */
	FOUND_RELOCK,
	FOUND_UNLOCK_FREE,
	FOUND_UNLOCK_OTHER,
	FOUND_USE_DESTROYED,
	FOUND_DESTROY_BUSY,
	FOUND_USE_FREED,
	FOUND_FREE_TWICE,
	FOUND_JOIN_SELF,
	FOUND_JOIN_TWICE,
	FOUND_JOIN_DETACHED,
	FOUND_WAIT_UNLOCKED,
	FOUND_LAST_HARM = FOUND_WAIT_UNLOCKED,
	FOUND_RACE,
	FOUND_LOCK_ORDER,
	FOUND_LOCK_LEFT,
	FOUND_LAST_FAULT = FOUND_LOCK_LEFT,
	FOUND_REFUSED, /* the program does what the explorer cannot take: say so, no verdict */
	FOUND_STEPS,   /* the limit of steps: no verdict */
	FOUND_TIME,    /* the limit of time: no verdict */
	NR_FOUND,
};

enum {
	STRATEGY_QUIET, /* switches only where it must */
	STRATEGY_RANDOM,
	STRATEGY_PCT,
	STRATEGY_POS,
	STRATEGY_SURW,
	STRATEGY_RF,
	STRATEGY_REPLAY,
	NR_STRATEGIES,
};

struct shared_lock {
	uint64_t addr, pc;
};

/* Somebody doing something somewhere. */
struct shared_place {
	uint64_t pc, addr;
	uint16_t thread, op;
	uint16_t size, nr_locks;
	struct shared_lock locks[MAX_LOCKS];
	uint64_t callers[MAX_CALLERS]; /* innermost first, 0 ends */
};

struct shared_finding {
	uint32_t kind;
	int32_t number; /* of the signal, the exit status, the line of an assertion */
	struct shared_place place[2];
	char text[256]; /* what was asserted, what was refused */
	char file[128];
};

/* One thread at the end of a run that got stuck. owner: who holds what it waits for, -1 nobody */
struct shared_wait {
	uint32_t op;
	int32_t owner;
	struct shared_place place;
};

struct shared_thread {
	uint64_t start_pc, create_pc;
	uint32_t
		name; /* the same in each schedule: hash of the parent's name and its how-many-th child */
	int32_t parent;
	uint32_t nr_ops;
	uint32_t state;
};

/* The schedule itself: thread, and how many operations it did before another's turn. */
struct shared_segment {
	uint32_t thread;
	uint32_t nr_ops;
};

enum {
	SITE_SEEN = 1,
	SITE_SHARED = 2, /* has touched a place that threads share: worth a decision */
	SITE_READS = 4,
	SITE_WRITES = 8,
};

/* A line of the program that does operations: learned over all runs. */
struct shared_site {
	uint64_t pc;
	uint32_t flags;
	uint32_t op;
};

/* What was read from whom in a run. Sites count from 1; writer 0 is the initial value. */
struct shared_pair {
	uint16_t writer, reader;
	uint16_t nr_readers; /* 2: two threads read the same value that one write wrote */
	uint16_t observed;   /* 0: could be, but was not in this run */
};

/* Let the line `reader` read what `writer` wrote, nr_readers times, before a rival writes there. */
#define MAX_RIVALS 12
struct shared_constraint {
	uint16_t writer, reader;
	uint16_t nr_readers, nr_rivals;
	uint16_t rivals[MAX_RIVALS]; /* all lines known to write what the reader reads */
};

/* How often whom touched a place in memory. */
struct shared_count {
	uint64_t addr;
	uint32_t name; /* of the thread */
	uint32_t count;
};

struct shared_event {
	uint64_t pc, addr, before, value;
	uint64_t callers[2];
	uint16_t thread, op, size, flags;
};

enum {
	EVENT_HAS_BEFORE = 1,
	EVENT_HAS_VALUE = 2,
	EVENT_TIMED_OUT = 4,
	EVENT_BLOCKED = 16,
	EVENT_FAILED = 8, /* a trylock that got nothing */
};

enum {
	RUN_LOG = 1,	   /* write events */
	RUN_ALL_SITES = 2, /* every access is worth a decision */
	RUN_DEBUG = 4	   /* a debugger is there: stop where it fails */
};

struct shared {
	uint64_t stamp, size;

	/* the request */
	uint64_t seed;
	uint32_t strategy, flags;
	uint32_t depth, est_steps; /* PCT: change points, and among how many operations */
	uint32_t max_steps, nr_constraints;
	struct shared_constraint constraints[MAX_CONSTRAINTS];
	uint64_t delta; /* SURW: the place whose accesses are interleaved evenly */
	uint32_t nr_counts, nr_replay;
	struct shared_count counts[MAX_THREADS];

	/* the answer */
	int32_t child;
	uint32_t started, finished, nr_findings, nr_waits, nr_threads;
	uint32_t nr_steps, nr_choices, nr_segments, nr_events, nr_pairs, nr_profile;
	uint64_t hash; /* of the whole interleaving */
	uint64_t base; /* where the program was loaded */
	uint64_t now_ns;
	uint32_t diverged; /* replay: a segment that could not be followed */
	uint32_t nr_sites;
	uint32_t locks_tried; /* learned: some lock is looked at without waiting for it */
	struct shared_finding findings[MAX_FINDINGS];
	struct shared_wait waits[MAX_THREADS];
	struct shared_thread threads[MAX_THREADS];
	struct shared_site sites[MAX_SITES + 1]; /* [0] is nobody */
	uint16_t site_index[2 * MAX_SITES];	 /* hash of pc to site */
	struct shared_pair pairs[MAX_PAIRS];
	struct shared_count profile[MAX_PROFILE];
	struct shared_segment replay[MAX_SEGMENTS];
	struct shared_segment segments[MAX_SEGMENTS];
	struct shared_event events[MAX_EVENTS];
};

#endif
