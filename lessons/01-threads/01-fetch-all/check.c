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

#define WHY_TOGETHER                                                                            \
	"Waiting costs no CPU, so many can do it in the time of one. Who starts the next only " \
	"when one has come back waits several times as long."

CHECK(overlap, "all of them wait at the same time")
{
	JUDGE(certain(slept_together(run_of("meet 8"), "slow_read", 7)), WHY_TOGETHER,
	      "In this run the disk answers the first only when others have asked, or when "
	      "nobody has come for two seconds. On the timeline, when does the next thread "
	      "ask, and what ended "
	      "just before that?");
	JUDGE(certain(most_at_once(run_of("meet 64"), "slow_read", 63, 64)), WHY_TOGETHER,
	      "In this run 64 values are asked for, and the disk answers the first only when "
	      "all have been asked for, or when nobody has come for two seconds. Which line of "
	      "yours stops the "
	      "next thread from being made?");
}

CHECK(waiting, "who waits for them sleeps")
{
	JUDGE(rested(run_of("meet 8"), "nothing to do"),
	      "A thread that keeps asking whether the others are done takes a CPU from whoever "
	      "has work.",
	      "In this run the disk keeps all waiting for a while. What does main do on the "
	      "timeline meanwhile, and which call would have it sleep until a thread is over?");
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
