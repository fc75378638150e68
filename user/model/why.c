// SPDX-License-Identifier: GPL-2.0
/* The chain of causes behind a wait: who kept it waiting, and what kept that one. */
#include <stdio.h>
#include <string.h>

#include "lib/text.h"
#include "model/say.h"

static uint64_t common_ns(const struct interval *i, uint64_t start_ns, uint64_t end_ns)
{
	uint64_t from = i->start_ns > start_ns ? i->start_ns : start_ns;
	uint64_t to = i->end_ns < end_ns ? i->end_ns : end_ns;

	return to > from ? to - from : 0;
}

/* What t did most of that time: ran, or one stretch off its CPU. */
static struct why_link mostly(const struct thread *t, uint64_t start_ns, uint64_t end_ns)
{
	const struct interval *i = model_at(t, start_ns), *end = t->intervals + t->nr_intervals;
	const struct interval *ran = NULL, *waited = NULL;
	uint64_t ran_ns = 0, longest_ns = 0, waited_ns = 0, ns;

	if (!i && t->nr_intervals && t->start_ns > start_ns)
		i = t->intervals;
	for (; i && i < end && i->start_ns < end_ns; i++) {
		ns = common_ns(i, start_ns, end_ns);
		if (i->state == STATE_RUNNING) {
			ran_ns += ns;
			if (ns > longest_ns) {
				longest_ns = ns;
				ran = i;
			}
		} else if (ns > waited_ns) {
			waited_ns = ns;
			waited = i;
		}
	}
	if (ran_ns >= waited_ns)
		return (struct why_link){ .thread = t, .interval = ran, .ns = ran_ns };
	return (struct why_link){ .thread = t, .interval = waited, .ns = waited_ns };
}

static bool is_wait(const struct interval *i)
{
	return i->state == STATE_SLEEPING || i->state == STATE_BLOCKED;
}

/* Who kept the wait of a link from ending. NULL: nobody known. */
static const struct thread *behind(const struct model *m, const struct why_link *link,
				   enum why_how *how)
{
	const struct interval *i = link->interval;

	*how = WHY_OWNER;
	if (i->owner && i->owner != link->thread->tid)
		return model_who(m, i->owner, i->start_ns);
	*how = WHY_WAKER;
	return i->waker_irq || !i->waker ? NULL : model_who(m, i->waker, i->end_ns);
}

static bool seen(const struct why_link *links, size_t n, const struct why_link *next)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (links[i].thread == next->thread)
			return true;
	return false;
}

size_t model_why(const struct model *m, const struct thread *t, const struct interval *i,
		 struct why_link links[WHY_LINKS])
{
	uint64_t start_ns = i->start_ns, end_ns = i->end_ns;
	const struct thread *who;
	struct why_link next;
	enum why_how how;
	size_t n = 1;

	links[0] = (struct why_link){ t, i, end_ns - start_ns, WHY_ASKED };
	while (n < WHY_LINKS && is_wait(links[n - 1].interval)) {
		who = behind(m, &links[n - 1], &how);
		if (!who)
			break;
		next = mostly(who, start_ns, end_ns);
		if (!next.interval)
			break;
		next.how = how;
		links[n] = next;
		if (seen(links, n++, &next))
			break; /* it waits for itself: said, and no further */
		start_ns = start_ns > next.interval->start_ns ? start_ns : next.interval->start_ns;
		end_ns = end_ns < next.interval->end_ns ? end_ns : next.interval->end_ns;
	}
	return n;
}

/* The first link: what was asked. */
static size_t say_asked(const struct model *m, const struct why_link *l, char *buf, size_t size)
{
	char who[NAME_SIZE], length[TEXT_DURATION], did[MODEL_SENTENCE];

	say_name(l->thread, who);
	text_duration(l->ns, length, sizeof(length));
	if (l->interval->state == STATE_UNKNOWN)
		return (size_t)snprintf(buf, size, "what %s did for %s was not recorded", who,
					length);
	if (l->interval->state == STATE_RUNNING || l->interval->state == STATE_DEAD) {
		say_predicate(m, l->thread, l->interval, l->ns, "end", did, sizeof(did));
		return (size_t)snprintf(buf, size, "%s %s", who, did);
	}
	say_predicate(m, l->thread, l->interval, l->ns, "t", did, sizeof(did));
	return (size_t)snprintf(buf, size, "%s was off CPU for %s: it %s", who, length, did);
}

/* "the one before was woken by" is said here: its sentence ends where the chain begins. */
static size_t say_behind(const struct model *m, const struct why_link *l, bool again, char *buf,
			 size_t size)
{
	char who[NAME_SIZE], until[NAME_SIZE + 32] = "", did[MODEL_SENTENCE];

	if (l->how == WHY_WAKER)
		snprintf(until, sizeof(until), ", until %s woke it", say_name(l->thread, who));
	if (again)
		return (size_t)snprintf(buf, size, "%s, which waits for it in turn", until);
	say_predicate(m, l->thread, l->interval, l->ns, "end", did, sizeof(did));
	return (size_t)snprintf(buf, size, "%s, which meanwhile %s", until, did);
}

int model_why_sentence(const struct model *m, const struct why_link *links, size_t n, char *buf,
		       size_t size)
{
	char text[WHY_SENTENCE];
	size_t at = n ? say_asked(m, &links[0], text, sizeof(text)) : 0, i;

	for (i = 1; i < n && at < sizeof(text); i++)
		at += say_behind(m, &links[i], seen(links, i, &links[i]), text + at,
				 sizeof(text) - at);
	return snprintf(buf, size, "%s.", n ? text : "nothing is known");
}
