// SPDX-License-Identifier: GPL-2.0
/*
 * The records of all CPUs in order of time; at one instant by CPU, then as the ring had them.
 * Among them the beginnings of gaps, of which no record tells until the gap is over.
 */
#include <errno.h>
#include <stdlib.h>

#include "model/build.h"

static bool before(struct heap_item a, struct heap_item b)
{
	return a.time_ns < b.time_ns || (a.time_ns == b.time_ns && a.key < b.key);
}

void heap_push(struct heap *h, uint64_t time_ns, size_t key)
{
	struct heap_item item = { time_ns, key };
	size_t i = h->n++;

	for (; i > 0 && before(item, h->items[(i - 1) / 2]); i = (i - 1) / 2)
		h->items[i] = h->items[(i - 1) / 2];
	h->items[i] = item;
}

struct heap_item heap_pop(struct heap *h)
{
	struct heap_item top = h->items[0], last = h->items[--h->n];
	size_t i = 0, child;

	for (child = 1; child < h->n; child = 2 * i + 1) {
		if (child + 1 < h->n && before(h->items[child + 1], h->items[child]))
			child++;
		if (!before(h->items[child], last))
			break;
		h->items[i] = h->items[child];
		i = child;
	}
	h->items[i] = last;
	return top;
}

static bool is_used(const struct build *b, const struct trace_stream *s)
{
	return s->source == b->m->source && s->cpu < b->m->nr_cpus && s->n > 0;
}

int model_merge(struct build *b,
		void (*take)(struct build *, unsigned int cpu, const struct oncpu_record *))
{
	size_t nr = b->t->nr_streams, i, *next = calloc(nr + 1, sizeof(*next));
	struct heap heap = { .items = calloc(nr + 1, sizeof(*heap.items)) };
	const struct model *m = b->m;
	const struct trace_stream *s;

	if (!next || !heap.items) {
		b->err = -ENOMEM;
		goto out;
	}
	if (m->nr_gaps)
		heap_push(&heap, m->gaps[0].start_ns, 0);
	for (i = 1; i <= nr; i++)
		if (is_used(b, &b->t->streams[i - 1]))
			heap_push(&heap, b->t->streams[i - 1].records[0].time_ns, i);
	while (heap.n > 0 && !b->err) {
		i = heap_pop(&heap).key;
		if (!i) {
			place_gap_begins(b, &m->gaps[next[0]++]);
			if (next[0] < m->nr_gaps)
				heap_push(&heap, m->gaps[next[0]].start_ns, 0);
			continue;
		}
		s = &b->t->streams[i - 1];
		take(b, s->cpu, &s->records[next[i]++]);
		if (next[i] < s->n)
			heap_push(&heap, s->records[next[i]].time_ns, i);
	}
out:
	free(next);
	free(heap.items);
	return b->err;
}
