// SPDX-License-Identifier: GPL-2.0
/*
 * Marks: begins and ends into intervals. An end closes the last begin of its name that is open in
 * its thread, so intervals of two names may overlap. Any sequence of records gives marks: an end
 * without a begin has no length, a begin without an end lasts as long as its thread.
 *
 * They come from the program and not from a recorder, so they are read when the threads are known.
 */
#include <errno.h>
#include <stdlib.h>

#include "model/build.h"

#define MOST_OPEN \
	256 /* intervals at once in one thread; the outermost gives way, as without an end */

struct opened {
	size_t at[MOST_OPEN]; /* indices of marks, outermost first */
	unsigned int n;
};

struct marking {
	struct model *m;
	struct opened **opened; /* by thread; the last is of those whom nobody knows */
	const uint64_t **off;	/* by thread: off CPU before its interval i */
};

static bool is_off_cpu(enum state s)
{
	return s == STATE_RUNNABLE || s == STATE_SLEEPING || s == STATE_BLOCKED ||
	       s == STATE_STOPPED;
}

/* Sums once a thread: marks may be as many as its intervals, and as long as its life. */
static const uint64_t *off_before(struct marking *k, uint32_t thread)
{
	const struct thread *t = &k->m->threads[thread];
	uint64_t *off;
	size_t i;

	if (k->off[thread])
		return k->off[thread];
	off = calloc(t->nr_intervals + 1, sizeof(*off));
	k->off[thread] = off;
	for (i = 0; off && i < t->nr_intervals; i++)
		off[i + 1] = off[i] + (is_off_cpu(t->intervals[i].state)
					       ? t->intervals[i].end_ns - t->intervals[i].start_ns
					       : 0);
	return off;
}

static uint64_t off_until(const struct thread *t, const uint64_t *off, uint64_t time_ns)
{
	const struct interval *i = model_at(t, time_ns);

	if (!i)
		return 0;
	return off[i - t->intervals] + (is_off_cpu(i->state) ? time_ns - i->start_ns : 0);
}

static int measure(struct marking *k, struct mark *mark)
{
	const struct thread *t;
	const uint64_t *off;

	if (mark->thread >= k->m->nr_threads || mark->start_ns >= mark->end_ns)
		return 0;
	t = &k->m->threads[mark->thread];
	off = off_before(k, mark->thread);
	if (!off)
		return -ENOMEM;
	mark->off_cpu_ns = off_until(t, off, mark->end_ns) - off_until(t, off, mark->start_ns);
	return 0;
}

static uint64_t end_of_life(const struct marking *k, const struct mark *mark)
{
	return mark->thread < k->m->nr_threads ? k->m->threads[mark->thread].end_ns : k->m->end_ns;
}

static struct mark *add(struct marking *k, const struct oncpu_record *r, uint32_t thread)
{
	struct mark *mark = &k->m->marks[k->m->nr_marks++];

	*mark = (struct mark){ .tid = r->tid, .thread = thread, .name = r->mark.name };
	if (mark->name > k->m->nr_mark_names)
		mark->name = (uint32_t)k->m->nr_mark_names;
	mark->start_ns = r->time_ns < k->m->start_ns ? k->m->start_ns
			 : r->time_ns > k->m->end_ns ? k->m->end_ns
						     : r->time_ns;
	mark->end_ns = mark->start_ns;
	return mark;
}

static struct opened *opened_of(struct marking *k, uint32_t thread)
{
	if (!k->opened[thread])
		k->opened[thread] = calloc(1, sizeof(struct opened));
	return k->opened[thread];
}

static void remove_at(struct opened *o, unsigned int i)
{
	for (o->n--; i < o->n; i++)
		o->at[i] = o->at[i + 1];
}

static void begin(struct marking *k, struct opened *o, struct mark *mark)
{
	if (o->n == MOST_OPEN)
		remove_at(o, 0);
	mark->depth = (uint16_t)o->n;
	mark->no_end = true;
	mark->end_ns = end_of_life(k, mark);
	if (mark->end_ns < mark->start_ns)
		mark->end_ns = mark->start_ns;
	o->at[o->n++] = (size_t)(mark - k->m->marks);
}

/* The mark that the end belongs to, which is gone from the opened; or NULL. */
static struct mark *close_last(struct marking *k, struct opened *o, const struct oncpu_record *r)
{
	struct mark *mark;
	unsigned int i;

	for (i = o->n; i-- > 0;) {
		mark = &k->m->marks[o->at[i]];
		if (mark->tid != r->tid || mark->name != r->mark.name ||
		    mark->name == k->m->nr_mark_names)
			continue;
		remove_at(o, i);
		return mark;
	}
	return NULL;
}

static void end(struct marking *k, struct opened *o, const struct oncpu_record *r, uint32_t thread)
{
	struct mark *mark = close_last(k, o, r);

	if (!mark) {
		mark = add(k, r, thread);
		mark->depth = (uint16_t)o->n;
		mark->no_begin = true;
		return;
	}
	mark->no_end = false;
	mark->end_ns = r->time_ns < mark->end_ns ? r->time_ns : mark->end_ns;
	if (mark->end_ns < mark->start_ns)
		mark->end_ns = mark->start_ns;
}

static int take(struct marking *k, const struct oncpu_record *r)
{
	const struct thread *t = model_thread_at(k->m, r->tid, r->time_ns);
	uint32_t thread = (uint32_t)(t ? (size_t)(t - k->m->threads) : k->m->nr_threads);
	struct opened *o = opened_of(k, thread);
	struct mark *mark;

	if (!o)
		return -ENOMEM;
	if (r->type == ONCPU_MARK_END) {
		end(k, o, r, thread);
		return 0;
	}
	mark = add(k, r, thread);
	if (r->type == ONCPU_MARK_BEGIN) {
		begin(k, o, mark);
		return 0;
	}
	mark->point = true;
	mark->value = r->mark.value;
	mark->depth = (uint16_t)o->n;
	return 0;
}

static int take_all(struct marking *k, const struct trace_stream *s)
{
	int err = 0;
	size_t i;

	for (i = 0; i < s->n && !err; i++)
		if (s->records[i].type >= ONCPU_MARK_BEGIN &&
		    s->records[i].type <= ONCPU_MARK_POINT)
			err = take(k, &s->records[i]);
	for (i = 0; i < k->m->nr_marks && !err; i++)
		err = measure(k, &k->m->marks[i]);
	return err;
}

int model_marks(struct build *b)
{
	struct model *m = b->m;
	struct marking k = { .m = m };
	int err = -ENOMEM;
	size_t i;

	m->mark_names = (const char *const *)b->t->mark_names;
	m->nr_mark_names = b->t->nr_mark_names;
	m->nr_marks_lost = b->t->marks.lost;
	if (!b->t->marks.n)
		return 0;
	m->marks = calloc(b->t->marks.n, sizeof(*m->marks));
	k.opened = calloc(m->nr_threads + 1, sizeof(*k.opened));
	k.off = calloc(m->nr_threads + 1, sizeof(*k.off));
	if (m->marks && k.opened && k.off)
		err = take_all(&k, &b->t->marks);
	for (i = 0; i <= m->nr_threads; i++) {
		free(k.opened ? k.opened[i] : NULL);
		free(k.off ? (void *)k.off[i] : NULL);
	}
	free(k.opened);
	free(k.off);
	return err;
}

const char *model_mark_name(const struct model *m, uint32_t name)
{
	return name < m->nr_mark_names ? m->mark_names[name] : "?";
}
