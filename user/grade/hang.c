// SPDX-License-Identifier: GPL-2.0
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "grade/evidence.h"
#include "grade/hang.h"
#include "grade/harness.h"
#include "grade/quiet.h"
#include "lib/text.h"
#include "model/findings.h"

#define SHOWN_WAITS 6

static void add(struct verdict *v, const char *text)
{
	size_t n = strlen(v->saw);

	snprintf(v->saw + n, sizeof(v->saw) - n, "%s%s", n ? "\n" : "", text);
}

/* The last thing it said on its way out; "": nothing. */
static void last_line(const char *text, char *line, size_t size)
{
	const char *end = text + strlen(text), *start;

	while (end > text && end[-1] == '\n')
		end--;
	for (start = end; start > text && start[-1] != '\n'; start--)
		;
	if (!strncmp(start, "oncpu record: ", 14) && start > text) {
		char before[4096];

		snprintf(before, sizeof(before), "%.*s", (int)(start - text), text);
		last_line(before, line, size);
		return;
	}
	snprintf(line, size, "%.*s", strncmp(start, "oncpu record: ", 14) ? (int)(end - start) : 0,
		 start);
	text_clean(line);
}

/* A name for what happened, where the model has one: deadlock, lost wake-up. */
static bool add_findings(struct verdict *v, const struct run *r)
{
	char sentence[FINDING_SENTENCE];
	struct finding *list;
	size_t n, i;
	bool any = false;

	if (model_findings(&list, &n, r->model))
		return false;
	for (i = 0; i < n; i++) {
		if (list[i].kind != FINDING_DEADLOCK && list[i].kind != FINDING_LOST_WAKEUP)
			continue;
		finding_sentence(r->model, &list[i], sentence, sizeof(sentence));
		add(v, sentence);
		v->tid = list[i].thread->tid;
		v->from_ns = list[i].start_ns;
		v->to_ns = list[i].end_ns;
		any = true;
	}
	free(list);
	return any;
}

/* What it slept for when it was given up: its last long sleep, for then it was killed. */
static const struct interval *last_sleep(const struct thread *t)
{
	const struct interval *i;

	for (i = t->intervals + t->nr_intervals; i-- > t->intervals;)
		if ((i->state == STATE_SLEEPING || i->state == STATE_BLOCKED) &&
		    i->end_ns - i->start_ns > RUN_QUIET_MS * 1000000ull / 2)
			return i;
	return NULL;
}

/*
 * The lock's last waiter that got it, since `i` began to wait: the holder that the record names is
 * the one at the beginning of the wait, and it may have handed the lock on.
 */
static uint32_t later_holder(const struct run *r, const struct interval *i)
{
	const struct thread *t;
	const struct interval *j;
	uint64_t last = i->start_ns;
	uint32_t tid = 0;

	for (t = r->model->threads; i->lock && t < r->model->threads + r->model->nr_threads; t++)
		for (j = t->intervals; j < t->intervals + t->nr_intervals; j++)
			if (j->lock == i->lock && j->cause == CAUSE_FUTEX && !j->open &&
			    j->end_ns > last && j->end_ns + RUN_QUIET_MS * 500000ull < i->end_ns) {
				last = j->end_ns;
				tid = t->tid;
			}
	return tid;
}

static uint32_t holder(const struct run *r, const struct interval *i)
{
	uint32_t later = i->cause == CAUSE_FUTEX && i->owner ? later_holder(r, i) : 0;

	return later ? later : i->owner;
}

static const struct thread *waits_for(const struct run *r, const struct thread *t)
{
	const struct interval *i = t->target ? last_sleep(t) : NULL;

	return i && i->cause == CAUSE_FUTEX ? model_thread(r->model, holder(r, i)) : NULL;
}

/* "A waits for B, which waits for A": from t back to t. False: they do not come back to it. */
static bool cycle_from(const struct run *r, const struct thread *t, char *text, size_t size)
{
	const struct thread *next = waits_for(r, t);
	size_t n = (size_t)snprintf(text, size, "A deadlock: %s/%u", t->comm, t->tid);
	unsigned int steps;

	for (steps = 1; next && steps <= SHOWN_WAITS && n < size; steps++) {
		n += (size_t)snprintf(text + n, size - n, " waits for %s/%u", next->comm,
				      next->tid);
		if (next == t)
			return true;
		if (n < size)
			n += (size_t)snprintf(text + n, size - n, ", which");
		next = waits_for(r, next);
	}
	return false;
}

static void add_cycle(struct verdict *v, const struct run *r)
{
	const struct thread *t;
	char text[512];

	for (t = r->model->threads; t < r->model->threads + r->model->nr_threads; t++)
		if (cycle_from(r, t, text, sizeof(text) - 1)) {
			strcat(text, ".");
			add(v, text);
			return;
		}
}

static void add_wait(struct verdict *v, const struct run *r, const struct thread *t,
		     const struct interval *i)
{
	char awaited[MODEL_LOCK], owner[64] = "", where[160] = "", text[512];
	const struct model_spot *spot = i->spot ? &r->model->spots[i->spot - 1] : NULL;

	model_awaited(r->model, i, awaited, sizeof(awaited));
	if (i->owner && i->cause == CAUSE_FUTEX)
		snprintf(owner, sizeof(owner), ", which %s/%u holds", name_of(r, holder(r, i)),
			 holder(r, i));
	else if (i->owner)
		snprintf(owner, sizeof(owner), ", %s/%u", name_of(r, i->owner), i->owner);
	if (spot && spot->function[0])
		snprintf(where, sizeof(where), " at %s in %s()", spot->text, spot->function);
	snprintf(text, sizeof(text), "%s/%u waits%s for %s%s.", t->comm, t->tid, where, awaited,
		 owner);
	add(v, text);
	if (!v->tid) {
		v->tid = t->tid;
		v->from_ns = i->start_ns;
		v->to_ns = i->end_ns;
	}
}

static void add_waits(struct verdict *v, const struct run *r)
{
	const struct thread *t;
	const struct interval *i;
	unsigned int n = 0;
	char more[64];

	for (t = r->model->threads; t < r->model->threads + r->model->nr_threads; t++) {
		i = t->target ? last_sleep(t) : NULL;
		if (i && ++n <= SHOWN_WAITS)
			add_wait(v, r, t, i);
	}
	if (n > SHOWN_WAITS) {
		snprintf(more, sizeof(more), "... and %u more threads wait.", n - SHOWN_WAITS);
		add(v, more);
	}
}

static void judge_quiet(const struct run *r, struct verdict *v)
{
	snprintf(v->saw, sizeof(v->saw),
		 "`%s` hangs: all its threads sleep, and none of them can wake another.",
		 r->arguments);
	if (!add_findings(v, r))
		add_cycle(v, r);
	add_waits(v, r);
	check_judge(at(*v, r, v->from_ns, v->to_ns, v->tid),
		    "A thread that waits sleeps until somebody wakes it. When all wait, nobody is "
		    "left to.",
		    "For each of these waits: which line of the program was to end it, and did "
		    "that come before, or never?");
}

/* Most on a CPU. */
static const struct thread *busiest(const struct model *m)
{
	const struct thread *t, *most = NULL;

	for (t = m->threads; t < m->threads + m->nr_threads; t++)
		if (t->target &&
		    (!most || t->total_ns[STATE_RUNNING] > most->total_ns[STATE_RUNNING]))
			most = t;
	return most;
}

static void judge_endless(const struct run *r, struct verdict *v)
{
	const struct thread *t = busiest(r->model);
	char ran[TEXT_DURATION];

	text_duration(t ? t->total_ns[STATE_RUNNING] : 0, ran, sizeof(ran));
	snprintf(v->saw, sizeof(v->saw),
		 "`%s` had not ended after %d s. The busiest of its threads, %s/%u, was on a CPU "
		 "for "
		 "%s of that.",
		 r->arguments, RUN_SECONDS, t ? t->comm : "nobody", t ? t->tid : 0, ran);
	add_findings(v, r);
	v->tid = t ? t->tid : 0;
	check_judge(
		*v, "A loop that waits for another thread keeps the CPU from it.",
		"Which loop of yours has no end, as long as no other thread changes something?");
}

static void judge_crowd(const struct run *r, struct verdict *v)
{
	snprintf(v->saw, sizeof(v->saw),
		 "`%s` came to have more than %d threads and processes at once, and was ended.",
		 r->arguments, QUIET_MOST_TASKS);
	check_judge(*v,
		    "Each of them costs memory and a place in every queue; a program that makes "
		    "them without "
		    "end takes the whole machine.",
		    "Which line creates them, and what was to stop it?");
}

static void judge_killed(const struct run *r, struct verdict *v)
{
	char said[512];

	last_line(r->errors, said, sizeof(said));
	snprintf(v->saw, sizeof(v->saw), "`%s` was ended by signal %d (%s)%s%s%s", r->arguments,
		 r->code, strsignal(r->code), said[0] ? ", after it said: " : ".", said,
		 said[0] ? "" : "");
	if (r->code == SIGSEGV || r->code == SIGBUS)
		check_judge(
			*v, "It used memory that is not there, or not any more.",
			"Which of your pointers may point to something that is gone: to a local of "
			"a function that has returned or of a thread that has ended, or to what "
			"free() was given?");
	check_judge(*v,
		    r->code == SIGKILL ? "Nobody but the kernel kills so: it ran out of memory, or "
					 "of what it may use."
				       : "What a program does after that, nobody knows.",
		    "Run it by hand, under gdb: scripts/vm shell.");
}

void hang_judge(const struct run *r)
{
	struct verdict v = { .kind = VERDICT_FAIL,
			     .in = r->end == RUN_KILLED ? CLASS_OUTPUT : CLASS_HANG };

	snprintf(v.run, sizeof(v.run), "%s", r->name);
	snprintf(v.title, sizeof(v.title), "%s",
		 r->end == RUN_KILLED ? "it ends by itself, in good order" : "it comes to an end");
	if (r->end == RUN_QUIET)
		judge_quiet(r, &v);
	else if (r->end == RUN_CROWD)
		judge_crowd(r, &v);
	else if (r->end == RUN_ENDLESS)
		judge_endless(r, &v);
	else
		judge_killed(r, &v);
	exit(CHECK_FAILED);
}

void exit_judge(const struct run *r)
{
	struct verdict v = { .kind = VERDICT_FAIL, .in = CLASS_OUTPUT };
	char said[512];

	last_line(r->errors, said, sizeof(said));
	snprintf(v.run, sizeof(v.run), "%s", r->name);
	snprintf(v.title, sizeof(v.title), "it ends by itself, in good order");
	snprintf(v.saw, sizeof(v.saw), "`%s` ended with status %d%s%s", r->arguments, r->code,
		 said[0] ? ": " : ".", said);
	check_judge(v, "main.c looks at the results itself, and ends so where one is wrong.",
		    "Look at what it says, and at the line of main.c that says it.");
	exit(CHECK_FAILED);
}
