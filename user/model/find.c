// SPDX-License-Identifier: GPL-2.0
/* Finding facts: a thread by its tid, an interval by an instant. */
#include "model/model.h"

/* The number of threads whose tid is smaller, or equal too if that counts. */
static size_t count_below(const struct model *m, uint32_t tid, bool equal)
{
	size_t low = 0, high = m->nr_threads, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (m->threads[middle].tid < tid || (equal && m->threads[middle].tid == tid))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct thread *model_thread(const struct model *m, uint32_t tid)
{
	size_t end = count_below(m, tid, true);

	return end > 0 && m->threads[end - 1].tid == tid ? &m->threads[end - 1] : NULL;
}

const struct thread *model_thread_at(const struct model *m, uint32_t tid, uint64_t time_ns)
{
	size_t low = count_below(m, tid, false), high = count_below(m, tid, true), middle;
	size_t first = low;

	while (low < high) { /* the last of them that had begun */
		middle = low + (high - low) / 2;
		if (m->threads[middle].start_ns <= time_ns)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == first || m->threads[low - 1].end_ns < time_ns)
		return NULL;
	return &m->threads[low - 1];
}

const struct thread *model_who(const struct model *m, uint32_t tid, uint64_t time_ns)
{
	const struct thread *t = tid ? model_thread_at(m, tid, time_ns) : NULL;

	return t || !tid ? t : model_thread(m, tid);
}

const struct interval *model_at(const struct thread *t, uint64_t time_ns)
{
	size_t low = 0, high = t->nr_intervals, middle;

	if (time_ns < t->start_ns || time_ns > t->end_ns)
		return NULL;
	while (low < high) { /* the last that had begun: where two meet, the one that begins */
		middle = low + (high - low) / 2;
		if (t->intervals[middle].start_ns <= time_ns)
			low = middle + 1;
		else
			high = middle;
	}
	return low > 0 ? &t->intervals[low - 1] : NULL;
}
