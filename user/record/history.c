// SPDX-License-Identifier: GPL-2.0
/* The last seconds of what is recorded: see history.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "record/history.h"

#define FIRST_ROOM 4096u /* records */

static void drop_first(struct history *h)
{
	const struct oncpu_record *r = &h->records[h->first & (h->room - 1)];

	now_take(&h->before, r->lap, r);
	if (r->time_ns > h->start_ns)
		h->start_ns = r->time_ns;
	h->first++;
}

/* Twice the room, where that is allowed and can be had. */
static bool grow(struct history *h)
{
	struct oncpu_record *bigger;
	size_t i, n = history_count(h);

	if (2 * h->room > h->most)
		return false;
	bigger = malloc(2 * h->room * sizeof(*bigger));
	if (!bigger)
		return false;
	for (i = 0; i < n; i++)
		bigger[(h->first + i) & (2 * h->room - 1)] = *history_record(h, i);
	free(h->records);
	h->records = bigger;
	h->room *= 2;
	return true;
}

void history_add(struct history *h, unsigned int cpu, const struct oncpu_record *r)
{
	struct oncpu_record *slot;

	if (history_count(h) == h->room && !grow(h)) {
		drop_first(h);
		h->full = true;
	}
	slot = &h->records[h->next++ & (h->room - 1)];
	*slot = *r;
	slot->lap = (uint16_t)cpu;
	if (r->time_ns > h->end_ns)
		h->end_ns = r->time_ns;
}

void history_trim(struct history *h, uint64_t now_ns)
{
	uint64_t oldest_ns = now_ns > h->span_ns ? now_ns - h->span_ns : 0;

	while (h->first < h->next && history_record(h, 0)->time_ns < oldest_ns)
		drop_first(h);
	h->full &= h->start_ns > oldest_ns;
	if (h->start_ns < oldest_ns)
		h->start_ns = oldest_ns;
	if (h->end_ns < now_ns)
		h->end_ns = now_ns;
}

int history_begin(struct history *h, unsigned int nr_cpus, uint64_t start_ns, uint64_t span_ns,
		  size_t most_bytes)
{
	size_t most = FIRST_ROOM;

	while (2 * most * sizeof(*h->records) <= most_bytes)
		most *= 2;
	*h = (struct history){ .start_ns = start_ns,
			       .end_ns = start_ns,
			       .span_ns = span_ns,
			       .room = FIRST_ROOM,
			       .most = most };
	h->records = malloc(h->room * sizeof(*h->records));
	return h->records ? now_begin(&h->before, nr_cpus, NULL) : -ENOMEM;
}

void history_end(struct history *h)
{
	now_end(&h->before);
	free(h->records);
	h->records = NULL;
}
