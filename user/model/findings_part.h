/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The finders, one a file; for user/model/ only.
 *
 *   findings.c         the list, its order, its words
 *   finding_blocked.c  who waits for whom: deadlock, lost wake-up, priority inversion
 *   finding_queues.c   many at one thing: convoy, thundering herd
 *   finding_alone.c    one thread's own: starvation, futile wake-ups, polling
 */
#ifndef ONCPU_MODEL_FINDINGS_PART_H
#define ONCPU_MODEL_FINDINGS_PART_H

#include "model/findings.h"

struct findings {
	const struct model *m;
	struct finding *list;
	size_t n, capacity;
	int err;
};

/* The one failure is lack of memory: it sets err. */
void findings_add(struct findings *f, const struct finding *finding);
void finding_involve(struct finding *f, uint32_t tid);

void find_deadlocks(struct findings *f);
void find_lost_wakeups(struct findings *f);
void find_inversions(struct findings *f);
void find_queues(struct findings *f);
void find_herds(struct findings *f);
void find_alone(struct findings *f);

/* A wait for something that has an owner, or an address of its own in the process. */
static inline bool finding_is_wait(const struct interval *i)
{
	return i->state == STATE_SLEEPING || i->state == STATE_BLOCKED;
}

static inline uint64_t finding_length(const struct interval *i)
{
	return i->end_ns - i->start_ns;
}

/* The same thing waited for. */
static inline bool finding_same(const struct interval *a, const struct interval *b)
{
	return a->cause == b->cause && a->address == b->address;
}

#endif
