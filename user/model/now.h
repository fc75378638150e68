/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What every thread does now, from the records one by one, at a constant cost a record: for a
 * picture of what happens (view/live.h), and for what a recording that begins in the middle must
 * know of the time before (record/history.h). It keeps no past and corrects none: where model.h
 * says something else, the model is right.
 */
#ifndef ONCPU_MODEL_NOW_H
#define ONCPU_MODEL_NOW_H

#include "model/model.h"

struct now_thread {
	struct interval now; /* since start_ns; end_ns and who woke it are not told */
	uint32_t tid, tgid, parent;
	char comm[ONCPU_COMM_LEN];
	bool target;
	bool woken;    /* while it was on its CPU, about to sleep */
	bool in_futex; /* at .futex */
	uint64_t futex;
	uint64_t lock;	/* of the kernel's, that it waits for; 0: none */
	void *attached; /* the watcher's own */
};

struct now_cpu {
	bool known;	       /* who is on it */
	struct now_thread *on; /* NULL: idle */
	unsigned int queued;   /* threads that are runnable, and not on it */
};

/* Told before something changes, so that what was until then can be accounted. Any may be NULL. */
struct now_watcher {
	void (*turn)(void *arg, struct now_thread *t, uint64_t time_ns);
	void (*place)(void *arg, unsigned int cpu, uint64_t time_ns);
	void (*gone)(void *arg, struct now_thread *t); /* after its last turn */
	void *arg;
};

struct now {
	struct now_watcher watcher;
	struct now_cpu *cpus;
	unsigned int nr_cpus;
	unsigned int nr_running, nr_runnable, nr_lock_waits; /* threads */
	uint64_t nr_switches, nr_lost;			     /* since the start */
	uint64_t time_ns;				     /* of the last record */
	struct now_thread **table;			     /* by tid, open addressing */
	size_t size, nr_threads;
	int err; /* -ENOMEM: what it says has holes */
};

/* 0 or -ENOMEM. now_end() it in any case. */
int now_begin(struct now *n, unsigned int nr_cpus, const struct now_watcher *w);
void now_end(struct now *n);

/* A thread that is known before any record. NULL: no memory. */
struct now_thread *now_add(struct now *n, uint32_t tid, uint32_t tgid, uint32_t parent,
			   const char *comm, bool target);
/* It does that since next.start_ns, though no record told so. */
void now_put(struct now *n, struct now_thread *t, struct interval next);
struct now_thread *now_find(const struct now *n, uint32_t tid);

void now_take(struct now *n, unsigned int cpu, const struct oncpu_record *r);

/* It waits for a lock, of the program or of the kernel. */
bool now_is_lock_wait(const struct now_thread *t);

#endif
