// SPDX-License-Identifier: GPL-2.0
#include "grade/check.h"

CHECK(output, "every task runs once")
{
	JUDGE(printed(run_of("tasks"), "once 442"),
	      "Tasks that are lost, or done twice, are the one thing that a pool must not have.",
	      "Where is a task between tpool_submit() and the worker that runs it, and who can "
	      "take it "
	      "from there?");
}

CHECK(output, "who waits for all tasks waits for the last one to end")
{
	JUDGE(printed(run_of("tasks"), "early 0"),
	      "Who waited uses what the tasks have written. \"early\" is the number of tasks that "
	      "had not "
	      "ended when tpool_wait() returned.",
	      "What does tpool_wait() look at, and when does that change: when a task is taken, or "
	      "when "
	      "it is done?");
}

CHECK(output, "a pool that is destroyed has run all of its tasks")
{
	const struct run *r = run_of("drain");
	const char *why =
		"Twelve tasks had been accepted. Who submits one need not wait for it to be sure "
		"that it will be run.";

	JUDGE(printed(r, "once 12"), why,
	      "What does a worker look at first when it comes for its next task: whether there is "
	      "one, or "
	      "whether the pool closes?");
	JUDGE(printed(r, "under_way 0"), why,
	      "What had the last task to do when tpool_destroy() returned?");
}

CHECK(structure, "there are as many threads as workers, however many tasks")
{
	const char *why =
		"A thread takes memory and time to make. A pool makes a few, once, and gives them "
		"one task after the other.";
	const char *look =
		"Count the rows of the timeline. Which line of yours makes a thread, and how often "
		"does the program come there?";

	JUDGE(threads_made(run_of("tasks"), 1, 4), why, look);
	JUDGE(threads_made(run_of("drain"), 1, 3), why, look);
}

CHECK(structure, "a destroyed pool leaves no thread behind")
{
	JUDGE(ended_before(run_of("drain"), "destroyed"),
	      "Who destroyed the pool goes on, and may end the program or unload the code that the "
	      "thread "
	      "is in.",
	      "Follow that thread's row past the point \"destroyed\": what does it wait for, and "
	      "who has "
	      "told it that the pool is gone?");
}

CHECK(structure, "all workers work")
{
	JUDGE(slept_together(run_of("tasks"), "task", 4),
	      "The pool has four workers, and each of these tasks sleeps. While one sleeps, three "
	      "others "
	      "can be under way.",
	      "Look at the intervals \"task\": how many rows have them at the same time? What do "
	      "the other "
	      "workers wait for?");
}

CHECK(structure, "who submits does not wait for a worker, however many tasks there are")
{
	JUDGE(printed(run_of("burst"), "once 400"),
	      "A task may depend on what whoever submits it does next. If submitting waits for a "
	      "worker, "
	      "and all workers wait for that, nobody gets on.",
	      "Where do tasks stand that no worker has taken yet, and how many find room there?");
}

CHECK(overlap, "no worker does most of it")
{
	JUDGE(share_of_work(run_of("tasks"), "task", 50),
	      "Equal tasks and equal workers: each should come to about as many.",
	      "When a worker has done a task, who else could take the next one, and is that thread "
	      "awake?");
}

CHECK(waiting, "who waits for the tasks sleeps")
{
	JUDGE(waits_slept(run_of("drain"), "destroy"),
	      "Whoever waits should cost nothing until there is something for it to do.",
	      "What does tpool_destroy() do while the last tasks run?");
	JUDGE(waits_slept(run_of("tasks"), "wait"),
	      "Whoever waits should cost nothing until there is something for it to do.",
	      "What does tpool_wait() do while the tasks run?");
}

CHECK(waiting, "a worker without a task sleeps")
{
	JUDGE(rested(run_of("idle"), "nothing to do"),
	      "A pool is idle most of its life. Workers that look for tasks all that time take the "
	      "CPU from "
	      "those who have something to do.",
	      "Which loop does the worker go round while there is no task, and who knows when "
	      "there is one?");
}

CHECK(pert, "it holds in any order of steps: some tasks, and some more")
{
	JUDGE(holds_in_schedules("race", 60),
	      "A wake-up that is missed once in a million is a program that stands still one day.",
	      "Read the interleaving from its end. Who was to wake the thread that waits, and what "
	      "was that "
	      "thread doing at that moment?");
}

CHECK(pert, "it holds for tasks that submit tasks, and for a pool that is closed at once")
{
	JUDGE(holds_in_schedules("nest", 60),
	      "A task may submit another one: then tpool_wait() has to wait for that one as well.",
	      "Which lock is held while a task runs? And when is a task counted, when is it no "
	      "longer?");
	JUDGE(holds_in_schedules("drop", 60),
	      "Workers that are just about to sleep when the pool is closed have to hear of it as "
	      "well.",
	      "Between which two lines of the worker may tpool_destroy() come, and what does the "
	      "worker see "
	      "of it then?");
}
CHECKS_END
