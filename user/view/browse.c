// SPDX-License-Identifier: GPL-2.0
/* Walking about in the terminal timeline: see browse.h. */
#include <errno.h>
#include <stdlib.h>

#include "view/browse.h"

#define SHORTEST_NS 1000 /* in sight at most so near */

static void keep_inside(struct browse *b, uint64_t length_ns, uint64_t start_ns)
{
	const struct model *m = b->m;

	if (length_ns > m->end_ns - m->start_ns)
		length_ns = m->end_ns - m->start_ns;
	if (start_ns < m->start_ns)
		start_ns = m->start_ns;
	if (start_ns > m->end_ns - length_ns)
		start_ns = m->end_ns - length_ns;
	b->w = (struct view_window){ start_ns, start_ns + length_ns };
	if (b->cursor_ns < b->w.start_ns)
		b->cursor_ns = b->w.start_ns;
	if (b->cursor_ns > b->w.end_ns)
		b->cursor_ns = b->w.end_ns;
}

/* By num / den; what is under the cursor stays where it is. */
static void zoom(struct browse *b, unsigned int num, unsigned int den)
{
	uint64_t length = b->w.end_ns - b->w.start_ns, left = b->cursor_ns - b->w.start_ns;
	uint64_t wanted = length / den * num;

	if (wanted < SHORTEST_NS)
		return;
	left = left / den * num;
	keep_inside(b, wanted, b->cursor_ns > left ? b->cursor_ns - left : 0);
}

static void pan(struct browse *b, int direction)
{
	uint64_t length = b->w.end_ns - b->w.start_ns, step = length / 4;

	if (direction < 0)
		keep_inside(b, length, b->w.start_ns > step ? b->w.start_ns - step : 0);
	else
		keep_inside(b, length, b->w.start_ns + step);
}

static const struct thread *chosen(const struct browse *b)
{
	return b->nr_threads ? &b->m->threads[b->threads[b->row]] : NULL;
}

/* The cursor to the beginning of an interval, brought into sight. */
static void go_to(struct browse *b, uint64_t time_ns)
{
	uint64_t length = b->w.end_ns - b->w.start_ns;

	b->cursor_ns = time_ns;
	if (time_ns < b->w.start_ns || time_ns >= b->w.end_ns)
		keep_inside(b, length, time_ns > length / 3 ? time_ns - length / 3 : 0);
}

/* The next interval of the chosen thread, or the one before. */
static void step(struct browse *b, int direction)
{
	const struct thread *t = chosen(b);
	const struct interval *i = t ? model_at(t, b->cursor_ns) : NULL;

	if (!t || !t->nr_intervals)
		return;
	if (!i)
		i = b->cursor_ns < t->start_ns ? t->intervals : t->intervals + t->nr_intervals - 1;
	else if (direction > 0 && i + 1 < t->intervals + t->nr_intervals)
		i++;
	else if (direction < 0 && i > t->intervals)
		i--;
	go_to(b, i->start_ns);
}

static bool is_wait(const struct interval *i)
{
	return i->state == STATE_SLEEPING || i->state == STATE_BLOCKED ||
	       i->state == STATE_RUNNABLE;
}

/* The next wait of the chosen thread that is wide enough to be seen. */
static void next_wait(struct browse *b, int direction)
{
	const struct thread *t = chosen(b);
	const struct interval *i = t ? model_at(t, b->cursor_ns) : NULL, *end;
	uint64_t visible = (b->w.end_ns - b->w.start_ns) / (b->o.width ? b->o.width : 1);

	if (!t || !t->nr_intervals)
		return;
	end = t->intervals + t->nr_intervals;
	if (i)
		i += direction;
	else
		i = b->cursor_ns < t->start_ns ? t->intervals : end - 1;
	for (; i >= t->intervals && i < end; i += direction)
		if (is_wait(i) && i->end_ns - i->start_ns >= visible) {
			go_to(b, i->start_ns);
			return;
		}
}

static void choose_thread(struct browse *b, const struct thread *t)
{
	size_t i;

	for (i = 0; i < b->nr_threads; i++)
		if (&b->m->threads[b->threads[i]] == t)
			b->row = i;
}

/* Findings one after the other, each with its stretch of time filling the middle of the screen. */
static void next_finding(struct browse *b)
{
	const struct finding *f;
	uint64_t length;

	if (!b->nr_findings)
		return;
	f = &b->findings[b->finding];
	length = f->end_ns - f->start_ns;
	choose_thread(b, f->thread);
	b->cursor_ns = f->interval->start_ns;
	keep_inside(b, length / 2 * 3 + SHORTEST_NS,
		    f->start_ns > length / 4 ? f->start_ns - length / 4 : 0);
	b->finding = (b->finding + 1) % b->nr_findings;
	b->at_finding = true;
}

/* The next step of the critical path after the cursor; after the last one the first. */
static void next_step(struct browse *b)
{
	const struct path *p = &b->path;
	size_t i = 0;

	while (i < p->nr_steps && p->steps[i].start_ns <= b->cursor_ns)
		i++;
	i = i < p->nr_steps ? i : 0;
	if (i == p->nr_steps)
		return;
	if (p->steps[i].thread < b->m->nr_threads)
		choose_thread(b, &b->m->threads[p->steps[i].thread]);
	go_to(b, p->steps[i].start_ns);
}

static void zoom_to_interval(struct browse *b)
{
	const struct thread *t = chosen(b);
	const struct interval *i = t ? model_at(t, b->cursor_ns) : NULL;
	uint64_t length = i ? i->end_ns - i->start_ns : 0, margin = length / 3;

	if (length)
		keep_inside(b, length + 2 * margin + SHORTEST_NS,
			    i->start_ns > margin ? i->start_ns - margin : 0);
}

static void show(struct browse *b, uint64_t start_ns, uint64_t end_ns)
{
	keep_inside(b, end_ns > start_ns ? end_ns - start_ns : SHORTEST_NS, start_ns);
}

static void move_row(struct browse *b, int direction)
{
	if (direction < 0 && b->row > 0)
		b->row--;
	if (direction > 0 && b->row + 1 < b->nr_threads)
		b->row++;
}

static void act(struct browse *b, int key)
{
	switch (key) {
	case 'w':
	case '+':
		return zoom(b, 2, 3);
	case 's':
	case '-':
		return zoom(b, 3, 2);
	case 'a':
		return pan(b, -1);
	case 'd':
		return pan(b, 1);
	case BROWSE_LEFT:
		return step(b, -1);
	case BROWSE_RIGHT:
		return step(b, 1);
	case BROWSE_UP:
		return move_row(b, -1);
	case BROWSE_DOWN:
		return move_row(b, 1);
	case 'n':
		return next_wait(b, 1);
	case 'p':
		return next_wait(b, -1);
	case 'f':
		return next_finding(b);
	case 'x':
		return next_step(b);
	case BROWSE_ENTER:
		return zoom_to_interval(b);
	case 'c':
		return show(b, b->m->span_start_ns, b->m->span_end_ns);
	case '0':
		return show(b, b->m->start_ns, b->m->end_ns);
	}
}

bool browse_press(struct browse *b, int key)
{
	bool helped = b->help;

	b->help = key == '?' && !helped;
	b->at_finding = false;
	if (key == 'q' || key == 3 /* Ctrl-C */)
		return false;
	act(b, key);
	return true;
}

static int list_threads(struct browse *b)
{
	size_t i;
	int pass;

	b->threads = calloc(b->m->nr_threads + 1, sizeof(*b->threads));
	if (!b->threads)
		return -ENOMEM;
	for (pass = 0; pass < (b->o.all ? 2 : 1); pass++)
		for (i = 0; i < b->m->nr_threads; i++)
			if (b->m->threads[i].target == !pass)
				b->threads[b->nr_threads++] = i;
	return 0;
}

int browse_begin(struct browse *b, const struct model *m, const struct view_head *head,
		 const struct view_term_options *o, unsigned int height)
{
	int err;

	*b = (struct browse){ .m = m, .head = head, .o = *o, .height = height };
	err = list_threads(b);
	if (!err)
		err = model_findings(&b->findings, &b->nr_findings, m);
	if (!err)
		err = model_path(&b->path, m);
	show(b, m->span_start_ns, m->span_end_ns);
	return err;
}

void browse_look(struct browse *b, struct view_window w, uint32_t tid)
{
	uint64_t length = w.end_ns > w.start_ns ? w.end_ns - w.start_ns : 0, margin = length / 4;
	size_t i;

	for (i = 0; i < b->nr_threads; i++)
		if (b->m->threads[b->threads[i]].tid == tid)
			b->row = i;
	b->cursor_ns = w.start_ns;
	keep_inside(b, length + 2 * margin + SHORTEST_NS,
		    w.start_ns > margin ? w.start_ns - margin : 0);
}

void browse_end(struct browse *b)
{
	free(b->threads);
	free(b->findings);
	path_free(&b->path);
	b->threads = NULL;
	b->findings = NULL;
}
