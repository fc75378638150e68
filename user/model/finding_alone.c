// SPDX-License-Identifier: GPL-2.0
/* What one thread's own intervals show: starvation, futile wake-ups, polling. */
#include "model/findings_part.h"

/* The end of a stretch of waiting for a CPU that begins at i; migrations cut it in pieces. */
static size_t runnable_end(const struct thread *t, size_t i)
{
	while (i < t->nr_intervals && t->intervals[i].state == STATE_RUNNABLE)
		i++;
	return i;
}

static void find_starvation(struct findings *f, const struct thread *t)
{
	struct finding found = { .kind = FINDING_STARVATION, .thread = t };
	size_t i, end;
	uint64_t ns;

	for (i = 0; i < t->nr_intervals; i = end + 1) {
		end = runnable_end(t, i);
		if (end == i)
			continue;
		ns = t->intervals[end - 1].end_ns - t->intervals[i].start_ns;
		if (ns < FINDING_STARVED_NS)
			continue;
		found.nr++;
		if (ns <= found.ns)
			continue;
		found.ns = ns;
		found.start_ns = t->intervals[i].start_ns;
		found.end_ns = t->intervals[end - 1].end_ns;
		found.interval = &t->intervals[i];
	}
	if (!found.nr)
		return;
	if (found.interval->instead)
		finding_involve(&found, found.interval->instead);
	findings_add(f, &found);
}

/* The next interval off the CPU without wanting one; t->nr_intervals: none. */
static size_t next_wait(const struct thread *t, size_t i)
{
	for (; i < t->nr_intervals; i++)
		if (finding_is_wait(&t->intervals[i]))
			break;
	return i;
}

/*
 * Runs of waits for the same, as long as each is ended by a task and followed by the same again. Only
 * for what has a holder: a consumer that waits on its queue after every item is as it should be.
 */
static void find_futile(struct findings *f, const struct thread *t)
{
	size_t i = next_wait(t, 0), next;
	struct finding found = { .kind = FINDING_FUTILE, .thread = t };

	for (; i < t->nr_intervals; i = next) {
		const struct interval *wait = &t->intervals[i];

		next = next_wait(t, i + 1);
		if (next < t->nr_intervals && wait->owner && wait->waker &&
		    finding_same(wait, &t->intervals[next]) && t->intervals[next].owner) {
			if (!found.nr)
				found.interval = wait;
			found.nr++;
			found.end_ns = t->intervals[next].end_ns;
			continue;
		}
		if (found.nr >= FINDING_FUTILE_TIMES) {
			found.start_ns = found.interval->start_ns;
			found.ns = found.end_ns - found.start_ns;
			finding_involve(&found, found.interval->owner);
			findings_add(f, &found);
		}
		found = (struct finding){ .kind = FINDING_FUTILE, .thread = t };
	}
}

static bool is_nap(const struct interval *i)
{
	return i->cause == CAUSE_SLEEP && finding_length(i) <= FINDING_POLL_SLEEP_NS;
}

/* Naps in a row, with nothing waited for in between. */
static void find_polling(struct findings *f, const struct thread *t)
{
	struct finding found = { .kind = FINDING_POLLING, .thread = t };
	size_t i = next_wait(t, 0);

	for (; i <= t->nr_intervals; i = next_wait(t, i + 1)) {
		const struct interval *nap = i < t->nr_intervals ? &t->intervals[i] : NULL;

		if (nap && is_nap(nap)) {
			if (!found.nr)
				found.interval = nap;
			found.nr++;
			found.ns += finding_length(nap);
			found.end_ns = nap->end_ns;
			continue;
		}
		if (found.nr >= FINDING_POLL_TIMES) {
			found.start_ns = found.interval->start_ns;
			findings_add(f, &found);
		}
		found = (struct finding){ .kind = FINDING_POLLING, .thread = t };
		if (!nap)
			break;
	}
}

/* Between one yield and the next it did no more than run for a moment. */
static bool yields_on(const struct thread *t, size_t from, size_t to)
{
	uint64_t ran_ns = 0;
	size_t i;

	for (i = from + 1; i < to; i++) {
		if (t->intervals[i].state == STATE_RUNNING)
			ran_ns += finding_length(&t->intervals[i]);
		else if (t->intervals[i].state != STATE_RUNNABLE)
			return false;
	}
	return ran_ns <= FINDING_POLL_RUN_NS;
}

/* Giving the CPU up in a row: it is told only where somebody else took it. */
static void find_yielding(struct findings *f, const struct thread *t)
{
	struct finding found = { .kind = FINDING_POLLING, .thread = t };
	size_t i, last = 0;

	for (i = 0; i <= t->nr_intervals; i++) {
		const struct interval *at = i < t->nr_intervals ? &t->intervals[i] : NULL;

		if (at && at->cause != CAUSE_YIELDED)
			continue;
		if (found.nr && (!at || !yields_on(t, last, i))) {
			found.ns = found.end_ns - found.start_ns;
			if (found.nr >= FINDING_POLL_TIMES)
				findings_add(f, &found);
			found.nr = 0;
		}
		if (!at)
			break;
		if (!found.nr++) {
			found.interval = at;
			found.start_ns = at->start_ns;
		}
		found.end_ns = at->end_ns;
		last = i;
	}
}

void find_alone(struct findings *f)
{
	const struct thread *t;

	for (t = f->m->threads; t < f->m->threads + f->m->nr_threads; t++) {
		if (!t->target)
			continue;
		find_starvation(f, t);
		find_futile(f, t);
		find_polling(f, t);
		find_yielding(f, t);
	}
}
