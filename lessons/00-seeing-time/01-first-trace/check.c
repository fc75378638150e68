// SPDX-License-Identifier: GPL-2.0
#include "grade/check.h"

CHECK(output, "both rounds come to an end")
{
	JUDGE(printed(run_of("rounds"), "rounds 2"),
	      "Two workers, two rounds: all of it is to be done.",
	      "Does pin_cpu() return a CPU, or does it do something else?");
}

CHECK(structure, "two workers in each round")
{
	JUDGE(threads_made(run_of("rounds"), 4, 4),
	      "Two workers in each of two rounds make four threads.",
	      "Each thread has a row on the timeline. Which one is missing?");
}

CHECK(overlap, "in round 2 the workers run at the same time")
{
	const struct run *r = run_of("rounds");
	struct verdict v = overlapped(r, "round 2", 2, 20);

	if (number_of(r, "cpus") == 1)
		v = certain(v); /* they may not: no machine is to blame */
	JUDGE(v,
	      "Two threads that share one CPU take turns: that is concurrent, and takes as long as "
	      "one after the other. Two that run at one instant are parallel, and take half.",
	      "On the timeline, look at round 2: on which CPU does each worker run, and what does "
	      "it do while the other has that CPU? What did pin_cpu() return for worker 0, and "
	      "what for worker 1?");
}

CHECK(overlap, "so it is each time that the program is run")
{
	const struct run *r = run_of("anew");
	unsigned long times = number_of(r, "times"), apart = number_of(r, "apart");

	JUDGE(certain(seen(r, apart == times,
			   "The program was started anew %lu times. In %lu of them the workers of "
			   "round 2 had to share one CPU.",
			   times, times - apart)),
	      "What goes well by luck goes wrong on another day, and then nobody knows why.",
	      "What does the answer of your pin_cpu() depend on, beside the worker's number?");
}

CHECK(pert, "whichever worker asks first")
{
	JUDGE(holds_in_schedules("race", 100),
	      "The two workers are threads: both call pin_cpu(), perhaps at the same instant.",
	      "What does your pin_cpu() write, and who else reads it?");
}

CHECKS_END
