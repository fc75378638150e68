// SPDX-License-Identifier: GPL-2.0
/* The report's table of what was waited for, for a person and for a program. */
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "lib/text.h"
#include "view/report_part.h"
#include "view/text.h"

#define MOST_ROWS  12
#define NAME_WIDTH 36

static int by_wait(const void *a, const void *b)
{
	const struct model_lock *x = *(const struct model_lock *const *)a;
	const struct model_lock *y = *(const struct model_lock *const *)b;

	if (x->wait_ns != y->wait_ns)
		return x->wait_ns > y->wait_ns ? -1 : 1;
	return (x > y) - (x < y); /* the model's order */
}

/* Those that were waited for, the longest first, and then those that were only held. free() it; NULL: no memory. */
static const struct model_lock **sorted(const struct model *m, size_t *n)
{
	const struct model_lock **list = calloc(m->nr_locks + 1, sizeof(*list));
	size_t i;

	*n = 0;
	for (i = 0; list && i < m->nr_locks; i++)
		if (m->locks[i].nr_waits || m->locks[i].nr_held)
			list[(*n)++] = &m->locks[i];
	if (*n)
		qsort(list, *n, sizeof(*list), by_wait);
	return list;
}

static void holder(struct report *r, const struct model_lock *l)
{
	const struct thread *t = model_thread(r->m, l->holder);

	if (!l->holder)
		return;
	fprintf(r->l.out, "  %s/%u", t && t->comm[0] ? t->comm : "tid", l->holder);
	if (l->nr_holders > 1)
		fprintf(r->l.out, " +%u", l->nr_holders - 1);
}

static void row(struct report *r, const struct model_lock *l)
{
	char words[MODEL_LOCK], all[TEXT_DURATION], longest[TEXT_DURATION];

	model_lock_words(r->m, l, words, sizeof(words));
	view_clean(words, true);
	text_duration(l->wait_ns, all, sizeof(all));
	text_duration(l->longest_ns, longest, sizeof(longest));
	lines_pad(&r->l, words + strspn(words, "the "), NAME_WIDTH);
	fprintf(r->l.out, "%6llu%10s%10s", (unsigned long long)l->nr_waits, all, longest);
	holder(r, l);
	fputc('\n', r->l.out);
}

#define HANDED_WIDTH 30
#define MOST_HANDED  6

static void handed_row(struct report *r, const struct model_lock *l)
{
	char words[MODEL_LOCK], mean[TEXT_DURATION], longest[TEXT_DURATION], queue[TEXT_DURATION];

	model_lock_words(r->m, l, words, sizeof(words));
	view_clean(words, true);
	text_duration(l->handoff_ns / l->nr_handoffs, mean, sizeof(mean));
	text_duration(l->handoff_max_ns, longest, sizeof(longest));
	text_duration(l->queue_ns, queue, sizeof(queue));
	lines_pad(&r->l, words + strspn(words, "the "), HANDED_WIDTH);
	fprintf(r->l.out, "%7llu%10s%10s%8llu%4u", (unsigned long long)l->nr_handoffs, mean,
		longest, (unsigned long long)l->nr_futile, l->most_waiting);
	fprintf(r->l.out, "%10s\n", l->queue_ns ? queue : "-");
}

/* A futex of which nothing is known but its address tells a person nothing. */
static bool is_known(const struct model_lock *l)
{
	return l->kind || l->name[0];
}

/* How long who was woken for one took to run, and found it free or not. */
static void handed(struct report *r, const struct model_lock *const *list, size_t n)
{
	size_t i, shown = 0;

	for (i = 0; i < n; i++) {
		if (!is_known(list[i]) || !list[i]->nr_handoffs || shown == MOST_HANDED)
			continue;
		if (!shown++)
			lines_heading(&r->l, "From wake-up to running         times      mean"
					     "   longest in vain queue, stood");
		handed_row(r, list[i]);
	}
}

static int by_held(const void *a, const void *b)
{
	const struct model_lock *x = *(const struct model_lock *const *)a;
	const struct model_lock *y = *(const struct model_lock *const *)b;

	if (x->held_ns != y->held_ns)
		return x->held_ns > y->held_ns ? -1 : 1;
	return (x > y) - (x < y);
}

/* Where the program's calls were recorded: how long each lock was somebody's. Sorts the list anew. */
static void held(struct report *r, const struct model_lock **list, size_t n)
{
	char words[MODEL_LOCK], all[TEXT_DURATION], mean[TEXT_DURATION], longest[TEXT_DURATION];
	size_t i, shown = 0;

	qsort(list, n, sizeof(*list), by_held);
	for (i = 0; i < n && list[i]->nr_held && shown < MOST_ROWS; i++) {
		if (!shown++)
			lines_heading(&r->l, "What they held                       times       all"
					     "      mean   longest");
		model_lock_words(r->m, list[i], words, sizeof(words));
		view_clean(words, true);
		text_duration(list[i]->held_ns, all, sizeof(all));
		text_duration(list[i]->held_ns / list[i]->nr_held, mean, sizeof(mean));
		text_duration(list[i]->held_max_ns, longest, sizeof(longest));
		lines_pad(&r->l, words + strspn(words, "the "), NAME_WIDTH);
		fprintf(r->l.out, "%6llu%10s%10s%10s\n", (unsigned long long)list[i]->nr_held, all,
			mean, longest);
	}
}

int report_locks(struct report *r)
{
	size_t n, i, shown = 0;
	const struct model_lock **list = sorted(r->m, &n);

	if (!list)
		return -ENOMEM;
	for (i = 0; i < n; i++) {
		if (!is_known(list[i]) || !list[i]->nr_waits || shown == MOST_ROWS)
			continue;
		if (!shown++)
			lines_heading(&r->l, "What they waited for                 waits       all"
					     "   longest  held by");
		row(r, list[i]);
	}
	handed(r, list, n);
	held(r, list, n);
	free(list);
	return 0;
}

#define NUMBER(n) ((json_int_t)(n))

static json_t *lock_json(const struct model *m, const struct model_lock *l)
{
	char address[32];
	json_t *o;

	snprintf(address, sizeof(address), "0x%llx", (unsigned long long)l->address);
	o = json_pack("{s:I,s:s,s:s,s:s,s:s,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I}",
		      "tgid", NUMBER(l->tgid), "address", address, "kind", trace_lock_name(l->kind),
		      "name", l->name, "first", l->spot ? m->spots[l->spot - 1].text : "", "waits",
		      NUMBER(l->nr_waits), "wait_ns", NUMBER(l->wait_ns), "longest_ns",
		      NUMBER(l->longest_ns), "holder", NUMBER(l->holder), "holders",
		      NUMBER(l->nr_holders), "handoffs", NUMBER(l->nr_handoffs), "handoff_ns",
		      NUMBER(l->handoff_ns), "handoff_max_ns", NUMBER(l->handoff_max_ns), "futile",
		      NUMBER(l->nr_futile), "most_waiting", NUMBER(l->most_waiting), "queue_ns",
		      NUMBER(l->queue_ns), "queue_start_ns",
		      NUMBER(l->queue_ns ? l->queue_start_ns - m->span_start_ns : 0));
	if (l->nr_held) /* --locks=all */
		json_object_update_new(o, json_pack("{s:I,s:I,s:I}", "held", NUMBER(l->nr_held),
						    "held_ns", NUMBER(l->held_ns), "held_max_ns",
						    NUMBER(l->held_max_ns)));
	return o;
}

json_t *report_locks_json(const struct model *m)
{
	size_t n, i;
	const struct model_lock **locks = sorted(m, &n);
	json_t *list = json_array();

	for (i = 0; locks && i < n; i++)
		json_array_append_new(list, lock_json(m, locks[i]));
	free(locks);
	return list;
}
