// SPDX-License-Identifier: GPL-2.0
/* The textbooks' schedulers, on jobs that do nothing but run. */
#include <errno.h>
#include <stdlib.h>

#include "race/theory.h"

/* Woken by one interrupt: nobody decides between the first and the last of them. */
#define TOGETHER_NS 1000000u

#define NOBODY	    SIZE_MAX

struct simulation {
	const struct theory_rules *rules;
	struct theory_job *jobs;
	size_t n;
	uint64_t *left_ns; /* of each job */
	size_t *queue, head, tail, room;
	size_t next; /* job to arrive */
	struct seat {
		uint64_t until_ns;
		size_t job;
	} *cpus;
};

static void start(struct simulation *s, size_t job, uint64_t now_ns)
{
	struct theory_job *j = &s->jobs[job];

	if (s->left_ns[job] == j->length_ns)
		j->response_ns = (double)(now_ns - j->arrival_ns);
}

static void end(struct simulation *s, size_t job, uint64_t now_ns)
{
	s->left_ns[job] = 0;
	s->jobs[job].turnaround_ns = (double)(now_ns - s->jobs[job].arrival_ns);
}

static struct seat *first_free(const struct simulation *s)
{
	struct seat *first = s->cpus, *c;

	for (c = s->cpus; c < s->cpus + s->rules->nr_cpus; c++)
		if (c->until_ns < first->until_ns)
			first = c;
	return first;
}

static bool goes_before(const struct theory_job *a, const struct theory_job *b)
{
	return a->rank_ns != b->rank_ns ? a->rank_ns < b->rank_ns : a->began_ns < b->began_ns;
}

/* Of those that are there, or were woken together with one who is. */
static size_t choose(const struct simulation *s, uint64_t now_ns)
{
	size_t i, best = NOBODY;

	for (i = 0; i < s->n && s->jobs[i].arrival_ns <= now_ns + TOGETHER_NS; i++)
		if (s->left_ns[i] && (best == NOBODY || (s->rules->theory == THEORY_SJF &&
							 goes_before(&s->jobs[i], &s->jobs[best]))))
			best = i;
	return best;
}

static void run_to_ends(struct simulation *s)
{
	uint64_t now_ns;
	struct seat *c;
	size_t job, i;

	for (i = 0; i < s->n; i++) {
		c = first_free(s);
		now_ns = c->until_ns;
		job = choose(s, now_ns);
		if (job == NOBODY) {
			for (job = 0; !s->left_ns[job]; job++)
				;
			now_ns = s->jobs[job].arrival_ns;
			job = choose(s, now_ns);
		}
		if (now_ns < s->jobs[job].arrival_ns)
			now_ns = s->jobs[job].arrival_ns;
		start(s, job, now_ns);
		c->until_ns = now_ns + s->jobs[job].length_ns;
		end(s, job, c->until_ns);
	}
}

static void put(struct simulation *s, size_t job)
{
	s->queue[s->tail] = job;
	s->tail = (s->tail + 1) % s->room;
}

static size_t take(struct simulation *s)
{
	size_t job = s->queue[s->head];

	s->head = (s->head + 1) % s->room;
	return job;
}

/* When something happens next: a slice ends, or a job comes. UINT64_MAX: never. */
static uint64_t next_time(const struct simulation *s)
{
	uint64_t first_ns = s->next < s->n ? s->jobs[s->next].arrival_ns : UINT64_MAX;
	const struct seat *c;

	for (c = s->cpus; c < s->cpus + s->rules->nr_cpus; c++)
		if (c->job != NOBODY && c->until_ns < first_ns)
			first_ns = c->until_ns;
	return first_ns;
}

static void seat_next(struct simulation *s, struct seat *c, uint64_t now_ns)
{
	size_t job = take(s);
	uint64_t left_ns = s->left_ns[job];

	start(s, job, now_ns);
	c->job = job;
	c->until_ns = now_ns + (left_ns < s->rules->slice_ns ? left_ns : s->rules->slice_ns);
}

static void unseat(struct simulation *s, struct seat *c, uint64_t now_ns)
{
	size_t job = c->job;

	c->job = NOBODY;
	if (s->left_ns[job] <= s->rules->slice_ns) {
		end(s, job, now_ns);
		return;
	}
	s->left_ns[job] -= s->rules->slice_ns;
	put(s, job);
}

/* Who comes just as a slice ends is in the queue before whose slice it was. */
static void take_turns(struct simulation *s)
{
	uint64_t now_ns;
	struct seat *c;

	while ((now_ns = next_time(s)) != UINT64_MAX) {
		for (; s->next < s->n && s->jobs[s->next].arrival_ns <= now_ns; s->next++)
			put(s, s->next);
		for (c = s->cpus; c < s->cpus + s->rules->nr_cpus; c++)
			if (c->job != NOBODY && c->until_ns == now_ns)
				unseat(s, c, now_ns);
		for (c = s->cpus; c < s->cpus + s->rules->nr_cpus; c++)
			if (c->job == NOBODY && s->head != s->tail)
				seat_next(s, c, now_ns);
	}
}

int theory_simulate(const struct theory_rules *rules, struct theory_job *jobs, size_t n)
{
	struct simulation s = { .rules = rules, .jobs = jobs, .n = n, .room = n + 1 };
	int err = -ENOMEM;
	size_t i;

	if (rules->theory < THEORY_FIFO || rules->theory > THEORY_ROUND_ROBIN || !rules->nr_cpus ||
	    (rules->theory == THEORY_ROUND_ROBIN && !rules->slice_ns))
		return -EINVAL;
	s.left_ns = calloc(n + 1, sizeof(*s.left_ns));
	s.queue = calloc(s.room, sizeof(*s.queue));
	s.cpus = calloc(rules->nr_cpus, sizeof(*s.cpus));
	if (!s.left_ns || !s.queue || !s.cpus)
		goto out;
	for (i = 0; i < n; i++)
		s.left_ns[i] = jobs[i].length_ns;
	for (i = 0; i < rules->nr_cpus; i++)
		s.cpus[i].job = NOBODY;
	if (rules->theory == THEORY_ROUND_ROBIN)
		take_turns(&s);
	else
		run_to_ends(&s);
	err = 0;
out:
	free(s.cpus);
	free(s.queue);
	free(s.left_ns);
	return err;
}
