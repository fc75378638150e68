// SPDX-License-Identifier: GPL-2.0
/* Facts in words: what a thread did or waited for in one interval. */
#include <stdio.h>
#include <string.h>

#include "lib/text.h"
#include "model/model.h"

#define NAME_SIZE (ONCPU_COMM_LEN + 16)

static const char *const state_names[NR_STATES] = {
	[STATE_UNKNOWN] = "unknown",   [STATE_RUNNING] = "running", [STATE_RUNNABLE] = "runnable",
	[STATE_SLEEPING] = "sleeping", [STATE_BLOCKED] = "blocked", [STATE_STOPPED] = "stopped",
	[STATE_DEAD] = "dead",
};

static const char *const cause_names[NR_CAUSES] = {
	[CAUSE_UNKNOWN] = "unknown",
	[CAUSE_PREEMPTED] = "preempted",
	[CAUSE_WOKEN] = "woken",
	[CAUSE_NEW] = "new",
	[CAUSE_JOIN] = "join",
	[CAUSE_FUTEX] = "futex",
	[CAUSE_KERNEL_LOCK] = "kernel-lock",
};

const char *model_state_name(enum state s)
{
	return s < NR_STATES ? state_names[s] : "unknown";
}

const char *model_cause_name(enum cause c)
{
	return c < NR_CAUSES ? cause_names[c] : "unknown";
}

static const char *name(const struct thread *t, char *buf)
{
	if (t->comm[0])
		snprintf(buf, NAME_SIZE, "%.*s/%u", ONCPU_COMM_LEN, t->comm, t->tid);
	else
		snprintf(buf, NAME_SIZE, "tid %u", t->tid);
	return buf;
}

/* "CPU 1" */
static const char *cpu(const struct interval *i, char *buf)
{
	if (i->cpu < 0)
		snprintf(buf, NAME_SIZE, "a CPU");
	else
		snprintf(buf, NAME_SIZE, "CPU %d", i->cpu);
	return buf;
}

/* "; woken by b/3" */
static const char *ending(const struct model *m, const struct interval *i, char *buf, size_t size)
{
	const struct thread *waker = model_who(m, i->waker, i->end_ns);
	char who[NAME_SIZE];

	if (i->open)
		snprintf(buf, size, "; still so when the recording ended");
	else if (waker)
		snprintf(buf, size, "; woken by %s", name(waker, who));
	else if (i->waker_irq)
		snprintf(buf, size, "; woken by an interrupt");
	else
		snprintf(buf, size, "; who woke it is unknown");
	return buf;
}

static int say_running(const struct interval *i, const char *length, char *buf, size_t size)
{
	char where[NAME_SIZE];

	if (i->cause == CAUSE_KERNEL_LOCK)
		return snprintf(buf, size, "spun %s on %s for the kernel lock 0x%llx", length,
				cpu(i, where), (unsigned long long)i->address);
	return snprintf(buf, size, "ran %s on %s", length, cpu(i, where));
}

static int say_runnable(const struct model *m, const struct interval *i, const char *length,
			char *buf, size_t size)
{
	const struct thread *waker = model_who(m, i->waker, i->start_ns);
	const struct thread *other = model_who(m, i->instead, i->start_ns);
	char where[NAME_SIZE], who[NAME_SIZE], why[NAME_SIZE + 32] = "",
							       instead[NAME_SIZE + 32] = "";

	if (other)
		snprintf(instead, sizeof(instead), " while %s ran there", name(other, who));
	if (i->cause == CAUSE_PREEMPTED)
		return snprintf(buf, size, "had to leave %s for %s%s", cpu(i, where), length,
				instead);
	if (waker && i->cause == CAUSE_WOKEN)
		snprintf(why, sizeof(why), ", woken by %s,", name(waker, who));
	else if (waker && i->cause == CAUSE_NEW)
		snprintf(why, sizeof(why), ", created by %s,", name(waker, who));
	else if (!waker && i->waker_irq)
		snprintf(why, sizeof(why), ", woken by an interrupt,");
	if (!instead[0] && why[0])
		*(strrchr(why, ',')) = '\0';
	return snprintf(buf, size, "waited %s for %s%s%s", length, cpu(i, where), why, instead);
}

static int say_waiting(const struct model *m, const struct thread *t, const struct interval *i,
		       const char *length, char *buf, size_t size)
{
	const struct thread *holder = model_who(m, i->owner, i->start_ns);
	char who[NAME_SIZE], end[NAME_SIZE + 48], owner[NAME_SIZE + 16] = "";

	ending(m, i, end, sizeof(end));
	if (i->cause == CAUSE_KERNEL_LOCK)
		return snprintf(buf, size, "waited %s for the kernel lock 0x%llx%s", length,
				(unsigned long long)i->address, end);
	if (i->cause == CAUSE_JOIN)
		return snprintf(buf, size, "waited %s for %s to end%s", length,
				holder ? name(holder, who) : "a thread", i->open ? end : "");
	if (i->cause == CAUSE_FUTEX) {
		if (i->owner == t->tid)
			snprintf(owner, sizeof(owner), ", held by itself");
		else if (holder)
			snprintf(owner, sizeof(owner), ", held by %s", name(holder, who));
		return snprintf(buf, size, "waited %s for the futex 0x%llx%s%s", length,
				(unsigned long long)i->address, owner, end);
	}
	if (i->state == STATE_STOPPED)
		return snprintf(buf, size, "was stopped for %s%s", length, end);
	if (i->state == STATE_BLOCKED)
		return snprintf(buf, size, "was blocked in the kernel for %s%s", length, end);
	return snprintf(buf, size, "slept %s%s", length, end);
}

static int say_fact(const struct model *m, const struct thread *t, const struct interval *i,
		    const char *length, char *buf, size_t size)
{
	switch (i->state) {
	case STATE_RUNNING:
		return say_running(i, length, buf, size);
	case STATE_RUNNABLE:
		return say_runnable(m, i, length, buf, size);
	case STATE_DEAD:
		return snprintf(buf, size, "ended");
	default:
		return say_waiting(m, t, i, length, buf, size);
	}
}

int model_sentence(const struct model *m, const struct thread *t, const struct interval *i,
		   char *buf, size_t size)
{
	char length[TEXT_DURATION], who[NAME_SIZE], fact[MODEL_SENTENCE];

	name(t, who);
	text_duration(i->end_ns - i->start_ns, length, sizeof(length));
	if (i->state == STATE_UNKNOWN)
		return snprintf(buf, size, "What %s did for %s was not recorded.", who, length);
	say_fact(m, t, i, length, fact, sizeof(fact));
	return snprintf(buf, size, "%s %s.", who, fact);
}
