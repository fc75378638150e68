// SPDX-License-Identifier: GPL-2.0
/* When jobs competed for CPUs, what each of them got then, and what its share was. */
#include <errno.h>
#include <stdlib.h>

#include "race/parts.h"

/* Somebody wants a CPU from here, or no longer does. */
struct change {
	uint64_t time_ns;
	size_t job;
	bool wants;
};

void race_fair_shares(double *weights, size_t n, unsigned int nr_cpus)
{
	double left = nr_cpus, sum;
	bool again;
	size_t i;

	/* Who is due more than a CPU gets one, and the rest is shared anew. Shares done are negative. */
	do {
		for (i = 0, sum = 0; i < n; i++)
			sum += weights[i] > 0 ? weights[i] : 0;
		again = false;
		for (i = 0; i < n; i++) {
			if (weights[i] <= 0 || weights[i] / sum * left < 1)
				continue;
			sum -= weights[i];
			weights[i] = -1;
			left--;
			again = true;
		}
	} while (again);
	for (i = 0; i < n; i++)
		weights[i] = weights[i] < 0 ? 1 : weights[i] > 0 ? weights[i] / sum * left : 0;
}

static bool wants_cpu(const struct interval *i)
{
	return i->state == STATE_RUNNING || i->state == STATE_RUNNABLE;
}

static size_t count_pieces(const struct race_job *j, const struct thread *t)
{
	struct piece p = { 0 };
	size_t n = 0;

	while (piece_next(&p, j, t))
		n++;
	return n;
}

/* A job's stretches of wanting a CPU, two changes each. */
static size_t list_changes(struct change *list, const struct race_job *j, size_t job,
			   const struct thread *t)
{
	struct piece p = { 0 };
	size_t n = 0;

	while (piece_next(&p, j, t)) {
		if (!wants_cpu(p.i))
			continue;
		if (n && list[n - 1].time_ns == p.from_ns)
			n--; /* it goes on */
		else
			list[n++] = (struct change){ p.from_ns, job, true };
		list[n++] = (struct change){ p.to_ns, job, false };
	}
	return n;
}

static int by_time(const void *a, const void *b)
{
	const struct change *x = a, *y = b;

	if (x->time_ns != y->time_ns)
		return x->time_ns < y->time_ns ? -1 : 1;
	if (x->wants != y->wants)
		return x->wants ? 1 : -1;
	return x->job != y->job ? x->job < y->job ? -1 : 1 : 0;
}

static void add_part(struct contest *c, uint64_t from_ns, uint64_t to_ns)
{
	if (c->nr_parts && c->parts[c->nr_parts - 1].end_ns == from_ns)
		c->parts[c->nr_parts - 1].end_ns = to_ns;
	else
		c->parts[c->nr_parts++] = (struct contest_part){ from_ns, to_ns };
}

/* Between two changes: all who want a CPU are due their share. */
static void share_out(struct race_run *r, const bool *wants, double *shares, double ns,
		      unsigned int nr_cpus)
{
	size_t i;

	for (i = 0; i < r->nr_jobs; i++)
		shares[i] = wants[i] ? r->jobs[i].weight : 0;
	race_fair_shares(shares, r->nr_jobs, nr_cpus);
	for (i = 0; i < r->nr_jobs; i++) {
		r->jobs[i].fair_ns += shares[i] * ns;
		r->jobs[i].chance_ns += shares[i] * (1 - shares[i]) * ns;
	}
}

static int sweep(struct contest *c, struct race_run *r, const struct change *changes, size_t n,
		 unsigned int nr_cpus)
{
	double *shares = calloc(r->nr_jobs, sizeof(*shares));
	bool *wants = calloc(r->nr_jobs, sizeof(*wants));
	size_t i, nr_wanting = 0;
	uint64_t last_ns = 0;

	for (i = 0; i < n && shares && wants; i++) {
		if (nr_wanting > nr_cpus && changes[i].time_ns > last_ns) {
			share_out(r, wants, shares, (double)(changes[i].time_ns - last_ns),
				  nr_cpus);
			add_part(c, last_ns, changes[i].time_ns);
		}
		last_ns = changes[i].time_ns;
		wants[changes[i].job] = changes[i].wants;
		nr_wanting = changes[i].wants ? nr_wanting + 1 : nr_wanting - 1;
	}
	n = shares && wants;
	free(shares);
	free(wants);
	return n ? 0 : -ENOMEM;
}

static void count_got(struct race_job *j, const struct thread *t, const struct contest *c)
{
	struct piece p = { 0 };

	while (piece_next(&p, j, t))
		if (p.i->state == STATE_RUNNING)
			j->got_ns += (double)contest_overlap(c, p.from_ns, p.to_ns);
}

int contest_find(struct contest *c, struct race_run *r, const struct model *m, unsigned int nr_cpus)
{
	struct change *changes;
	size_t i, n = 0;
	int err = -ENOMEM;

	for (i = 0; i < r->nr_jobs; i++)
		n += 2 * count_pieces(&r->jobs[i], &m->threads[r->jobs[i].thread]);
	changes = calloc(n + 1, sizeof(*changes));
	c->parts = calloc(n + 1, sizeof(*c->parts));
	if (!changes || !c->parts)
		goto out;
	for (i = 0, n = 0; i < r->nr_jobs; i++)
		n += list_changes(changes + n, &r->jobs[i], i, &m->threads[r->jobs[i].thread]);
	qsort(changes, n, sizeof(*changes), by_time);
	err = sweep(c, r, changes, n, nr_cpus);
	for (i = 0; i < r->nr_jobs && !err; i++)
		count_got(&r->jobs[i], &m->threads[r->jobs[i].thread], c);
out:
	free(changes);
	return err;
}

void contest_free(struct contest *c)
{
	free(c->parts);
	*c = (struct contest){ 0 };
}

/* The parts are in order: the first that ends after from_ns, and on from there. */
uint64_t contest_overlap(const struct contest *c, uint64_t from_ns, uint64_t to_ns)
{
	size_t low = 0, high = c->nr_parts, middle;
	uint64_t sum = 0, a, b;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (c->parts[middle].end_ns <= from_ns)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < c->nr_parts && c->parts[low].start_ns < to_ns; low++) {
		a = c->parts[low].start_ns > from_ns ? c->parts[low].start_ns : from_ns;
		b = c->parts[low].end_ns < to_ns ? c->parts[low].end_ns : to_ns;
		sum += b - a;
	}
	return sum;
}
