// SPDX-License-Identifier: GPL-2.0
/* Facts in words: what a thread did or waited for in one interval. */
#include <stdio.h>
#include <string.h>

#include "lib/text.h"
#include "model/say.h"

static const char *const state_names[NR_STATES] = {
	[STATE_UNKNOWN] = "unknown",   [STATE_RUNNING] = "running", [STATE_RUNNABLE] = "runnable",
	[STATE_SLEEPING] = "sleeping", [STATE_BLOCKED] = "blocked", [STATE_STOPPED] = "stopped",
	[STATE_DEAD] = "dead",
};

static const char *const cause_names[NR_CAUSES] = {
	[CAUSE_UNKNOWN] = "unknown",  [CAUSE_PREEMPTED] = "preempted",
	[CAUSE_WOKEN] = "woken",      [CAUSE_NEW] = "new",
	[CAUSE_YIELDED] = "yielded",  [CAUSE_JOIN] = "join",
	[CAUSE_FUTEX] = "futex",      [CAUSE_KERNEL_LOCK] = "kernel-lock",
	[CAUSE_SLEEP] = "sleep",      [CAUSE_PIPE] = "pipe",
	[CAUSE_SOCKET] = "socket",    [CAUSE_DEVICE] = "device",
	[CAUSE_EVENT] = "event",      [CAUSE_POLL] = "poll",
	[CAUSE_URING] = "io_uring",   [CAUSE_DISK] = "disk",
	[CAUSE_FAULT] = "page-fault", [CAUSE_CHILD] = "child",
	[CAUSE_SIGNAL] = "signal",    [CAUSE_CALL] = "call",
};

const char *model_state_name(enum state s)
{
	return s < NR_STATES ? state_names[s] : "unknown";
}

const char *model_cause_name(enum cause c)
{
	return c < NR_CAUSES ? cause_names[c] : "unknown";
}

const char *say_name(const struct thread *t, char *buf)
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
		snprintf(buf, size, "; woken by %s", say_name(waker, who));
	else if (i->waker_irq)
		snprintf(buf, size, "; woken by an interrupt");
	else
		snprintf(buf, size, "; who woke it is unknown");
	return buf;
}

/* ", woken by a/2," */
static void why(const struct model *m, const struct interval *i, const struct thread *other,
		char *buf, size_t size)
{
	const struct thread *waker = model_who(m, i->waker, i->start_ns);
	const char *comma = other ? "," : "";
	char who[NAME_SIZE];

	if (waker && (i->cause == CAUSE_WOKEN || i->cause == CAUSE_NEW))
		snprintf(buf, size, ", %s by %s%s", i->cause == CAUSE_NEW ? "created" : "woken",
			 say_name(waker, who), comma);
	else if (!waker && i->waker_irq)
		snprintf(buf, size, ", woken by an interrupt%s", comma);
}

/* What stands in the place of a {token} of template.c. */
static void say_token(const struct model *m, const struct thread *t, const struct interval *i,
		      uint64_t length_ns, const char *token, char *buf, size_t size)
{
	const struct thread *owner = model_who(m, i->owner, i->start_ns);
	const struct thread *other = model_who(m, i->instead, i->start_ns);
	char who[NAME_SIZE];

	buf[0] = '\0';
	if (!strcmp(token, "t"))
		text_duration(length_ns, buf, size);
	else if (!strcmp(token, "cpu"))
		cpu(i, buf);
	else if (!strcmp(token, "owner"))
		snprintf(buf, size, "%s", owner ? say_name(owner, who) : "a thread");
	else if (!strcmp(token, "held") && i->owner == t->tid)
		snprintf(buf, size, ", held by itself");
	else if (!strcmp(token, "held") && owner)
		snprintf(buf, size, ", held by %s", say_name(owner, who));
	else if (!strcmp(token, "why"))
		why(m, i, other, buf, size);
	else if (!strcmp(token, "instead") && other)
		snprintf(buf, size, " while %s ran there", say_name(other, who));
	else if (!strcmp(token, "end") || (!strcmp(token, "open") && i->open) ||
		 (!strcmp(token, "early") && (i->open || !i->waker_irq)))
		ending(m, i, buf, size);
}

static bool is_ending(const char *token)
{
	return !strcmp(token, "end") || !strcmp(token, "open") || !strcmp(token, "early");
}

/* "waited {t} for" without its {t} is "waited for", "for {t}" is nothing */
static void drop_length(char *template)
{
	static const char *const spelled[] = { " for {t}", " {t}" };
	char *at;
	size_t i;

	for (i = 0; i < 2; i++) {
		at = strstr(template, spelled[i]);
		if (at)
			memmove(at, at + strlen(spelled[i]), strlen(at + strlen(spelled[i])) + 1);
	}
}

void say_predicate(const struct model *m, const struct thread *t, const struct interval *i,
		   uint64_t length_ns, const char *without, char *buf, size_t size)
{
	char template[MODEL_TEMPLATE], *rest = template, *token;
	size_t n = 0;

	buf[0] = '\0';
	model_template(m, i, template, sizeof(template));
	if (without && !strcmp(without, "t"))
		drop_length(template);
	while (n < size && (token = strsep(&rest, "{"))) {
		/* by turns: plain text, token */
		n += (size_t)snprintf(buf + n, size - n, "%s", token);
		token = rest ? strsep(&rest, "}") : NULL;
		if (!token || n >= size)
			break;
		if (!without || !is_ending(token))
			say_token(m, t, i, length_ns, token, buf + n, size - n);
		n += strlen(buf + n);
	}
}

void model_awaited(const struct model *m, const struct interval *i, char *buf, size_t size)
{
	static const char *const begins = "waited {t} for ";
	char template[MODEL_TEMPLATE], *what = template + strlen(begins);

	model_template(m, i, template, sizeof(template));
	if (i->cause == CAUSE_JOIN)
		snprintf(buf, size, "the end of a thread");
	else if (i->cause == CAUSE_SLEEP)
		snprintf(buf, size, "sleep");
	else if (strncmp(template, begins, strlen(begins)) != 0)
		snprintf(buf, size, "something");
	else
		snprintf(buf, size, "%.*s", (int)strcspn(what, ",{"), what);
}

int model_sentence(const struct model *m, const struct thread *t, const struct interval *i,
		   char *buf, size_t size)
{
	const struct decision *d = model_decision(t, i);
	char who[NAME_SIZE], text[MODEL_SENTENCE], decided[MODEL_DECISION];

	say_name(t, who);
	say_predicate(m, t, i, i->end_ns - i->start_ns, NULL, text, sizeof(text));
	if (i->state == STATE_UNKNOWN)
		return snprintf(buf, size, "What %s did for %s was not recorded.", who, text);
	if (!d)
		return snprintf(buf, size, "%s %s.", who, text);
	model_decision_words(m, d, decided, sizeof(decided));
	return snprintf(buf, size, "%s %s. %s.", who, text, decided);
}
