/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The last seconds of what is recorded, in memory: for one who looks back, and to be saved as a
 * trace. Of what is too old to be kept, what it came to is: who is called how, and what each
 * thread did where the kept records begin.
 *
 * Bounded in time and in bytes. Where the bytes are the limit, it reaches less far back than it
 * should, and start_ns says how far.
 */
#ifndef ONCPU_RECORD_HISTORY_H
#define ONCPU_RECORD_HISTORY_H

#include "model/now.h"

struct history {
	struct now before;	      /* of all records that are no longer kept */
	uint64_t start_ns;	      /* of all since then none is missing */
	uint64_t end_ns;	      /* until then */
	uint64_t span_ns;	      /* how far back it is to reach */
	bool full;		      /* less was kept for want of room, since the last trim */
	struct oncpu_record *records; /* a ring; .lap is the CPU */
	size_t room, most;	      /* powers of two */
	uint64_t first, next;	      /* positions, since ever; modulo room */
};

/* 0 or -ENOMEM. history_end() it in any case. */
int history_begin(struct history *h, unsigned int nr_cpus, uint64_t start_ns, uint64_t span_ns,
		  size_t most_bytes);
void history_end(struct history *h);

/* In order of time over all CPUs, as far as one can: a straggler does no harm. */
void history_add(struct history *h, unsigned int cpu, const struct oncpu_record *r);
/* All until now_ns has been added: what is older than the span goes. */
void history_trim(struct history *h, uint64_t now_ns);

static inline size_t history_count(const struct history *h)
{
	return h->next - h->first;
}

/* From 0, the oldest. .lap is the CPU. */
static inline const struct oncpu_record *history_record(const struct history *h, size_t i)
{
	return &h->records[(h->first + i) & (h->room - 1)];
}

#endif
