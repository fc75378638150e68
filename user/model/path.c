// SPDX-License-Identifier: GPL-2.0
/* The critical path; see path.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "model/path.h"

struct walk {
	const struct model *m;
	struct path *p;
	size_t capacity;
	const struct thread *at; /* NULL: nobody is known */
	uint64_t ns;		 /* back to here */
};

/* The last interval of t that began before an instant. NULL: none. */
static const struct interval *before(const struct thread *t, uint64_t ns)
{
	size_t low = 0, high = t->nr_intervals, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (t->intervals[middle].start_ns < ns)
			low = middle + 1;
		else
			high = middle;
	}
	return low ? &t->intervals[low - 1] : NULL;
}

/* The path goes on where that tid ran: only then did it do what is behind the waking. */
static bool turn_to(struct walk *w, uint32_t tid)
{
	const struct thread *t = tid ? model_thread_at(w->m, tid, w->ns) : NULL;
	const struct interval *i = t && t->target && t != w->at ? before(t, w->ns) : NULL;

	if (!i || i->state != STATE_RUNNING || i->end_ns < w->ns)
		return false;
	w->at = t;
	w->p->nr_handovers++;
	return true;
}

static bool is_asleep(enum state s)
{
	return s == STATE_SLEEPING || s == STATE_BLOCKED || s == STATE_STOPPED;
}

static int add(struct walk *w, const struct interval *i, uint64_t start_ns)
{
	struct path *p = w->p;
	struct path_step *more;

	if (start_ns < w->m->span_start_ns)
		start_ns = w->m->span_start_ns;
	if (p->nr_steps == w->capacity) {
		w->capacity = w->capacity ? 2 * w->capacity : 256;
		more = reallocarray(p->steps, w->capacity, sizeof(*more));
		if (!more)
			return -ENOMEM;
		p->steps = more;
	}
	p->steps[p->nr_steps++] = (struct path_step){
		.start_ns = start_ns,
		.end_ns = w->ns,
		.thread = (uint32_t)(w->at ? w->at - w->m->threads : (ptrdiff_t)w->m->nr_threads),
		.interval = w->at ? (uint32_t)(i - w->at->intervals) : 0,
	};
	w->ns = start_ns;
	return 0;
}

/* Before its life there was whoever created it. */
static int go_behind_birth(struct walk *w)
{
	if (w->at && turn_to(w, w->at->parent))
		return 0;
	w->at = NULL;
	return add(w, NULL, w->m->span_start_ns);
}

/* After its end, as far as that is known: nobody was there. */
static int go_back_to(struct walk *w, uint64_t end_ns)
{
	const struct thread *t = w->at;
	int err;

	w->at = NULL;
	err = add(w, NULL, end_ns);
	w->at = t;
	return err;
}

static int step(struct walk *w)
{
	const struct interval *i = w->at ? before(w->at, w->ns) : NULL;

	if (!i)
		return go_behind_birth(w);
	if (i->end_ns < w->ns)
		return go_back_to(w, i->end_ns);
	if (is_asleep(i->state) && i->end_ns == w->ns && !i->waker_irq && turn_to(w, i->waker))
		return 0;
	return add(w, i, i->start_ns);
}

/* Of those that end last one that runs to the end, if any does. */
static const struct thread *last_thread(const struct model *m)
{
	const struct thread *t, *last = NULL;
	const struct interval *i;
	bool runs = false, now;

	for (t = m->threads; t < m->threads + m->nr_threads; t++) {
		if (!t->target || (last && t->end_ns < last->end_ns))
			continue;
		i = before(t, t->end_ns);
		now = i && i->state == STATE_RUNNING;
		if (last && t->end_ns == last->end_ns && (runs || !now))
			continue;
		last = t;
		runs = now;
	}
	return last;
}

static void reverse(struct path *p)
{
	struct path_step swap;
	size_t i;

	for (i = 0; i < p->nr_steps / 2; i++) {
		swap = p->steps[i];
		p->steps[i] = p->steps[p->nr_steps - 1 - i];
		p->steps[p->nr_steps - 1 - i] = swap;
	}
}

static struct path_share share_of(const struct model *m, const struct path_step *s)
{
	struct path_share share = { .thread = s->thread, .state = STATE_UNKNOWN, .nr = 1 };
	const struct interval *i;

	share.ns = s->end_ns - s->start_ns;
	if (s->thread == m->nr_threads)
		return share;
	i = &m->threads[s->thread].intervals[s->interval];
	share.state = i->state;
	if (i->state == STATE_SLEEPING || i->state == STATE_BLOCKED) {
		share.state = STATE_SLEEPING; /* how deep tells a reader nothing beside the cause */
		share.cause = i->cause;
	}
	return share;
}

static bool alike(const struct path_share *a, const struct path_share *b)
{
	return a->thread == b->thread && a->state == b->state && a->cause == b->cause;
}

static int by_kind(const void *a, const void *b)
{
	const struct path_share *x = a, *y = b;

	if (x->thread != y->thread)
		return x->thread < y->thread ? -1 : 1;
	if (x->state != y->state)
		return x->state < y->state ? -1 : 1;
	return (x->cause > y->cause) - (x->cause < y->cause);
}

static int by_time(const void *a, const void *b)
{
	const struct path_share *x = a, *y = b;

	return x->ns != y->ns ? (x->ns < y->ns ? 1 : -1) : by_kind(a, b);
}

static void merge(struct path *p)
{
	size_t i, n = 0;

	for (i = 0; i < p->nr_shares; i++) {
		if (n && alike(&p->shares[n - 1], &p->shares[i])) {
			p->shares[n - 1].ns += p->shares[i].ns;
			p->shares[n - 1].nr += p->shares[i].nr;
		} else {
			p->shares[n++] = p->shares[i];
		}
	}
	p->nr_shares = n;
}

/* Twice merged: as they follow each other, then by kind. */
static int sum_up(struct path *p, const struct model *m)
{
	uint64_t *sum;
	size_t i;

	p->shares = calloc(p->nr_steps + 1, sizeof(*p->shares));
	if (!p->shares)
		return -ENOMEM;
	for (i = 0; i < p->nr_steps; i++) {
		struct path_share s = share_of(m, &p->steps[i]);

		sum = s.state == STATE_RUNNING	  ? &p->ran_ns
		      : s.state == STATE_RUNNABLE ? &p->runnable_ns
		      : is_asleep(s.state)	  ? &p->waited_ns
						  : &p->unknown_ns;
		*sum += s.ns;
		if (p->nr_shares && alike(&p->shares[p->nr_shares - 1], &s))
			p->shares[p->nr_shares - 1].ns += s.ns;
		else
			p->shares[p->nr_shares++] = s;
	}
	qsort(p->shares, p->nr_shares, sizeof(*p->shares), by_kind);
	merge(p);
	qsort(p->shares, p->nr_shares, sizeof(*p->shares), by_time);
	return 0;
}

int model_path(struct path *p, const struct model *m)
{
	struct walk w = { .m = m, .p = p, .at = last_thread(m), .ns = m->span_end_ns };
	int err = 0;

	*p = (struct path){ .nr_steps = 0 };
	while (!err && (w.at || p->nr_steps) && w.ns > m->span_start_ns)
		err = step(&w);
	reverse(p);
	if (!err)
		err = sum_up(p, m);
	if (err)
		path_free(p);
	return err;
}

void path_free(struct path *p)
{
	free(p->steps);
	free(p->shares);
	*p = (struct path){ .nr_steps = 0 };
}

const char *path_did(const struct path_share *s)
{
	static const char *const waited[NR_CAUSES] = {
		[CAUSE_FUTEX] = "waited on a futex",
		[CAUSE_KERNEL_LOCK] = "waited for a kernel lock",
		[CAUSE_JOIN] = "waited for a thread",
		[CAUSE_SLEEP] = "slept as long as it asked",
		[CAUSE_PIPE] = "waited for a pipe",
		[CAUSE_SOCKET] = "waited for a socket",
		[CAUSE_DEVICE] = "waited for a device",
		[CAUSE_EVENT] = "waited for an event file",
		[CAUSE_POLL] = "waited for any of its files",
		[CAUSE_URING] = "waited for io_uring",
		[CAUSE_DISK] = "waited for the disk",
		[CAUSE_FAULT] = "waited for a page",
		[CAUSE_CHILD] = "waited for a child",
		[CAUSE_SIGNAL] = "waited for a signal",
		[CAUSE_CALL] = "waited in a system call",
	};

	switch (s->state) {
	case STATE_RUNNING:
		return "ran";
	case STATE_RUNNABLE:
		return "wanted a CPU";
	case STATE_STOPPED:
		return "was stopped";
	case STATE_SLEEPING:
		return waited[s->cause] ?: "waited, why is not known";
	default:
		return "is not known";
	}
}
