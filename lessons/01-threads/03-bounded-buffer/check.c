// SPDX-License-Identifier: GPL-2.0
#include "grade/check.h"

CHECK(output, "it holds as many items as it has room for, and no more")
{
	const struct run *r = run_of("full");

	JUDGE(printed(r, "fit 3"),
	      "A buffer without a bound only hides that one side is too slow, until memory is at "
	      "an end; one that holds less than it says makes threads wait for nothing.",
	      "The capacity is 3, and nobody gets. Follow bb_put() by hand for the first four "
	      "items.");
	JUDGE(printed(r, "in_order 1"),
	      "Who reads what another wrote wants it in the order in which it was written.",
	      "Put 1, 2, 3 by hand. Which of them does bb_get() take first?");
	JUDGE(printed(r, "got 10"), "What was put is to be got, all of it.",
	      "Where can an item go that is neither kept nor given?");
	JUDGE(printed(r, "after_close 0"),
	      "Closed and empty: there is nothing more to wait for, and nothing to give.",
	      "What does bb_get() return then?");
}

CHECK(output, "closed, it still gives what is in it")
{
	JUDGE(printed(run_of("drain"), "left 3"),
	      "Closed means that no more comes, not that what came is worth nothing.",
	      "In which order does bb_get() look at its two questions: is something there, and is "
	      "it closed?");
}

CHECK(output, "all consumers are told that it was closed")
{
	JUDGE(printed(run_of("empty"), "got 3"), "Three items were put, and three were to be got.",
	      "Three consumers wait at once: who of them is woken by which item?");
}

CHECK(waiting, "who waits for an item sleeps")
{
	JUDGE(waits_slept(run_of("empty"), "get"),
	      "A thread that runs while it waits takes the CPU from those who have work, and one "
	      "that comes back to look wakes a CPU for nothing, and is late besides.",
	      "On the timeline a sleep is a line, single or double. What would have to happen in "
	      "bb_get() for the consumer to sleep until an item comes, and who would have to end "
	      "that?");
}

CHECK(waiting, "who waits for room sleeps")
{
	JUDGE(waits_slept(run_of("full"), "put"),
	      "A thread that runs while it waits takes the CPU from those who have work, and one "
	      "that comes back to look wakes a CPU for nothing, and is late besides.",
	      "On the timeline a sleep is a line, single or double. What would have to happen in "
	      "bb_put() for the producer to sleep until there is room, and who would have to end "
	      "that?");
}

#define WHY                                                                                      \
	"Between the moment in which a thread is woken and that in which it has the lock again " \
	"others may come in; and a signal wakes one thread, whichever that is."
#define LOOK                                                                                  \
	"Go through the columns line by line. What is true when a thread stops waiting, and " \
	"is it still true in its next line? Who was told of a change, and for whom was it?"

CHECK(pert, "no item is lost, doubled or waited for in vain, in every order of steps")
{
	JUDGE(holds_in_schedules("race 2 2 1 3", 60), WHY, LOOK);
	JUDGE(holds_in_schedules("once 3 1", 40), WHY, LOOK);
	JUDGE(holds_in_schedules("once 3 2", 40), WHY, LOOK);
	JUDGE(holds_in_schedules("refill 3 2", 40), WHY, LOOK);
}

CHECKS_END
