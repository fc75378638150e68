// SPDX-License-Identifier: GPL-2.0
/*
 * How long locks were held, whether or not anybody waited for them: from the program's calls into the C
 * library (record --locks=all). What is seen is that it asks for one, and that it releases it. It has
 * it from when it asked, or, where it had to wait, from when its last wait for it was over: so a lock
 * that was only tried and not had is never released, and counts for nothing. Of a lock that its
 * holder took again the innermost is what counts.
 */
#include <string.h>

#include "model/build.h"

#define LARGEST_LOCK 56 /* a rwlock: bytes that its futex words lie within */

static struct held *find(struct life *l, uint64_t address)
{
	unsigned int i;

	for (i = 0; i < l->nr_held; i++)
		if (l->held[i].address == address)
			return &l->held[i];
	return NULL;
}

static void asks(struct life *l, const struct oncpu_record *r)
{
	struct held *h = find(l, r->ulock.address);

	if (!h &&
	    l->nr_held == MAX_HELD) { /* the oldest: it was tried in vain, or is held for ever */
		memmove(l->held, l->held + 1, sizeof(l->held) - sizeof(*l->held));
		l->nr_held--;
	}
	if (!h)
		h = &l->held[l->nr_held++];
	*h = (struct held){ .address = r->ulock.address,
			    .since_ns = r->time_ns,
			    .by_condition = (r->flags & ~ONCPU_ULOCK_SHARED) == ONCPU_ULOCK_COND };
	l->last_asked = h->address;
}

/* A wait of its is over: for the lock itself, or for the condition that gave the lock up. */
static void waited(struct life *l, uint64_t word, uint64_t time_ns)
{
	struct held *h;
	unsigned int i;

	for (i = 0; i < l->nr_held; i++) {
		h = &l->held[i];
		if ((h->by_condition && h->address == l->last_asked) ||
		    (word >= h->address && word < h->address + LARGEST_LOCK))
			h->since_ns = time_ns;
	}
}

static void releases(struct build *b, struct life *l, const struct oncpu_record *r)
{
	struct held *h = find(l, r->ulock.address);
	struct model_lock *lock;
	uint32_t index;
	uint64_t ns;

	if (!h)
		return; /* it had it before the recording began */
	ns = r->time_ns - h->since_ns;
	memmove(h, h + 1, (size_t)(&l->held[--l->nr_held] - h) * sizeof(*h));
	index = l->thread.target ? lock_at(b, l, r) : 0;
	if (!index)
		return;
	lock = &b->m->locks[index - 1];
	lock->nr_held++;
	lock->held_ns += ns;
	if (ns > lock->held_max_ns)
		lock->held_max_ns = ns;
}

void hold_record(struct build *b, struct life *l, const struct oncpu_record *r)
{
	if (r->type == ONCPU_ULOCK_WAIT)
		asks(l, r);
	else if (r->type == ONCPU_ULOCK_RELEASE)
		releases(b, l, r);
	else if (r->type == ONCPU_FUTEX_WAIT_END && l->nr_held)
		waited(l, l->futex_address, r->time_ns);
}
