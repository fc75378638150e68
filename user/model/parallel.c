// SPDX-License-Identifier: GPL-2.0
/*
 * How many target threads ran at one instant: from the finished intervals of the CPUs, because a
 * counter kept while the records come would be wrong wherever the past is corrected later.
 */
#include <errno.h>
#include <stdlib.h>

#include "model/build.h"

#define MOST (sizeof(((struct model *)0)->parallel_ns) / sizeof(uint64_t) - 1)

struct cursor {
	size_t next; /* interval of that CPU */
	bool inside; /* it has begun */
};

/* The next edge of a target's interval on that CPU: its end if inside, else the next begin. */
static void push_edge(const struct model *m, struct heap *h, struct cursor *c, size_t cpu)
{
	const struct cpu *of = &m->cpus[cpu];

	if (c->inside) {
		heap_push(h, of->intervals[c->next].end_ns, cpu);
		return;
	}
	while (c->next < of->nr_intervals && !of->intervals[c->next].target)
		c->next++;
	if (c->next < of->nr_intervals)
		heap_push(h, of->intervals[c->next].start_ns, m->nr_cpus + cpu);
}

static void add(struct model *m, unsigned int running, uint64_t start_ns, uint64_t end_ns)
{
	uint64_t ns = model_in_span(m, start_ns, end_ns);

	m->parallel_ns[running < MOST ? running : MOST] += ns;
	if (ns && running > m->peak_parallel)
		m->peak_parallel = running;
}

static void sweep(struct model *m, struct heap *h, struct cursor *cursors)
{
	uint64_t since_ns = m->start_ns;
	unsigned int running = 0;
	struct heap_item edge;
	struct cursor *c;

	while (h->n > 0) {
		edge = heap_pop(h);
		add(m, running, since_ns, edge.time_ns);
		since_ns = edge.time_ns;
		c = &cursors[edge.key % m->nr_cpus];
		c->inside = !c->inside;
		if (c->inside) {
			running++;
		} else {
			running--;
			c->next++;
		}
		push_edge(m, h, c, edge.key % m->nr_cpus);
	}
	add(m, 0, since_ns, m->end_ns);
}

/* At one instant ends come before begins (their keys are smaller): a hand-over is no overlap. */
int model_parallel(struct build *b)
{
	struct model *m = b->m;
	struct cursor *cursors = calloc(m->nr_cpus + 1ul, sizeof(*cursors));
	struct heap heap = { .items = calloc(m->nr_cpus + 1ul, sizeof(*heap.items)) };
	size_t cpu;
	int err = -ENOMEM;

	if (!cursors || !heap.items)
		goto out;
	for (cpu = 0; cpu < m->nr_cpus; cpu++)
		push_edge(m, &heap, &cursors[cpu], cpu);
	sweep(m, &heap, cursors);
	err = 0;
out:
	free(cursors);
	free(heap.items);
	return err;
}
