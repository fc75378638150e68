// SPDX-License-Identifier: GPL-2.0
/* Evidence of the timeline: who was where at once, who slept, and who only seemed to. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "grade/evidence.h"
#include "grade/sweep.h"
#include "lib/text.h"

#define LONG_WAIT_NS 3000000ull /* a shorter one may well be spun away */
#define SPUN_PERCENT 10
#define SPUN_NS	     2000000ull
#define POLLED_TIMES 4
#define SURE_STINTS  10 /* on a CPU: who sleeps is there before it and after it */
#define SURE_WAITS   3
#define SURELY_SPUN \
	40 /* percent: a sleeper whose CPU is taken away as it wakes is not so long on it */

static bool any(const struct interval *i)
{
	return i->state != STATE_DEAD;
}

static bool running(const struct interval *i)
{
	return i->state == STATE_RUNNING;
}

static bool asleep(const struct interval *i)
{
	return i->state == STATE_SLEEPING || i->state == STATE_BLOCKED;
}

static struct most most_within(const struct run *r, const char *mark, stretch_wanted *wanted,
			       unsigned int k)
{
	struct stretches s = {};
	struct most m;

	stretches_within(&s, r, mark, wanted);
	m = sweep(&s, k);
	stretches_free(&s);
	return m;
}

struct verdict most_at_once(const struct run *r, const char *mark, unsigned int min,
			    unsigned int max)
{
	struct most m = most_within(r, mark, any, 1);
	char wanted[64];

	if (min == max)
		snprintf(wanted, sizeof(wanted), "%u", min);
	else
		snprintf(wanted, sizeof(wanted), "%u to %u", min, max);
	return at(seen(r, m.n >= min && m.n <= max,
		       "At most %u thread%s within \"%s\" at one instant; %s were to be.", m.n,
		       m.n == 1 ? " was" : "s were", mark, wanted),
		  r, m.from_ns, m.to_ns, 0);
}

/* From the first interval so marked to the end of the last. */
static struct stretch all_of(const struct run *r, const char *mark)
{
	const struct mark *const *marks;
	struct stretch all = {};
	size_t n, i;

	marks = marks_of(r, mark, &n);
	for (i = 0; i < n; i++) {
		all.from_ns = i ? all.from_ns : marks[i]->start_ns;
		all.to_ns = marks[i]->end_ns > all.to_ns ? marks[i]->end_ns : all.to_ns;
	}
	return all;
}

struct verdict overlapped(const struct run *r, const char *mark, unsigned int k,
			  unsigned int percent)
{
	struct most m = most_within(r, mark, running, k);
	uint64_t share = m.any_ns ? m.at_least_ns * 100 / m.any_ns : 0;
	struct stretch all = all_of(r, mark);
	char ran[TEXT_DURATION], together[TEXT_DURATION];

	text_duration(m.any_ns, ran, sizeof(ran));
	text_duration(m.at_least_ns, together, sizeof(together));
	if (!m.any_ns)
		return seen(r, false, "No thread was on a CPU within \"%s\".", mark);
	return at(seen(r, share >= percent,
		       "Threads were on CPUs within \"%s\" for %s, and for %s of that (%u %%) %u "
		       "of them at the same instant. At least %u %% were to be.",
		       mark, ran, m.at_least_ns ? together : "nothing", (unsigned int)share, k,
		       percent),
		  r, all.from_ns, all.to_ns, 0);
}

struct verdict slept_together(const struct run *r, const char *mark, unsigned int n)
{
	struct most m = most_within(r, mark, asleep, n);

	return at(seen(r, m.n >= n,
		       "At most %u thread%s asleep within \"%s\" at one instant; %u and more were "
		       "to be.",
		       m.n, m.n == 1 ? " was" : "s were", mark, n),
		  r, m.from_ns, m.to_ns, 0);
}

struct waiting {
	const struct mark *mark;
	uint64_t ran_ns, blinks,
		stints; /* on a CPU; short sleeps, or waits that only a timer ended */
};

static bool is_blink(const struct interval *i)
{
	return asleep(i) && !i->open &&
	       (i->cause == CAUSE_SLEEP ||
		(i->waker_irq && (i->cause == CAUSE_FUTEX || i->cause == CAUSE_POLL)));
}

/* What it does on the way, within an interval of its own, is none of the wait: a task that it runs, say. */
static bool is_inside(const struct run *r, const struct mark *outer, const struct interval *i)
{
	const struct mark *m;

	for (m = r->model->marks; m < r->model->marks + r->model->nr_marks; m++)
		if (m->thread == outer->thread && m->depth > outer->depth && !m->point &&
		    m->start_ns <= i->start_ns && m->end_ns >= i->end_ns)
			return true;
	return false;
}

static struct waiting look_into(const struct run *r, const struct mark *mark)
{
	const struct thread *t = &r->model->threads[mark->thread];
	const struct interval *i = model_at(t, mark->start_ns);
	struct waiting w = { .mark = mark };

	w.ran_ns = mark->end_ns - mark->start_ns - mark->off_cpu_ns;
	for (; i && i < t->intervals + t->nr_intervals && i->start_ns < mark->end_ns; i++) {
		w.blinks += is_blink(i) && !is_inside(r, mark, i);
		w.stints += running(i);
	}
	return w;
}

static bool is_spun(const struct waiting *w)
{
	uint64_t ns = w->mark->end_ns - w->mark->start_ns;

	return w->ran_ns > SPUN_NS && w->ran_ns * 100 > ns * SPUN_PERCENT;
}

static bool is_surely_spun(const struct waiting *w)
{
	return w->blinks >= POLLED_TIMES || w->stints >= SURE_STINTS ||
	       w->ran_ns * 100 > (w->mark->end_ns - w->mark->start_ns) * SURELY_SPUN;
}

/* Of the long waits: how many there were, how many were no sleep, and the worst of those. Of naps few
 * may fit into each, but who takes them takes them each time. */
struct waits {
	size_t n, bad, sure, napped;
	uint64_t blinks;
	struct waiting worst, sleepiest;
};

static struct waits look_at_all(const struct run *r, const char *mark)
{
	const struct mark *const *marks;
	struct waits all = {};
	struct waiting w;
	size_t n, i;

	marks = marks_of(r, mark, &n);
	for (i = 0; i < n; i++) {
		if (marks[i]->thread == r->model->nr_threads ||
		    marks[i]->end_ns - marks[i]->start_ns < LONG_WAIT_NS)
			continue;
		all.n++;
		w = look_into(r, marks[i]);
		all.napped += w.blinks > 0;
		all.blinks += w.blinks;
		if (w.blinks > all.sleepiest.blinks)
			all.sleepiest = w;
		if (!is_spun(&w) && w.blinks < POLLED_TIMES)
			continue;
		all.bad++;
		all.sure += is_surely_spun(&w);
		if (w.ran_ns >= all.worst.ran_ns)
			all.worst = w;
	}
	return all;
}

/* Once a sleeper may have been woken by nobody that is known; not in most of its waits. */
static bool naps(const struct waits *all)
{
	return all->napped >= SURE_WAITS && all->napped * 2 > all->n &&
	       all->blinks >= 2 * POLLED_TIMES;
}

/* Who spins does so each time; one whose CPU was taken away looks so once. */
struct verdict waits_slept(const struct run *r, const char *mark)
{
	struct waits all = look_at_all(r, mark);
	bool napping = all.bad * 2 < all.n && naps(&all);
	const struct mark *m = all.worst.mark;
	char ran[TEXT_DURATION], took[TEXT_DURATION], from[TEXT_DURATION], blinks[96] = "";
	const struct thread *t;
	struct verdict v;

	if (napping) {
		all.worst = all.sleepiest;
		all.bad = all.napped;
		m = all.worst.mark;
	} else if (all.bad * 2 < all.n || !m) {
		return seen(r, true, "who waited in \"%s\" slept", mark);
	}
	t = &r->model->threads[m->thread];
	text_duration(all.worst.ran_ns, ran, sizeof(ran));
	text_duration(m->end_ns - m->start_ns, took, sizeof(took));
	text_duration(m->start_ns - r->model->span_start_ns, from, sizeof(from));
	if (all.worst.blinks >= POLLED_TIMES || napping)
		snprintf(blinks, sizeof(blinks),
			 ", and slept %llu times for a moment, only to look again",
			 (unsigned long long)all.worst.blinks);
	v = at(seen(r, false,
		    "%s/%u waited in \"%s\" for %s, from %s on. It was on a CPU for %s of "
		    "that%s. So it was in %zu of %zu long waits.",
		    t->comm, t->tid, mark, took, from, ran, blinks, all.bad, all.n),
	       r, m->start_ns, m->end_ns, t->tid);
	v.certain = napping ||
		    (all.sure == all.n && (all.n >= SURE_WAITS || all.worst.blinks >= SURE_STINTS));
	return v;
}

static const struct model_lock *lock_of(const struct run *r, uint32_t index)
{
	return index ? &r->model->locks[index - 1] : NULL;
}

static void waits_for(struct stretches *s, const struct run *r, uint32_t lock)
{
	const struct thread *t;
	size_t i;

	for (t = r->model->threads; t < r->model->threads + r->model->nr_threads; t++)
		for (i = 0; t->target && i < t->nr_intervals; i++)
			if (t->intervals[i].lock == lock && t->intervals[i].cause == CAUSE_FUTEX)
				stretches_add(s, t->intervals[i].start_ns, t->intervals[i].end_ns);
}

struct verdict queued_at_most(const struct run *r, unsigned int n)
{
	struct most m, most = {};
	char name[MODEL_LOCK] = "";
	struct stretches s = {};
	uint32_t lock;

	for (lock = 1; lock <= r->model->nr_locks; lock++) {
		s.n = 0;
		waits_for(&s, r, lock);
		m = sweep(&s, n);
		if (m.n <= most.n)
			continue;
		most = m;
		model_lock_words(r->model, lock_of(r, lock), name, sizeof(name));
	}
	stretches_free(&s);
	return at(seen(r, most.n <= n,
		       "%u threads slept for %s at one instant; no more than %u were to.", most.n,
		       name, n),
		  r, most.from_ns, most.to_ns, 0);
}
