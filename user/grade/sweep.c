// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <stdlib.h>

#include "grade/evidence.h"
#include "grade/harness.h"
#include "grade/sweep.h"

struct edge {
	uint64_t time_ns;
	int step;
};

void stretches_add(struct stretches *s, uint64_t from_ns, uint64_t to_ns)
{
	if (from_ns >= to_ns)
		return;
	if (s->n == s->capacity) {
		s->capacity = s->capacity ? s->capacity * 2 : 64;
		s->list = realloc(s->list, s->capacity * sizeof(*s->list));
		if (!s->list) {
			puts("# no memory");
			exit(CHECK_FAILED);
		}
	}
	s->list[s->n++] = (struct stretch){ from_ns, to_ns };
}

void stretches_free(struct stretches *s)
{
	free(s->list);
	*s = (struct stretches){};
}

static int by_time(const void *a, const void *b)
{
	const struct edge *x = a, *y = b;

	if (x->time_ns != y->time_ns)
		return x->time_ns < y->time_ns ? -1 : 1;
	return x->step - y->step;
}

static struct edge *edges_of(const struct stretches *s)
{
	struct edge *e = malloc((2 * s->n + 1) * sizeof(*e));
	size_t i;

	if (!e) {
		puts("# no memory");
		exit(CHECK_FAILED);
	}
	for (i = 0; i < s->n; i++) {
		e[2 * i] = (struct edge){ s->list[i].from_ns, 1 };
		e[2 * i + 1] = (struct edge){ s->list[i].to_ns, -1 };
	}
	qsort(e, 2 * s->n, sizeof(*e), by_time);
	return e;
}

struct most sweep(struct stretches *s, unsigned int k)
{
	struct edge *e = edges_of(s);
	struct most m = {};
	unsigned int n = 0;
	uint64_t ns;
	size_t i;

	for (i = 0; i + 1 < 2 * s->n; i++) {
		n = (unsigned int)((int)n + e[i].step);
		ns = e[i + 1].time_ns - e[i].time_ns;
		if (n > m.n && ns)
			m = (struct most){ n, e[i].time_ns, e[i + 1].time_ns, m.at_least_ns,
					   m.any_ns };
		m.any_ns += n ? ns : 0;
		m.at_least_ns += n >= k ? ns : 0;
	}
	free(e);
	return m;
}

static void within(struct stretches *s, const struct thread *t, const struct mark *mark,
		   stretch_wanted *wanted)
{
	const struct interval *i = model_at(t, mark->start_ns);
	uint64_t from, to;

	for (; i && i < t->intervals + t->nr_intervals && i->start_ns < mark->end_ns; i++) {
		if (!wanted(i))
			continue;
		from = i->start_ns > mark->start_ns ? i->start_ns : mark->start_ns;
		to = i->end_ns < mark->end_ns ? i->end_ns : mark->end_ns;
		stretches_add(s, from, to);
	}
}

void stretches_within(struct stretches *s, const struct run *r, const char *mark,
		      stretch_wanted *wanted)
{
	const struct mark *const *marks;
	size_t n, i;

	marks = marks_of(r, mark, &n);
	for (i = 0; i < n; i++)
		if (marks[i]->thread < r->model->nr_threads)
			within(s, &r->model->threads[marks[i]->thread], marks[i], wanted);
}
