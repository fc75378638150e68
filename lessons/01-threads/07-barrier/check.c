// SPDX-License-Identifier: GPL-2.0
#include "grade/check.h"

CHECK(output, "nobody goes on before all have come")
{
	const char *why = "\"early\" is how often a thread came out of barrier_wait() before the "
			  "last one had "
			  "gone in, or found another's work of that phase not done. A barrier is "
			  "there so that "
			  "a phase can rely on all of the one before.";
	const char *look = "Look at the points \"come\" and \"go\": in which phase does the first "
			   "\"go\" stand "
			   "before the last \"come\"? What did that thread see that let it go?";

	JUDGE(printed(run_of("phases 4 6"), "early 0"), why, look);
	JUDGE(printed(run_of("phases 3 6"), "early 0"), why, look);
	JUDGE(printed(run_of("phases 7 2"), "early 0"), why, look);
}

/* The first thread to go on from a phase that somebody had still to come to; NULL: there is none. */
static const struct mark *first_too_early(const struct run *r, const struct mark **last)
{
	const struct mark *const *come, *const *go;
	size_t nr_come, nr_go, i, j;

	come = marks_of(r, "come", &nr_come);
	go = marks_of(r, "go", &nr_go);
	for (i = 0; i < nr_go; i++)
		for (j = 0; j < nr_come; j++)
			if (come[j]->value == go[i]->value && come[j]->start_ns > go[i]->start_ns) {
				*last = come[j];
				return go[i];
			}
	return NULL;
}

CHECK(structure, "on the timeline every \"go\" stands after the last \"come\" of its phase")
{
	const struct run *r = run_of("phases 4 6");
	const struct mark *last = NULL, *m = first_too_early(r, &last);
	struct verdict v =
		seen(r, !m, "In phase %llu %s/%u went on %.2f ms before %s/%u came.",
		     m ? (unsigned long long)m->value : 0, m ? name_of(r, m->tid) : "",
		     m ? m->tid : 0, m ? (double)(last->start_ns - m->start_ns) / 1e6 : 0,
		     m ? name_of(r, last->tid) : "", m ? last->tid : 0);

	JUDGE(m ? at(v, r, m->start_ns, last->start_ns, m->tid) : v,
	      "A phase relies on all of the one before it.",
	      "What did that thread see in barrier_wait() that let it go?");
}

CHECK(waiting, "who came early sleeps until the last one comes")
{
	const struct run *r = run_of("phases 4 6");

	JUDGE(waits_slept(r, "wait"), "The ones who wait take the CPU from the one they wait for.",
	      "Which loop does it go round, and who knows when that loop could end?");
	JUDGE(slept_together(r, "wait", 3),
	      "Four work, and in each phase another one is the slowest: three wait for it.",
	      "Look at the intervals \"wait\": what do the three do in there?");
}

CHECK(pert, "it holds in any order of steps: two threads, three phases")
{
	JUDGE(holds_in_schedules("race 2 3", 60),
	      "A thread may be through, and back for the next phase, before another has even "
	      "woken.",
	      "Read the interleaving: which thread is in which phase at each line, and what does "
	      "the one that "
	      "still sleeps find when it wakes?");
}

CHECK(pert, "it holds for three threads")
{
	JUDGE(holds_in_schedules("race 3 2", 60),
	      "What works for two need not for three: who wakes whom, and in which order, is not "
	      "yours to "
	      "choose.",
	      "Read the interleaving: which thread is in which phase at each line, and what does "
	      "the one that "
	      "still sleeps find when it wakes?");
}
CHECKS_END
