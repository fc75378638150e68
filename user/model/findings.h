/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Findings: what goes wrong with concurrency, under the name that the field has for it, each with the
 * stretch of time and the threads that show it. Facts as the model's are: found in the record by the
 * rule that stands beside each name, never by a guess. Only the target's threads are looked at.
 */
#ifndef ONCPU_MODEL_FINDINGS_H
#define ONCPU_MODEL_FINDINGS_H

#include "model/model.h"

enum finding_kind {
	FINDING_DEADLOCK, /* each waits for what the next one holds, and the last for the first's */
	FINDING_LOST_WAKEUP, /* waits at the end for a wake-up that came before it waited */
	FINDING_INVERSION,   /* waits for who wants a CPU that a task of a priority between has */
	FINDING_STARVATION,  /* wanted a CPU for long and did not get it */
	FINDING_CONVOY,	     /* three threads and more queue for one lock, which is handed on */
	FINDING_HERD,	     /* many woken for one thing, most of whom go back to wait for it */
	FINDING_FUTILE,	     /* woken for a lock again and again, only to wait for it again */
	FINDING_POLLING,     /* short sleeps, or sched_yield(), in a row: a wait would have done */
	NR_FINDINGS
};

#define FINDING_THREADS 4

struct finding {
	enum finding_kind kind;
	uint64_t start_ns, end_ns;
	const struct thread *thread;	 /* who shows it best, */
	const struct interval *interval; /* and where: one of its intervals */
	uint32_t
		tids[FINDING_THREADS]; /* who else: in the cycle, held it, ran instead, woke them */
	unsigned int nr_tids;	       /* may be more than FINDING_THREADS */
	uint64_t nr;		       /* how often, or how many threads */
	uint64_t ns;		       /* how long in all */
};

/* Thresholds: what is shorter or rarer is how programs are. */
#define FINDING_STARVED_NS    100000000ull
#define FINDING_INVERSION_NS  1000000ull
#define FINDING_CONVOY_QUEUE  3
#define FINDING_HERD_THREADS  8
#define FINDING_FUTILE_TIMES  10
#define FINDING_POLL_TIMES    20
#define FINDING_POLL_SLEEP_NS 5000000ull
#define FINDING_POLL_RUN_NS   1000000ull /* between two yields: who works for longer does not poll */

/* By kind, then by time. 0 or -ENOMEM; free(*out), which points into m. */
int model_findings(struct finding **out, size_t *n, const struct model *m);

const char *finding_name(enum finding_kind kind);
/* "Deadlock: a/1 waits for the futex 0x10, which b/2 holds; b/2 waits for ..." */
#define FINDING_SENTENCE 512
int finding_sentence(const struct model *m, const struct finding *f, char *buf, size_t size);

#endif
