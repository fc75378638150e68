/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The model: from records to facts. Pure and total: no I/O, no clock, no kernel; any sequence of
 * records gives a model, and what cannot be known is said as unknown, never guessed.
 *
 * Facts are intervals. Per thread they tile its life in the recording without gap or overlap; per
 * CPU likewise. All times are nanoseconds of the trace's clock.
 *
 * A recording begins before the command and ends after it. Facts tile the recording; sums are over
 * the span of the command, counts begin with it.
 */
#ifndef ONCPU_MODEL_H
#define ONCPU_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <oncpu/record.h>
#include "lib/trace.h"

enum state {
	STATE_UNKNOWN, /* before its first record, or records were lost: until the next one of it */
	STATE_RUNNING, /* on a CPU */
	STATE_RUNNABLE, /* wants a CPU, waits on a run queue */
	STATE_SLEEPING, /* off CPU, interruptible (S) or a kernel thread without work (I) */
	STATE_BLOCKED,	/* off CPU, uninterruptible (D) */
	STATE_STOPPED,	/* stopped, traced, parked or frozen */
	STATE_DEAD,	/* ended: one interval without length, the last of its life */
	NR_STATES
} __attribute__((packed));

enum cause { /* why it was not running */
	     CAUSE_UNKNOWN,
	     CAUSE_PREEMPTED, /* RUNNABLE: put off the CPU against its will */
	     CAUSE_WOKEN,     /* RUNNABLE: woken, not yet run */
	     CAUSE_NEW,	      /* RUNNABLE: just created, not yet run */
	     CAUSE_YIELDED,   /* RUNNABLE: gave its CPU up by sched_yield() */
	     CAUSE_FUTEX, /* SLEEPING: in a futex wait; .address, .lock, .owner where it was read */
	     CAUSE_KERNEL_LOCK, /* SLEEPING, BLOCKED, or RUNNING (spinning) for one; .address */
	     CAUSE_JOIN,	/* SLEEPING: for the thread .owner to end; .address of the futex */

	     /* SLEEPING or BLOCKED, in the system call .call unless told otherwise: */
	     CAUSE_SLEEP,  /* as long as it asked to */
	     CAUSE_PIPE,   /* for what a pipe holds, or its room; .address: file descriptor */
	     CAUSE_SOCKET, /* likewise; also for a connection */
	     CAUSE_DEVICE, /* likewise: a terminal or another character device */
	     CAUSE_EVENT,  /* likewise: an eventfd, timerfd, signalfd, inotify... */
	     CAUSE_POLL,   /* for any of several files: poll, select, epoll */
	     CAUSE_URING,  /* for completions of io_uring; .address: file descriptor of the ring */
	     CAUSE_DISK,   /* for a block device; .address: file descriptor, or NO_FD */
	     CAUSE_FAULT,  /* for a page of its memory; .call is NO_CALL */
	     CAUSE_CHILD,  /* for a child process to end, or (vfork) to let it go */
	     CAUSE_SIGNAL, /* for a signal */
	     CAUSE_CALL,   /* in another system call */
	     NR_CAUSES
} __attribute__((packed));

#define CAUSE_FIRST_IN_CALL CAUSE_SLEEP
#define NO_CALL		    (-1)
#define NO_FD		    UINT32_MAX

/*
 * Zero-length intervals are dropped, but for the one DEAD at the end of a life. Small on purpose:
 * ten million records make about as many of these.
 */
struct interval {
	uint64_t start_ns, end_ns; /* start <= end */
	uint64_t address;	   /* FUTEX, KERNEL_LOCK, JOIN; a descriptor, as the cause says */
	uint32_t waker;	  /* tid that ended a sleep (SLEEPING, BLOCKED, STOPPED) or made it runnable
			     (WOKEN, NEW); 0: an interrupt, or nobody yet: see waker_irq */
	uint32_t instead; /* RUNNABLE: tid that ran most on that CPU meanwhile; 0: none */
	uint32_t owner;	  /* FUTEX: holder at the start of the wait; 0: unknown. JOIN: awaited */
	uint32_t lock;	  /* FUTEX, JOIN: one more than the index in model.locks; 0: none */
	uint32_t spot;	  /* off CPU: likewise in model.spots: where in the program; 0: unknown */
	enum state state;
	enum cause cause;
	int16_t cpu;	/* RUNNING, RUNNABLE: where; -1: unknown or none */
	uint8_t prio;	/* the kernel's, from PRIO_FIRST on; while it waits: what it had before */
	int16_t call;	/* from CAUSE_FIRST_IN_CALL on: number of the system call */
	bool waker_irq; /* the waking came from an interrupt, not from a task */
	bool open;	/* still so when the recording ended */
	bool in_vain;	/* FUTEX: of a mutex for which it was woken, but found it taken again */
};

#define PRIO_UNKNOWN  0
#define PRIO_FIRST    1 /* real time 99 */
#define PRIO_DEADLINE 255

/* What a scheduler of ours decided about a thread, as trace.policy tells. */
struct decision {
	uint64_t time_ns;
	uint32_t slice_us; /* ONCPU_DECISION_NO_END */
	uint32_t number;
	uint32_t thread; /* index */
	uint16_t queue;	 /* or ONCPU_DECISION_CHOSEN... */
	uint16_t why;	 /* id */
};

struct thread {
	uint32_t tid, tgid, parent; /* parent: tid of the creator; 0: unknown */
	bool target;		    /* the recorded command, a thread or a descendant of it */
	char comm[ONCPU_COMM_LEN];  /* the last name it had */
	uint64_t start_ns, end_ns;  /* its life within the recording */
	struct interval *intervals;
	size_t nr_intervals;
	uint64_t total_ns[NR_STATES];
	uint64_t nr_voluntary, nr_involuntary, nr_migrations, nr_wakeups;
	const struct decision *decisions; /* part of model.decisions, by time */
	size_t nr_decisions;
	uint64_t counted[TRACE_MAX_COUNTERS]; /* while it was on a CPU; see model.counters */
	uint64_t latency_max_ns; /* longest WOKEN or NEW wait, over migrations: run-queue latency */
};

/* Of one CPU these do not overlap, in order of time. A gap is time that no record tells about:
 * before the CPU's first record, or across lost ones. */
struct cpu_interval { /* idle: tid 0 */
	uint64_t start_ns, end_ns;
	uint32_t tid;
	bool target;
};

struct cpu {
	struct cpu_interval *intervals;
	size_t nr_intervals;
	uint64_t busy_ns, idle_ns; /* the rest of the span is unknown */
	uint64_t target_ns;	   /* part of busy_ns: by target threads */
	uint64_t nr_lost;	   /* of the source that was used */
};

/* The last wake of a futex word, where that found nobody to wake. */
struct empty_wake {
	uint64_t time_ns, address;
	uint32_t tid, tgid; /* who called it */
};

/*
 * Records of a CPU that were lost, and when: nr of them, the first at start_ns, none after end_ns.
 * Who was on that CPU meanwhile is not known, and of the threads that were on none nothing is
 * until their next record. Whoever was on another CPU was there: that is what survives.
 */
struct gap {
	uint64_t start_ns, end_ns;
	uint64_t nr;
	uint32_t cpu;
};

/* What a thread says about itself (oncpu/mark.h). At least one of its ends was marked. */
struct mark {
	uint64_t start_ns, end_ns; /* within its thread's life; of a point they are the same */
	uint64_t value;		   /* of a point */
	uint64_t off_cpu_ns;	   /* of an interval: how long its thread was not running */
	uint32_t tid;
	uint32_t name;	 /* of mark_names; nr_mark_names: not known */
	uint32_t thread; /* index; nr_threads: nobody of this tid is known */
	uint16_t depth;	 /* intervals of its thread that were open when it began */
	bool point;
	bool no_begin; /* an end alone: it has no length */
	bool no_end;   /* a begin alone: it lasts as long as its thread */
};

/* What was waited for by futexes. Unknown is unknown: name "", kind 0. */
struct model_lock {
	uint64_t address; /* where the lock begins, where its kind is known; else of the futex */
	uint32_t tgid;	  /* in whose memory */
	uint32_t spot;	  /* of the first wait for it; as interval.spot */
	uint8_t kind;	  /* ONCPU_ULOCK_*; 0: a futex */
	char name[80];	  /* the variable: "queue.lock" */
	uint64_t nr_waits, wait_ns, longest_ns; /* by target threads, in the span */
	uint32_t holder,
		nr_holders; /* who held it for most of that time, of how many; 0: unknown */
	/* hand-offs: waits that a task ended; and from there until the waiter ran */
	uint64_t nr_handoffs, handoff_ns, handoff_max_ns;
	uint64_t nr_futile; /* of these: it found a mutex taken again, and waited anew */
	uint64_t queue_ns, queue_start_ns;	/* the longest time that two and more waited */
	uint32_t most_waiting;			/* at one instant */
	uint64_t nr_held, held_ns, held_max_ns; /* only where all calls were recorded; else 0 */
};

/* A place in the program's source or, where that is not known, in its file. */
struct model_spot {
	char function[48]; /* "": unknown */
	char text[64];	   /* "queue.c:42" or "a.out+0x1139" */
};

struct model {
	uint64_t start_ns, end_ns; /* of the recording */
	uint64_t span_start_ns,	   /* from the target's EXEC, or where it is first seen on a CPU, */
		span_end_ns;	   /* to the end of its last thread; all, where it never ran */
	unsigned int nr_cpus;
	struct thread *threads; /* by tid; a tid that was used twice is two threads, by start */
	size_t nr_threads;
	struct cpu *cpus;
	struct model_lock *locks; /* by their first waits */
	size_t nr_locks;
	struct model_spot *spots;
	size_t nr_spots;
	struct gap *gaps; /* by start, then CPU */
	size_t nr_gaps;
	const char *const *counters; /* names; likewise the trace's */
	size_t nr_counters;	     /* 0: this source counted nothing */
	struct mark *marks;	     /* by start_ns */
	size_t nr_marks;
	const char *const *mark_names; /* the trace's: it must live as long */
	size_t nr_mark_names;
	uint64_t nr_marks_lost;
	const struct trace_policy *policy; /* the trace's; name NULL: none of ours */
	struct decision *decisions;	   /* by thread, then time */
	size_t nr_decisions;
	uint64_t nr_decisions_lost;
	uint64_t nr_lost;	    /* of the source that was used */
	uint64_t nr_untimed;	    /* part of it: nobody knows when, so all is in doubt */
	uint64_t blind_ns;	    /* of the span: within a gap of at least one CPU */
	uint64_t nr_records;	    /* of the source that was used */
	enum trace_source source;   /* the one source that the facts come from */
	unsigned int peak_parallel; /* most target threads running at one instant */
	uint64_t parallel_ns[17];   /* [k]: time with k target threads seen running; 16: and more */
	struct empty_wake *empty_wakes; /* by process and address */
	size_t nr_empty_wakes;
	bool finished; /* the file is whole: its recorder came to its end */
	bool complete; /* it did, and nothing was lost */
};

/* Facts from one source of a trace: TRACE_BPF or TRACE_MODULE; 0 takes the first that has records.
 * 0, -ENODATA (that source recorded nothing) or -ENOMEM. */
int model_build(struct model **out, const struct trace *t, enum trace_source source);
void model_free(struct model *m);

/* How much of a stretch of time lies within the span. */
uint64_t model_in_span(const struct model *m, uint64_t start_ns, uint64_t end_ns);

/* The interval of a thread at an instant; NULL outside its life. */
const struct interval *model_at(const struct thread *t, uint64_t time_ns);
/* The last thread that had this tid; the one that had it at an instant. NULL: none. */
const struct thread *model_thread(const struct model *m, uint32_t tid);
const struct thread *model_thread_at(const struct model *m, uint32_t tid, uint64_t time_ns);

/* Whom a fact of that time means by a tid: who had it then, or else the last. NULL: nobody known. */
const struct thread *model_who(const struct model *m, uint32_t tid, uint64_t time_ns);

const char *model_mark_name(const struct model *m, uint32_t name); /* "?": not known */

/* What all marks of one name come to. */
struct mark_sum {
	uint32_t name;
	uint64_t nr_intervals, nr_points;
	uint64_t nr_no_end, nr_no_begin; /* of the intervals; the latter have no length */
	uint64_t total_ns, longest_ns, off_cpu_ns;
};

/* By total_ns, the most first; of equals by the first of that name. 0 or -ENOMEM; free(*out). */
int model_mark_sums(struct mark_sum **out, size_t *n, const struct model *m);

/*
 * What brought a RUNNABLE or RUNNING interval about: the last decision on it since the thread was last
 * given a CPU, until it got one (RUNNING), or no longer waited. NULL: none is known.
 */
const struct decision *model_decision(const struct thread *t, const struct interval *i);

/* "mlfq put it into queue 2 for 8.0 ms: it used up its slice". Returns snprintf's count. */
#define MODEL_DECISION 256 /* bytes that suffice */
int model_decision_words(const struct model *m, const struct decision *d, char *buf, size_t size);

/* Sentences are facts too: "b/3 waited 4.1 ms for the futex 0x..., held by a/2; woken by a/2."
 * Returns snprintf's count. Times in a unit that fits, names as comm/tid; whoever is no thread of
 * the model is nobody known. */
#define MODEL_SENTENCE 768 /* bytes that suffice */
int model_sentence(const struct model *m, const struct thread *t, const struct interval *i,
		   char *buf, size_t size);

/*
 * Why a thread was off its CPU, and what was behind that: the first link is the interval asked for,
 * each next one what the one before it waited for did most of that time.
 */
enum why_how {
	WHY_ASKED, /* the first */
	WHY_OWNER, /* who held it, or was to end */
	WHY_WAKER, /* who ended it */
};

struct why_link {
	const struct thread *thread;
	const struct interval *interval; /* the longest of what it did meanwhile */
	uint64_t ns; /* how long within the interval of the link before: all it ran, if it ran */
	enum why_how how;
};

#define WHY_LINKS 8
/* How many links, 1 to WHY_LINKS. It ends at who ran, who is not known, or where it comes back to
 * where it began: a deadlock. */
size_t model_why(const struct model *m, const struct thread *t, const struct interval *i,
		 struct why_link links[WHY_LINKS]);

/* "b/3 was off CPU for 4.1 ms: it waited for the futex 0x7f00, held by a/2, which meanwhile had to
 * leave CPU 0 for 3.9 ms while x/9 ran there." Returns snprintf's count. */
#define WHY_SENTENCE (MODEL_SENTENCE * WHY_LINKS)
int model_why_sentence(const struct model *m, const struct why_link *links, size_t n, char *buf,
		       size_t size);

/*
 * The shape of that sentence without its subject, the same for all intervals that are alike in
 * state, cause, address, call, lock and spot, so that a view can hold a million of them: "waited {t} for the pipe
 * at fd 3, in read(){end}". model_sentence() and view/html/words.js put in what differs:
 *   {t} its length    {cpu} CPU 1    {owner} who, or "a thread"    {held} ", held by a/2"
 *   {why} ", woken by a/2"    {instead} " while a/2 ran there"
 *   {end} "; woken by a/2"    {open} that only where it was still so at the end of the recording
 *   {early} {end}, but nothing where an interrupt ended it: it was the timer
 */
#define MODEL_TEMPLATE 320
int model_template(const struct model *m, const struct interval *i, char *buf, size_t size);

/* "the mutex queue.lock", "the mutex first waited for at queue.c:42", "the futex 0x7f00" */
#define MODEL_LOCK 192 /* bytes that suffice */
int model_lock_words(const struct model *m, const struct model_lock *l, char *buf, size_t size);

/* What a wait is for: "the futex 0x7f00", "the pipe at fd 3", "a child", "the end of a thread";
 * "sleep" and "something" where it is none or unknown. */
void model_awaited(const struct model *m, const struct interval *i, char *buf, size_t size);

/* Number of a system call, as "read", on this machine; NO_CALL: it has none of that name. */
int model_call_number(const char *name);

const char *model_state_name(enum state s);
const char *model_cause_name(enum cause c);

#endif
