// SPDX-License-Identifier: GPL-2.0
/* The tasks that were alive at the start, and which of them belong to the recorded command. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "model/build.h"

enum visit { MARK_NONE, MARK_VISITING, MARK_TARGET, MARK_OTHER };

static size_t find_task(const struct trace *t, uint32_t tid)
{
	size_t low = 0, high = t->nr_tasks, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (t->tasks[middle].tid < tid)
			low = middle + 1;
		else
			high = middle;
	}
	return low < t->nr_tasks && t->tasks[low].tid == tid ? low : t->nr_tasks;
}

/* A thread belongs to its process, a process to its parent. */
static size_t superior(const struct trace *t, size_t i)
{
	const struct trace_task *task = &t->tasks[i];

	return find_task(t, task->tgid && task->tgid != task->tid ? task->tgid : task->ppid);
}

/* Up from i until it is decided, then down again marking: each task is walked over twice at most. */
static void mark_chain(const struct trace *t, unsigned char *marks, size_t i)
{
	unsigned char mark = MARK_OTHER;
	size_t at = i;

	while (at < t->nr_tasks && marks[at] == MARK_NONE && t->tasks[at].tid != t->target_tid) {
		marks[at] = MARK_VISITING;
		at = superior(t, at);
	}
	if (at < t->nr_tasks && (t->tasks[at].tid == t->target_tid || marks[at] == MARK_TARGET))
		mark = MARK_TARGET;
	if (at < t->nr_tasks && t->tasks[at].tid == t->target_tid)
		marks[at] = MARK_TARGET;
	for (at = i; at < t->nr_tasks && marks[at] == MARK_VISITING; at = superior(t, at))
		marks[at] = mark;
}

_Static_assert((int)TRACE_TASK_RUNNING == (int)STATE_RUNNING &&
		       (int)TRACE_TASK_STOPPED == (int)STATE_STOPPED,
	       "they count alike");

/* It waited for a futex already: which one is all that is known. */
static void waits_already(struct build *b, struct life *l, uint64_t futex)
{
	struct oncpu_record r = { .type = ONCPU_FUTEX_WAIT,
				  .tid = l->thread.tid,
				  .futex_wait = { .address = futex } };

	l->in_futex = true;
	l->futex_address = futex;
	lock_begin(b, l, &r);
	l->now.cause = CAUSE_FUTEX;
	l->now.address = futex;
	lock_name(b, l, &l->now, b->m->start_ns);
}

/* What it did when a recording begins in the middle. */
static void begin_with(struct build *b, struct life *l, const struct trace_task *task)
{
	bool placed = task->cpu < b->m->nr_cpus;

	if (task->state == TRACE_TASK_RUNNING) {
		if (placed && !b->places[task->cpu].known)
			place_arrive(b, task->cpu, task->tid, b->m->start_ns);
		return;
	}
	l->now.state = (enum state)task->state;
	if (task->state == TRACE_TASK_RUNNABLE && placed)
		l->now.cpu = (int16_t)task->cpu;
	if (task->state == TRACE_TASK_SLEEPING && task->futex)
		waits_already(b, l, task->futex);
}

static void add_task(struct build *b, const struct trace_task *task, bool target)
{
	struct life *l;

	if (!task->tid || life_find(b, task->tid))
		return;
	l = life_new(b, task->tid, b->m->start_ns);
	if (!l)
		return;
	l->listed = true;
	l->thread.tgid = task->tgid;
	l->thread.parent = task->ppid;
	l->thread.target = target;
	memcpy(l->thread.comm, task->comm, sizeof(l->thread.comm));
	if (task->state)
		begin_with(b, l, task);
}

int model_start_list(struct build *b)
{
	const struct trace *t = b->t;
	unsigned char *marks = calloc(t->nr_tasks + 1, 1);
	size_t i;

	if (!marks)
		return -ENOMEM;
	for (i = 0; i < t->nr_tasks && !b->err; i++) {
		if (t->target_tid)
			mark_chain(t, marks, i);
		add_task(b, &t->tasks[i], marks[i] == MARK_TARGET);
	}
	free(marks);
	return b->err;
}
