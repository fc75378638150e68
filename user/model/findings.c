// SPDX-License-Identifier: GPL-2.0
/* The list of findings, its order and its words. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/text.h"
#include "model/findings_part.h"
#include "model/say.h"

void findings_add(struct findings *f, const struct finding *finding)
{
	struct finding *more;

	if (f->n == f->capacity) {
		f->capacity = f->capacity ? 2 * f->capacity : 16;
		more = reallocarray(f->list, f->capacity, sizeof(*more));
		if (!more) {
			f->capacity = f->n;
			f->err = -ENOMEM;
			return;
		}
		f->list = more;
	}
	f->list[f->n++] = *finding;
}

void finding_involve(struct finding *f, uint32_t tid)
{
	if (f->nr_tids < FINDING_THREADS)
		f->tids[f->nr_tids] = tid;
	f->nr_tids++;
}

static int by_kind(const void *a, const void *b)
{
	const struct finding *x = a, *y = b;

	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	if (x->start_ns != y->start_ns)
		return x->start_ns < y->start_ns ? -1 : 1;
	return (x->thread > y->thread) - (x->thread < y->thread);
}

int model_findings(struct finding **out, size_t *n, const struct model *m)
{
	struct findings f = { .m = m };

	find_deadlocks(&f);
	find_lost_wakeups(&f);
	find_inversions(&f);
	find_queues(&f);
	find_herds(&f);
	find_alone(&f);
	if (f.err) {
		free(f.list);
		return f.err;
	}
	if (f.n)
		qsort(f.list, f.n, sizeof(*f.list), by_kind);
	*out = f.list;
	*n = f.n;
	return 0;
}

const char *finding_name(enum finding_kind kind)
{
	static const char *const names[NR_FINDINGS] = {
		[FINDING_DEADLOCK] = "deadlock",
		[FINDING_LOST_WAKEUP] = "lost wake-up",
		[FINDING_INVERSION] = "priority inversion",
		[FINDING_STARVATION] = "starvation",
		[FINDING_CONVOY] = "lock convoy",
		[FINDING_HERD] = "thundering herd",
		[FINDING_FUTILE] = "futile wake-ups",
		[FINDING_POLLING] = "polling",
	};

	return kind < NR_FINDINGS ? names[kind] : "unknown";
}

/* Thread number k of those involved, as it was called when it began. */
static const char *other(const struct model *m, const struct finding *f, unsigned int k, char *buf)
{
	const struct thread *t = k < f->nr_tids && k < FINDING_THREADS
					 ? model_who(m, f->tids[k], f->start_ns)
					 : NULL;

	if (!t)
		snprintf(buf, NAME_SIZE, "a task");
	return t ? say_name(t, buf) : buf;
}

/* "a/1 waits for b/2, b/2 for c/3, and c/3 for a/1" */
static int say_cycle(const struct model *m, const struct finding *f, char *buf, size_t size)
{
	char first[NAME_SIZE], who[NAME_SIZE], next[NAME_SIZE];
	unsigned int k, shown = f->nr_tids < FINDING_THREADS ? f->nr_tids : FINDING_THREADS;
	size_t n;

	say_name(f->thread, first);
	if (!shown)
		return snprintf(buf, size, "%s waits for what it holds itself", first);
	n = (size_t)snprintf(buf, size, "%s waits for %s", first, other(m, f, 0, next));
	for (k = 1; k < shown && n < size; k++)
		n += (size_t)snprintf(buf + n, size - n, ", %s for %s", other(m, f, k - 1, who),
				      other(m, f, k, next));
	if (n < size)
		n += (size_t)snprintf(buf + n, size - n, "%s and %s for %s",
				      f->nr_tids > shown ? ", and so on," : "", next, first);
	return (int)n;
}

int finding_sentence(const struct model *m, const struct finding *f, char *buf, size_t size)
{
	char who[NAME_SIZE], a[NAME_SIZE], b[NAME_SIZE], what[MODEL_TEMPLATE], ns[TEXT_DURATION];

	say_name(f->thread, who);
	model_awaited(m, f->interval, what, sizeof(what));
	text_duration(f->ns, ns, sizeof(ns));
	switch (f->kind) {
	case FINDING_DEADLOCK: {
		int n = say_cycle(m, f, buf, size);

		return n + snprintf(buf + n, (size_t)n < size ? size - (size_t)n : 0,
				    ": none of them can go on.");
	}
	case FINDING_LOST_WAKEUP:
		return snprintf(
			buf, size,
			"%s still waits for %s at the end; the last wake-up for it, by %s, came %s "
			"before it began to wait and found nobody.",
			who, what, other(m, f, 0, a), ns);
	case FINDING_INVERSION:
		return snprintf(
			buf, size,
			"%s waited for %s, which %s holds; for %s of that the holder wanted a CPU "
			"that %s had, whose priority is below the first's and above the holder's.",
			who, what, other(m, f, 0, a), ns, other(m, f, 1, b));
	case FINDING_STARVATION:
		return snprintf(buf, size, "%s wanted a CPU for %s and got none%s%s%s.", who, ns,
				f->nr_tids ? ", while " : "", f->nr_tids ? other(m, f, 0, a) : "",
				f->nr_tids ? " ran" : "");
	case FINDING_CONVOY:
		return snprintf(buf, size,
				"up to %" PRIu64
				" threads queued for %s, %s in all; %s held it when the "
				"queue was longest.",
				f->nr, what, ns, other(m, f, 0, a));
	case FINDING_HERD:
		return snprintf(buf, size,
				"%s woke %" PRIu64 " threads that waited for %s; %" PRIu64
				" of them found nothing and went back to wait.",
				other(m, f, 0, a), f->nr, what, f->ns);
	case FINDING_FUTILE:
		return snprintf(buf, size,
				"%s was woken %" PRIu64
				" times for %s within %s, and each time somebody "
				"else had it again.",
				who, f->nr, what, ns);
	default:
		if (f->interval->cause == CAUSE_YIELDED)
			return snprintf(
				buf, size,
				"%s gave its CPU up %" PRIu64
				" times in a row within %s, by sched_yield(), and looked in "
				"between: a wait would have ended when it was time.",
				who, f->nr, ns);
		return snprintf(buf, size,
				"%s slept %" PRIu64
				" times in a row, %s in all, and looked in between: a "
				"wait would have ended when it was time.",
				who, f->nr, ns);
	}
}
