// SPDX-License-Identifier: GPL-2.0
#include "grade/check.h"

CHECK(output, "everybody gets in, and out again")
{
	JUDGE(printed(run_of("crowd 3 8"), "visits 16"),
	      "Eight visitors come twice each: each visit goes through the gate once.",
	      "Who is missing on the timeline, and where was that thread last?");
	JUDGE(printed(run_of("stay"), "visits 11"), "Three come to one gate, one to another.",
	      "Who is missing on the timeline, and where was that thread last?");
}

CHECK(structure, "never more are inside than there are permits")
{
	const char *why = "The permits stand for something of which there is only so much: "
			  "connections, buffers, printers. One too many, and it breaks.";
	const char *look =
		"Go to that instant and look at the last who came in: what did it see, and "
		"did that still hold when it went in?";

	JUDGE(most_at_once(run_of("crowd 3 8"), "inside", 0, 3), why, look);
	JUDGE(most_at_once(run_of("crowd 2 5"), "inside", 0, 2), why, look);
	JUDGE(printed(run_of("stay"), "too_many 0"), why, look);
}

CHECK(structure, "all permits are used")
{
	const char *why =
		"A gate that lets in fewer than it could makes threads wait that need not.";
	const char *look =
		"Find a moment at which threads wait in \"enter\" although there is room "
		"inside. What do they wait for?";

	JUDGE(most_at_once(run_of("crowd 3 8"), "inside", 3, 3), why, look);
	JUDGE(most_at_once(run_of("crowd 2 5"), "inside", 2, 2), why, look);
}

CHECK(structure, "a permit that comes back lets the next one in")
{
	const struct run *r = run_of("stay");
	uint64_t beside = number_of(r, "beside");

	JUDGE(seen(r, beside >= 3,
		   "There are two permits, and visitor-0 stays for 200 ms. In that time %llu "
		   "visits of 5 ms "
		   "came and went beside it; 8 could have.",
		   (unsigned long long)beside),
	      "Who has nothing to do with the one that stays should not have to wait for it.",
	      "Look at what the others do while visitor-0 is inside. What are they waiting for, "
	      "and "
	      "who is to wake them?");
}

CHECK(waiting, "who finds all permits taken sleeps")
{
	const struct run *r = run_of("crowd 3 8");

	JUDGE(waits_slept(r, "enter"),
	      "A thread that waits should cost nothing: it is asleep until somebody has something "
	      "for "
	      "it. Eight that look again and again leave no CPU for the three that are inside.",
	      "Which loop does it go round, and who knows when that loop could end?");
	JUDGE(slept_together(r, "enter", 3),
	      "Eight come and three have room: most of them have to wait at the same time.",
	      "Look at the intervals \"enter\": where are the threads that are not inside?");
}

CHECK(pert, "it holds in any order of steps: three visitors, two permits")
{
	const char *why =
		"What is right only if nobody comes in between is wrong one time in a million.";
	const char *look = "Read the interleaving from its end. At which line did a thread rely on "
			   "something that another had changed by then?";

	JUDGE(holds_in_schedules("race 2 3 2", 60), why, look);
	JUDGE(holds_in_schedules("race 2 4 1", 100), why, look);
}

CHECK(pert, "with one permit, what is inside is safe")
{
	JUDGE(holds_in_schedules("race 1 3 2", 60),
	      "A gate with one permit is a lock: what one thread wrote inside, the next one inside "
	      "has "
	      "to see.",
	      "Which two threads are inside at once, or nothing in between tells the second what "
	      "the "
	      "first has done?");
}
CHECKS_END
