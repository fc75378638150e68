// SPDX-License-Identifier: GPL-2.0
/* Kinds, ticks and the longest waits, shared by every view; see text.h. */
#include "view/text.h"

static enum view_kind kind_of_wait(const struct interval *i)
{
	switch (i->cause) {
	case CAUSE_FUTEX:
	case CAUSE_JOIN:
	case CAUSE_CHILD:
		return KIND_FUTEX;
	case CAUSE_KERNEL_LOCK:
		return KIND_LOCK;
	case CAUSE_PIPE:
	case CAUSE_SOCKET:
	case CAUSE_DEVICE:
	case CAUSE_EVENT:
	case CAUSE_POLL:
	case CAUSE_URING:
	case CAUSE_DISK:
	case CAUSE_FAULT:
		return KIND_IO;
	default:
		return i->state == STATE_SLEEPING ? KIND_SLEEPING : KIND_BLOCKED;
	}
}

enum view_kind view_kind_of(const struct interval *i)
{
	switch (i->state) {
	case STATE_RUNNING:
		return KIND_RUNNING;
	case STATE_RUNNABLE:
		return KIND_RUNNABLE;
	case STATE_SLEEPING:
	case STATE_BLOCKED:
		return kind_of_wait(i);
	case STATE_STOPPED:
		return KIND_STOPPED;
	case STATE_DEAD:
		return KIND_DEAD;
	default:
		return KIND_UNKNOWN;
	}
}

bool view_is_wait(enum view_kind k)
{
	return k == KIND_SLEEPING || (k >= KIND_BLOCKED && k <= KIND_RUNNABLE);
}

void view_tick(char *buf, size_t size, uint64_t ns)
{
	const char *unit = ns >= 1000000000 ? "s" : ns >= 1000000 ? "ms" : ns < 1000 ? "ns" : "us";
	double one = ns >= 1000000000 ? 1e9 : ns >= 1000000 ? 1e6 : ns >= 1000 ? 1e3 : 1;

	snprintf(buf, size, "%.12g%s%s", (double)ns / one, ns ? " " : "", ns ? unit : "");
}

uint64_t view_tick_step(uint64_t span_ns, unsigned int max)
{
	uint64_t step = 1;

	while (span_ns / step > max) {
		if (span_ns / (step * 2) <= max)
			return step * 2;
		if (span_ns / (step * 5) <= max)
			return step * 5;
		if (step > UINT64_MAX / 100)
			break;
		step *= 10;
	}
	return step;
}

static uint64_t overlap(const struct interval *i, struct view_window w)
{
	uint64_t a = i->start_ns > w.start_ns ? i->start_ns : w.start_ns;
	uint64_t b = i->end_ns < w.end_ns ? i->end_ns : w.end_ns;

	return b > a ? b - a : 0;
}

/* The longest wait of one thread; false where it never waited. */
static bool longest_of(const struct thread *t, struct view_window w, size_t *at, uint64_t *ns)
{
	size_t i;

	*ns = 0;
	for (i = 0; i < t->nr_intervals; i++) {
		uint64_t d = overlap(&t->intervals[i], w);

		if (d > *ns && view_is_wait(view_kind_of(&t->intervals[i]))) {
			*ns = d;
			*at = i;
		}
	}
	return *ns > 0;
}

size_t view_longest_waits(const struct model *m, struct view_window w, struct view_wait *out,
			  size_t max)
{
	size_t t, n = 0, k, at = 0;
	uint64_t ns;

	for (t = 0; t < m->nr_threads && max; t++) {
		if (!m->threads[t].target || !longest_of(&m->threads[t], w, &at, &ns))
			continue;
		for (k = n; k > 0; k--) {
			const struct view_wait *o = &out[k - 1];

			if (overlap(&m->threads[o->thread].intervals[o->interval], w) >= ns)
				break;
			if (k < max)
				out[k] = *o;
		}
		if (k < max)
			out[k] = (struct view_wait){ t, at };
		if (n < max)
			n++;
	}
	return n;
}
