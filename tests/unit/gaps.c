// SPDX-License-Identifier: GPL-2.0
/*
 * Lost records: a model of what is left may know less than the model of all, and nothing else. A
 * small made-up kernel writes streams without contradictions; stretches of them are taken out and
 * replaced by LOST records, and both models are held against each other, instant by instant.
 */
#include "model_case.h"

#define CPUS	3
#define THREADS 24
#define MOST	3000

enum life_of { UNBORN, READY, ON_CPU, ASLEEP, GONE };

static struct sim {
	struct {
		enum life_of life;
		unsigned int cpu;
		bool woken, exiting;
	} t[THREADS];
	unsigned int current[CPUS]; /* 0: idle; thread i has tid 100 + i */
	struct oncpu_record r[CPUS][MOST];
	size_t n[CPUS];
	uint64_t now;
	unsigned int last; /* CPU that did something */
	uint32_t seed;
} sim, *s = &sim;

static uint32_t draw(uint32_t below)
{
	s->seed = s->seed * 1664525u + 1013904223u;
	return (s->seed >> 8) % below;
}

static uint32_t tid_of(unsigned int thread)
{
	return thread ? 100 + thread : 0;
}

static struct oncpu_record *put(unsigned int cpu, uint8_t type)
{
	struct oncpu_record *r = &s->r[cpu][s->n[cpu]++];

	*r = (struct oncpu_record){ .time_ns = s->now,
				    .type = type,
				    .tid = tid_of(s->current[cpu]) };
	return r;
}

static unsigned int any(enum life_of life)
{
	unsigned int first = 1 + draw(THREADS - 1), i, k;

	for (k = 0; k < THREADS - 1; k++) {
		i = 1 + (first + k) % (THREADS - 1);
		if (s->t[i].life == life)
			return i;
	}
	return 0;
}

static void move(unsigned int cpu, unsigned int thread)
{
	struct oncpu_record *r;

	if (!thread || s->t[thread].cpu == cpu)
		return;
	r = put(cpu, ONCPU_MIGRATE);
	r->migrate.tid = tid_of(thread);
	r->migrate.from_cpu = s->t[thread].cpu;
	r->migrate.to_cpu = cpu;
	s->t[thread].cpu = cpu;
}

static void change(unsigned int cpu)
{
	unsigned int old = s->current[cpu], next = draw(4) ? any(READY) : 0;
	struct oncpu_record *r;

	if (!old && !next)
		return;
	move(cpu, next);
	r = put(cpu, ONCPU_SWITCH);
	r->sched_switch.next_tid = tid_of(next);
	if (old && s->t[old].exiting) {
		r->sched_switch.prev_state = 0x80;
		s->t[old].life = GONE;
	} else if (old && draw(3)) {
		r->sched_switch.prev_state = 1 + draw(2);
		s->t[old].life = s->t[old].woken ? READY : ASLEEP;
	} else if (old) {
		r->flags = ONCPU_SWITCH_PREEMPTED;
		s->t[old].life = READY;
	}
	s->t[old].woken = false;
	s->t[next].life = next ? ON_CPU : UNBORN;
	s->current[cpu] = next;
}

static void wake(unsigned int cpu)
{
	bool early = !draw(8);
	unsigned int thread = any(early ? ON_CPU : ASLEEP);
	struct oncpu_record *r;

	if (!thread || thread == s->current[cpu] || s->t[thread].exiting)
		return;
	r = put(cpu, ONCPU_WAKING);
	r->wake.tid = tid_of(thread);
	r->wake.cpu = s->t[thread].cpu;
	s->t[thread].woken = early;
	if (early)
		return;
	s->t[thread].life = READY;
	if (draw(2))
		move(draw(CPUS) == cpu ? cpu : s->t[thread].cpu, thread);
}

static void create(unsigned int cpu)
{
	unsigned int thread = any(UNBORN);
	struct oncpu_record *r;

	if (!thread || !s->current[cpu])
		return;
	r = put(cpu, ONCPU_FORK);
	r->fork.tid = tid_of(thread);
	r->fork.tgid = r->fork.parent_tgid = tid_of(1);
	r = put(cpu, ONCPU_WAKEUP_NEW);
	r->wake.tid = tid_of(thread);
	r->wake.cpu = s->t[thread].cpu = cpu;
	s->t[thread].life = READY;
}

static void step(void)
{
	unsigned int cpu = draw(CPUS), old = s->current[cpu];

	s->now += (cpu != s->last) +
		  draw(3); /* at one instant only on one CPU: else who was first? */
	s->last = cpu;
	if (draw(3) == 0)
		wake(cpu);
	else if (old && (s->t[old].exiting || s->t[old].woken)) /* it does nothing more */
		change(cpu);
	else if (draw(12) == 0)
		create(cpu);
	else if (old && draw(20) == 0) {
		put(cpu, ONCPU_EXIT)->exit.tgid = tid_of(1);
		s->t[old].exiting = true;
	} else
		change(cpu);
}

static void simulate(uint32_t seed)
{
	unsigned int i;

	memset(s, 0, sizeof(*s));
	s->seed = seed;
	s->now = 1000;
	for (i = 1; i <= 4; i++)
		s->t[i].life = ASLEEP;
	for (i = 0; i < MOST / 4; i++)
		step();
}

/* Takes stretches out of one stream and says so; returns how many records are left. */
static size_t lose(struct oncpu_record *to, unsigned int cpu, unsigned int every, uint64_t *lost)
{
	const struct oncpu_record *r = s->r[cpu];
	size_t i = 0, n = 0, length, last;

	while (i < s->n[cpu]) {
		if (draw(every)) {
			to[n++] = r[i++];
			continue;
		}
		length = 1 + draw(8);
		if (length > s->n[cpu] - i)
			length = s->n[cpu] - i;
		last = i + length - 1;
		to[n] = (struct oncpu_record){ .type = ONCPU_LOST, .tid = draw(2) * 101 };
		to[n].lost.nr = length;
		to[n].lost.since_ns = r[i].time_ns;
		to[n].time_ns = r[last].time_ns;
		if (last + 1 < s->n[cpu] && draw(2))
			to[n].time_ns = r[last + 1].time_ns;
		n++;
		*lost += length;
		i = last + 1;
	}
	return n;
}

static bool same_state(const struct thread *all, const struct interval *i)
{
	const struct interval *k;

	for (k = all->intervals; k < all->intervals + all->nr_intervals; k++)
		if (k->start_ns < i->end_ns && k->end_ns > i->start_ns && k->state != i->state)
			return false;
	return i->start_ns >= all->start_ns && i->end_ns <= all->end_ns;
}

/* NULL, or a thread of which the lossy model says what is not so. */
static const struct thread *lying(const struct model *all, const struct model *lossy)
{
	const struct thread *t, *whole;
	const struct interval *i;

	for (t = lossy->threads; t < lossy->threads + lossy->nr_threads; t++) {
		whole = model_thread(all, t->tid);
		for (i = t->intervals; i < t->intervals + t->nr_intervals; i++)
			if (i->state != STATE_UNKNOWN && i->end_ns > i->start_ns &&
			    (!whole || !same_state(whole, i)))
				return t;
	}
	return NULL;
}

static bool same_occupant(const struct cpu *all, const struct cpu_interval *i)
{
	const struct cpu_interval *k;

	for (k = all->intervals; k < all->intervals + all->nr_intervals; k++)
		if (k->start_ns < i->end_ns && k->end_ns > i->start_ns && k->tid != i->tid)
			return false;
	return true;
}

/* NULL, or when somebody is said to be on a CPU who is not. */
static const struct cpu_interval *wrong_occupant(const struct model *all, const struct model *lossy)
{
	const struct cpu_interval *i;
	unsigned int cpu;

	for (cpu = 0; cpu < lossy->nr_cpus; cpu++)
		for (i = lossy->cpus[cpu].intervals;
		     i < lossy->cpus[cpu].intervals + lossy->cpus[cpu].nr_intervals; i++)
			if (!same_occupant(&all->cpus[cpu], i))
				return i;
	return NULL;
}

/* What of the CPUs' time the lossy model does not know, beyond the gaps themselves. */
static uint64_t unknown_beyond(const struct model *all, const struct model *lossy)
{
	uint64_t known_all = 0, known = 0, gaps = 0;
	unsigned int cpu;
	size_t i;

	for (cpu = 0; cpu < lossy->nr_cpus; cpu++) {
		known_all += all->cpus[cpu].busy_ns + all->cpus[cpu].idle_ns;
		known += lossy->cpus[cpu].busy_ns + lossy->cpus[cpu].idle_ns;
	}
	for (i = 0; i < lossy->nr_gaps; i++)
		gaps += lossy->gaps[i].end_ns - lossy->gaps[i].start_ns;
	return known_all > known + gaps ? known_all - known - gaps : 0;
}

static struct trace_task tasks[] = { { .tid = 101, .tgid = 101, .ppid = 1, .comm = "a" },
				     { .tid = 102, .tgid = 101, .ppid = 1, .comm = "b" },
				     { .tid = 103, .tgid = 101, .ppid = 1, .comm = "c" },
				     { .tid = 104, .tgid = 101, .ppid = 1, .comm = "d" } };

static void trace_of(struct trace *t, struct trace_stream *streams)
{
	*t = (struct trace){ .nr_cpus = CPUS,
			     .tasks = tasks,
			     .nr_tasks = 4,
			     .streams = streams,
			     .nr_streams = CPUS,
			     .start_ns = 1000,
			     .end_ns = s->now,
			     .complete = true };
}

TEST_F(model, knows_less_and_nothing_else)
{
	static struct oncpu_record left[CPUS][MOST];
	struct trace_stream streams[CPUS] = {}, lossy_streams[CPUS] = {};
	struct model *lossy;
	struct trace t, u;
	const struct cpu_interval *liar_on_cpu;
	const struct thread *liar;
	uint32_t round;
	unsigned int cpu;
	uint64_t lost, beyond = 0, all = 0;

	for (round = 1; round <= 300; round++) {
		simulate(round);
		for (lost = 0, cpu = 0; cpu < CPUS; cpu++) {
			streams[cpu] =
				(struct trace_stream){ TRACE_BPF, cpu, 0, 0, s->n[cpu], s->r[cpu] };
			lossy_streams[cpu] = streams[cpu];
			lossy_streams[cpu].records = left[cpu];
			lossy_streams[cpu].n = lose(left[cpu], cpu, 10 + round % 100, &lost);
		}
		trace_of(&t, streams);
		trace_of(&u, lossy_streams);
		ASSERT_EQ(0, model_build(&self->m, &t, 0));
		ASSERT_EQ(0, model_build(&lossy, &u, 0));
		ASSERT_EQ(NULL, broken(self->m));
		ASSERT_EQ(NULL, broken(lossy));
		liar = lying(self->m, lossy);
		ASSERT_EQ(NULL, liar)
		{
			TH_LOG("round %u, thread %u", round, liar->tid);
			facts_print(stdout, self->m);
			facts_print(stdout, lossy);
		}
		liar_on_cpu = wrong_occupant(self->m, lossy);
		ASSERT_EQ(NULL, liar_on_cpu)
		{
			TH_LOG("round %u, %u at %llu", round, liar_on_cpu->tid,
			       (unsigned long long)(liar_on_cpu->start_ns - self->m->start_ns));
			facts_print(stdout, self->m);
			facts_print(stdout, lossy);
		}
		for (cpu = 0; cpu < lossy->nr_gaps; cpu++)
			lost -= lossy->gaps[cpu].nr;
		ASSERT_EQ(0, lost);
		beyond += unknown_beyond(self->m, lossy);
		all += CPUS * (s->now - 1000);
		model_free(lossy);
		model_free(self->m);
		self->m = NULL;
	}
	/* Of a CPU that has no record after a gap nothing more is known: of others it is. */
	EXPECT_GT(all / 20, beyond)
	{
		TH_LOG("%llu of %llu ns", (unsigned long long)beyond, (unsigned long long)all);
	}
}

TEST_HARNESS_MAIN
