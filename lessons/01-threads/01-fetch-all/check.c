// SPDX-License-Identifier: GPL-2.0
#include "grade/check.h"

static struct verdict all_right(const struct run *r)
{
	return seen(r, number_of(r, "wrong") == 0,
		    "Of %lu values, values[%lu] is %lu, and not %lu, which slow_read() gave for "
		    "ids[%lu].",
		    number_of(r, "of"), number_of(r, "index"), number_of(r, "value"),
		    number_of(r, "right"), number_of(r, "index"));
}

CHECK(output, "each value is at its place")
{
	JUDGE(all_right(run_of("fetch 8")),
	      "A thread begins some time after it was created, and by then what it was pointed at "
	      "may be another thing.",
	      "What does each thread read, when does it read that, and who writes to the same "
	      "place meanwhile? And are all values there when fetch_all() returns?");
	JUDGE(all_right(run_of("sizes")), "It is called with 1, 0, 11 and 40 values here.",
	      "For which numbers of values is there room in your program?");
}

CHECK(structure, "a thread for each value, and none is left over")
{
	const struct run *r = run_of("fetch 8"), *again;

	JUDGE(threads_made(r, 7, 16),
	      "Eight can only sleep at once if there are eight: the caller, and seven others at "
	      "least.",
	      "On the timeline each thread has a row. pthread_create(3) makes one.");
	JUDGE(ended_before(r, "returned"),
	      "A thread that goes on after the function that made it has returned may use what is "
	      "no longer there.",
	      "How does fetch_all() know that a thread is over, and not only nearly so?");
	again = run_of("again");
	JUDGE(seen(again, number_of(again, "stacks_left") == 0,
		   "After two more calls with 8 values the process keeps the stacks of %lu threads "
		   "that are over.",
		   number_of(again, "stacks_left")),
	      "What a thread leaves behind is kept until somebody has asked for it: 8 MB of "
	      "addresses a thread, until there are none left.",
	      "Which of the threads that you made does nobody ask for?");
}

CHECK(overlap, "all of them wait at the same time")
{
	JUDGE(certain(slept_together(run_of("meet 8"), "slow_read", 7)),
	      "Waiting costs no CPU, so eight can do it in the time of one. Who starts the next "
	      "only when the last has come back waits eight times as long.",
	      "In this run the disk answers the first only when others have asked, or after a "
	      "second and a half. On the timeline, when does the next thread ask, and what ended "
	      "just before that?");
}

CHECK(waiting, "who waits for them sleeps")
{
	JUDGE(waits_slept(run_of("fetch 8"), "fetch_all"),
	      "A thread that keeps asking whether the others are done takes a CPU from whoever "
	      "has work.",
	      "What does main do in the timeline while the others sleep, and which call would "
	      "have it sleep until a thread is over?");
}

CHECK(pert, "the values are right in every order of steps")
{
	JUDGE(holds_in_schedules("race 3", 150),
	      "A thread may begin at once or much later, and end before or after any other. What "
	      "works because one is usually fast does not work.",
	      "Which place is written by one thread and read by another, and what makes the "
	      "reader wait until it is written?");
}

CHECKS_END
