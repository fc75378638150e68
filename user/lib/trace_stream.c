// SPDX-License-Identifier: GPL-2.0
/* RECORDS chunks into streams: one per source and CPU, sorted by time. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/trace_columns.h"
#include "lib/trace_reader.h"

int trace_reader_slot(struct trace_reader *r, struct slot **out, uint64_t source, uint64_t cpu)
{
	struct slot **slot;

	if (source == 0 || source >= TRACE_NR_SOURCES || cpu >= TRACE_MAX_CPUS)
		return trace_reader_damaged(r, "records of an impossible source or CPU");
	slot = &r->slots[source][cpu];
	if (!*slot) {
		*slot = calloc(1, sizeof(**slot));
		if (!*slot)
			return -ENOMEM;
		(*slot)->stream.source = (enum trace_source)source;
		(*slot)->stream.cpu = (unsigned int)cpu;
		r->t->nr_streams++;
	}
	*out = *slot;
	return 0;
}

static int reserve(struct slot *slot, size_t more)
{
	size_t capacity = slot->capacity ? slot->capacity : 64;
	struct oncpu_record *bigger;

	while (capacity < slot->stream.n + more)
		capacity *= 2;
	if (capacity == slot->capacity)
		return 0;
	bigger = reallocarray(slot->stream.records, capacity, sizeof(*bigger));
	if (!bigger)
		return -ENOMEM;
	slot->stream.records = bigger;
	slot->capacity = capacity;
	return 0;
}

/* By the version rule, types of a later minor version reach nobody. */
static size_t drop_unknown(struct oncpu_record *records, size_t n)
{
	size_t i, kept = 0;

	for (i = 0; i < n; i++)
		if (records[i].type > 0 && records[i].type < ONCPU_RECORD_TYPE_END)
			records[kept++] = records[i];
	return kept;
}

/* The clock starts with the machine: nobody has been recording for 292 years. */
static bool has_time_after_all(const struct oncpu_record *records, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (records[i].time_ns > INT64_MAX)
			return true;
	return false;
}

int trace_reader_records(struct trace_reader *r, const unsigned char *raw, size_t size)
{
	struct oncpu_record *to;
	struct records_header h;
	struct slot *slot;
	int err;

	if (size < sizeof(h))
		return trace_reader_damaged(r, "a chunk of records without its header");
	memcpy(&h, raw, sizeof(h));
	if (size - sizeof(h) != (uint64_t)h.n * TRACE_PACKED_SIZE)
		return trace_reader_damaged(r, "a chunk whose size is not that of its records");
	r->nr_records += h.n;
	if (r->nr_records > TRACE_MAX_RECORDS)
		return trace_reader_fail(r, -EFBIG,
					 "it has more than %u records; record for a "
					 "shorter time",
					 TRACE_MAX_RECORDS);
	err = trace_reader_slot(r, &slot, h.source, h.cpu);
	if (err)
		return err;
	err = reserve(slot, h.n);
	if (err)
		return err;
	to = slot->stream.records + slot->stream.n;
	trace_unpack(to, raw + sizeof(h), h.n);
	slot->seen += h.n;
	h.n = (uint32_t)drop_unknown(to, h.n);
	if (has_time_after_all(to, h.n))
		return trace_reader_damaged(r, "a record of an impossible time");
	slot->stream.n += h.n;
	return 0;
}

static void merge_halves(struct oncpu_record *to, const struct oncpu_record *from, size_t half,
			 size_t n)
{
	size_t a = 0, b = half, i;

	for (i = 0; i < n; i++) {
		if (b >= n || (a < half && from[a].time_ns <= from[b].time_ns))
			to[i] = from[a++];
		else
			to[i] = from[b++];
	}
}

/*
 * An interrupt can nest in the writing of a record, so a ring is nearly in order of time, seldom
 * quite. A stable merge sort from below that leaves alone what is in order already.
 */
static int sort_by_time(struct oncpu_record *records, size_t n)
{
	size_t i = 1, width, length;
	struct oncpu_record *merged;

	while (i < n && records[i - 1].time_ns <= records[i].time_ns)
		i++;
	if (i >= n)
		return 0;
	merged = malloc(n * sizeof(*merged));
	if (!merged)
		return -ENOMEM;
	for (width = 1; width < n; width *= 2)
		for (i = 0; i + width < n; i += 2 * width) {
			if (records[i + width - 1].time_ns <= records[i + width].time_ns)
				continue;
			length = n - i < 2 * width ? n - i : 2 * width;
			merge_halves(merged, records + i, width, length);
			memcpy(records + i, merged, length * sizeof(*merged));
		}
	free(merged);
	return 0;
}

/* No sum of a damaged file's numbers may come round to 0. */
static uint64_t timed_losses(const struct trace_stream *s)
{
	uint64_t sum = 0, nr;
	size_t i;

	for (i = 0; i < s->n; i++) {
		nr = s->records[i].type == ONCPU_LOST ? s->records[i].lost.nr : 0;
		sum = nr > TRACE_MAX_LOST - sum ? TRACE_MAX_LOST : sum + nr;
	}
	return sum;
}

static void count_losses(struct trace_stream *s)
{
	uint64_t timed = timed_losses(s);

	s->untimed = s->lost > timed ? s->lost - timed : 0;
	s->lost = s->untimed + timed;
}

static int hand_over(struct trace *t, struct slot *slot)
{
	struct trace_stream *s = &slot->stream;
	int err = sort_by_time(s->records, s->n);

	if (err)
		return err;
	count_losses(s);
	if (slot->seen < slot->promised)
		t->complete = false;
	if (s->source == TRACE_MARKS || s->source == TRACE_DECISIONS) {
		struct trace_stream *only = s->source == TRACE_MARKS ? &t->marks : &t->decisions;

		free(only->records); /* CPU 0 has them; nobody writes others */
		*only = *s;
		slot->stream.records = NULL;
		return 0;
	}
	if (s->cpu >= t->nr_cpus)
		t->nr_cpus = s->cpu + 1;
	t->streams[t->nr_streams++] = *s;
	slot->stream.records = NULL;
	return 0;
}

int trace_reader_streams(struct trace_reader *r)
{
	struct trace *t = r->t;
	unsigned int source, cpu;
	int err;

	if (!t->nr_streams)
		return 0;
	t->streams = calloc(t->nr_streams, sizeof(*t->streams));
	t->nr_streams = 0;
	if (!t->streams)
		return -ENOMEM;
	for (source = 0; source < TRACE_NR_SOURCES; source++)
		for (cpu = 0; cpu < TRACE_MAX_CPUS; cpu++) {
			if (!r->slots[source][cpu])
				continue;
			err = hand_over(t, r->slots[source][cpu]);
			if (err)
				return err;
		}
	return 0;
}

void trace_reader_free_slots(struct trace_reader *r)
{
	unsigned int source, cpu;

	for (source = 0; source < TRACE_NR_SOURCES; source++)
		for (cpu = 0; cpu < TRACE_MAX_CPUS; cpu++) {
			if (!r->slots[source][cpu])
				continue;
			free(r->slots[source][cpu]->stream.records);
			free(r->slots[source][cpu]);
		}
}
