// SPDX-License-Identifier: GPL-2.0
/* The highest waits for the lowest, which waits for the one between. A lock that inherits priority ends that. */
#include "demo/show.h"

#define PRIO_HIGH (PRIO_FIRST + 99 - 30) /* as the kernel counts real-time priority 30 */

static struct stretch of_mark(const struct run *r, const char *mark)
{
	return any(r, mark);
}

static double wait_ms(const struct run *r)
{
	return length_ms(of_mark(r, "wants the lock"));
}

/* Whether "low" ran with a priority that is not its own while "high" waited. */
static bool lifted(const struct run *r)
{
	const struct thread *t = who(r, "low");
	struct stretch s = of_mark(r, "wants the lock");
	const struct interval *i;

	for (i = t->intervals; i < t->intervals + t->nr_intervals; i++)
		if (i->state == STATE_RUNNING && i->prio == PRIO_HIGH && i->end_ns > s.from_ns &&
		    i->start_ns < s.to_ns)
			return true;
	return false;
}

static struct stretch whole(const struct run *r)
{
	struct stretch a = of_mark(r, "section"), b = of_mark(r, "medium");

	return (struct stretch){ a.from_ns, b.to_ns > a.to_ns ? b.to_ns : a.to_ns };
}

static void picture(const struct run *r, const char *caption)
{
	look(r, whole(r), "%s", caption);
	row(r, "high");
	row(r, "medium");
	row(r, "low");
	with_marks(r);
}

SHOW
{
	long medium = knob("medium"), section = 100;
	const struct run *plain, *inherit;
	struct stretch wanted, between;
	double waited, inherited;

	as_root();
	plain = act("plain", "an ordinary mutex", "workload plain %ld %ld", section, medium);
	waited = wait_ms(plain);
	wanted = of_mark(plain, "wants the lock");
	between = of_mark(plain, "medium");
	picture(plain, "\"high\" waits for the lock of \"low\", which waits for the CPU, which "
		       "\"medium\" has.");
	claim(plain, 1, wanted.from_ns);
	claim(plain, 2, of_mark(plain, "section").from_ns + (uint64_t)section * 1000000);
	claim(plain, 3, between.to_ns + (uint64_t)(section / 2) * 1000000);
	happened(plain, wanted.to_ns);

	inherit = act("inherit", "a mutex that inherits priority", "workload inherit %ld %ld",
		      section, medium);
	inherited = wait_ms(inherit);
	picture(inherit, "As soon as \"high\" waits for it, \"low\" is as high, and \"medium\" has "
			 "to wait.");
	look(plain, whole(plain), "%s",
	     "\"high\" waits for the lock of \"low\", which waits for the CPU, which \"medium\" "
	     "has.");
	answer(wanted.to_ns > between.to_ns ? 3 : waited < (double)section ? 2 : 0);
	say("With an ordinary mutex the highest thread waited %.0f ms: for the lowest one's "
	    "section, and for all %ld ms of the one between, with which it shares nothing.",
	    waited, medium);
	say("With PTHREAD_PRIO_INHERIT it waited %.0f ms. While it waited, the kernel gave its "
	    "priority to the holder, which then went before the one between.",
	    inherited);
	expect("the one between runs to its end before the highest", wanted.to_ns > between.to_ns,
	       "the highest waited %.1f ms, and %ld ms of that for the one between", waited,
	       medium);
	expect("with inheritance it does not",
	       of_mark(inherit, "wants the lock").to_ns < of_mark(inherit, "medium").to_ns,
	       "the highest waited %.1f ms", inherited);
	expect("the kernel lifts the holder", lifted(inherit), "its priority was %s",
	       lifted(inherit) ? "lifted" : "its own");
	expect("an ordinary mutex lifts nobody", !lifted(plain), "its priority was %s",
	       lifted(plain) ? "lifted" : "its own");
}
