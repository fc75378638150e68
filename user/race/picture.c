// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "race/picture.h"
#include "view/lines.h"

static int by_index(const void *a, const void *b)
{
	size_t x = *(const size_t *)a, y = *(const size_t *)b;

	return x < y ? -1 : x > y;
}

/* What a thread does when its last job has ended (it waits for the others, say) is no part of the race. */
static int end_with_jobs(struct race_picture *p, const struct race_run *run)
{
	struct thread *threads = calloc(p->m.nr_threads + 1, sizeof(*threads)), *t;
	uint64_t end_ns;
	size_t i;

	if (!threads)
		return -ENOMEM;
	memcpy(threads, p->m.threads, p->m.nr_threads * sizeof(*threads));
	p->m.threads = p->own = threads;
	for (i = 0; i < run->nr_jobs; i++) /* by arrival: of one thread the last is the last */
		threads[run->jobs[i].thread].end_ns = run->jobs[i].end_ns;
	for (i = 0; i < p->nr_threads; i++) {
		t = &threads[p->threads[i]];
		end_ns = t->end_ns;
		while (t->nr_intervals && t->intervals[t->nr_intervals - 1].start_ns >= end_ns)
			t->nr_intervals--;
	}
	return 0;
}

/* A thread may have had several jobs, and has one row. */
int race_picture_make(struct race_picture *p, const struct race_result *r, size_t run,
		      const struct model *m)
{
	const struct race_run *of = &r->runs[run];
	size_t i, n = 0;

	*p = (struct race_picture){ .result = r, .run = run, .m = *m };
	p->threads = calloc(of->nr_jobs + 1, sizeof(*p->threads));
	if (!p->threads)
		return -ENOMEM;
	for (i = 0; i < of->nr_jobs; i++)
		p->threads[i] = of->jobs[i].thread;
	qsort(p->threads, of->nr_jobs, sizeof(*p->threads), by_index);
	for (i = 0; i < of->nr_jobs; i++)
		if (!i || p->threads[i] != p->threads[n - 1])
			p->threads[n++] = p->threads[i];
	p->nr_threads = n;
	return end_with_jobs(p, of);
}

void race_picture_free(struct race_picture *p)
{
	free(p->own);
	free(p->threads);
	*p = (struct race_picture){ 0 };
}

uint64_t race_pictures_ns(const struct race_picture *p, size_t n)
{
	uint64_t most = 1, ns;
	size_t i;

	for (i = 0; i < n; i++) {
		ns = p[i].result->runs[p[i].run].end_ns - p[i].result->runs[p[i].run].start_ns;
		most = ns > most ? ns : most;
	}
	return most;
}

struct view_lanes race_lanes(const struct race_picture *p, uint64_t ns, struct race_cpus cpus)
{
	uint64_t start_ns = p->result->runs[p->run].start_ns;

	return (struct view_lanes){ .m = &p->m,
				    .window = { start_ns, start_ns + ns },
				    .threads = p->threads,
				    .nr_threads = p->nr_threads,
				    .first_cpu = cpus.first,
				    .nr_cpus = cpus.nr };
}

void race_picture_title(const struct race_picture *p, char *buf, size_t size)
{
	char turnaround[32];

	race_number(turnaround, sizeof(turnaround), RACE_TURNAROUND,
		    p->result->runs[p->run].measures[RACE_TURNAROUND]);
	snprintf(buf, size, "run %zu of %zu: mean turnaround %s ms", p->run + 1, p->result->nr_runs,
		 turnaround);
}

static unsigned int widest_gutter(const struct race_picture *p, size_t n, uint64_t ns,
				  struct race_cpus cpus, const struct view_term_options *o)
{
	unsigned int widest = 0, gutter;
	struct view_lanes lanes;
	size_t i;

	for (i = 0; i < n; i++) {
		lanes = race_lanes(&p[i], ns, cpus);
		gutter = view_lanes_gutter(&lanes, o);
		widest = gutter > widest ? gutter : widest;
	}
	return widest;
}

int race_print_pictures(FILE *out, const struct race_picture *p, size_t n, struct race_cpus cpus,
			const struct view_term_options *o)
{
	struct lines l = { .out = out, .width = o->width, .colour = o->colour };
	uint64_t ns = race_pictures_ns(p, n);
	unsigned int gutter = widest_gutter(p, n, ns, cpus, o);
	struct view_lanes lanes = { 0 };
	char title[96];
	size_t i;
	int err = 0;

	for (i = 0; i < n && !err; i++) {
		race_picture_title(&p[i], title, sizeof(title));
		lines_bold(&l);
		fputs(p[i].result->name, out);
		lines_plain(&l);
		fprintf(out, ", %s\n", title);
		lanes = race_lanes(&p[i], ns, cpus);
		err = view_lanes(out, &lanes, gutter, o);
		fputc('\n', out);
	}
	return err || !n ? err : view_lanes_legend(out, &lanes, o);
}
