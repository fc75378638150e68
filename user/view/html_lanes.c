// SPDX-License-Identifier: GPL-2.0
/*
 * What the page's two further kinds of lane need: which locks have one, and which intervals are steps
 * of the critical path. All else of them the script makes from the intervals themselves.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "model/path.h"
#include "view/html.h"
#include "view/text.h"

#define MOST_LOCKS 24

static int by_wait(const void *a, const void *b)
{
	const struct model_lock *x = *(const struct model_lock *const *)a;
	const struct model_lock *y = *(const struct model_lock *const *)b;

	if (x->wait_ns != y->wait_ns)
		return x->wait_ns > y->wait_ns ? -1 : 1;
	return (x > y) - (x < y);
}

/* Those that were waited for longest get a lane each. */
static int find_locks(struct html_lanes *l, const struct model *m)
{
	size_t i;

	l->locks = calloc(m->nr_locks + 1, sizeof(*l->locks));
	l->lane_of = calloc(m->nr_locks + 1, sizeof(*l->lane_of));
	if (!l->locks || !l->lane_of)
		return -ENOMEM;
	for (i = 0; i < m->nr_locks; i++)
		if (m->locks[i].nr_waits)
			l->locks[l->nr_locks++] = &m->locks[i];
	if (l->nr_locks)
		qsort(l->locks, l->nr_locks, sizeof(*l->locks), by_wait);
	if (l->nr_locks > MOST_LOCKS)
		l->nr_locks = MOST_LOCKS;
	for (i = 0; i < l->nr_locks; i++)
		l->lane_of[l->locks[i] - m->locks] = (uint32_t)i + 1;
	return 0;
}

/* A bit for each interval, those of all threads one after the other. */
static int find_path(struct html_lanes *l, const struct model *m)
{
	size_t i, bits = 0;
	struct path p;
	int err;

	l->first = calloc(m->nr_threads + 1, sizeof(*l->first));
	if (!l->first)
		return -ENOMEM;
	for (i = 0; i < m->nr_threads; i++) {
		l->first[i] = bits;
		bits += m->threads[i].nr_intervals;
	}
	l->on_path = calloc(bits / 8 + 1, 1);
	err = l->on_path ? model_path(&p, m) : -ENOMEM;
	if (err)
		return err;
	for (i = 0; i < p.nr_steps; i++) {
		size_t bit;

		if (p.steps[i].thread == m->nr_threads)
			continue;
		bit = l->first[p.steps[i].thread] + p.steps[i].interval;
		l->on_path[bit / 8] |= (unsigned char)(1 << bit % 8);
	}
	path_free(&p);
	return 0;
}

int html_lanes(struct html_lanes *l, const struct model *m)
{
	int err;

	*l = (struct html_lanes){ .nr_locks = 0 };
	err = find_locks(l, m);
	if (!err)
		err = find_path(l, m);
	if (err)
		html_lanes_free(l);
	return err;
}

void html_lanes_free(struct html_lanes *l)
{
	free(l->locks);
	free(l->lane_of);
	free(l->first);
	free(l->on_path);
	*l = (struct html_lanes){ .nr_locks = 0 };
}

bool html_on_path(const struct html_lanes *l, size_t thread, size_t interval)
{
	size_t bit = l->first[thread] + interval;

	return l->on_path[bit / 8] >> bit % 8 & 1;
}

void html_put_locks(FILE *f, const struct model *m, const struct html_lanes *l)
{
	char words[MODEL_LOCK];
	size_t i;

	fputs("\"locks\":[", f);
	for (i = 0; i < l->nr_locks; i++) {
		model_lock_words(m, l->locks[i], words, sizeof(words));
		view_clean(words, true);
		fprintf(f, "%s\n[", i ? "," : "");
		html_put_json(f, words);
		fputc(',', f);
		snprintf(words, sizeof(words), "%s", l->locks[i]->name);
		view_clean(words, true);
		html_put_json(f, words);
		fprintf(f, ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 "]",
			l->locks[i]->nr_waits, l->locks[i]->nr_handoffs, l->locks[i]->handoff_ns,
			l->locks[i]->nr_futile);
	}
	fputs("],\n", f);
}
