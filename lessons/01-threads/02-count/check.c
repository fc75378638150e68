// SPDX-License-Identifier: GPL-2.0
#include "grade/check.h"

#define WORDS	"words 193"
#define LONGEST "longest 9"

/* Of the odd numbers of lines and workers: it went wrong each time, or by luck. */
static struct verdict counted_right(const struct run *r, const char *how)
{
	return seen(r, number_of(r, how) == 0,
		    "A text of %lu lines was given to %lu workers. They counted %lu words, %lu in "
		    "the longest line; there are %lu, and %lu.",
		    number_of(r, "lines"), number_of(r, "workers"), number_of(r, "words"),
		    number_of(r, "longest"), number_of(r, "right_words"),
		    number_of(r, "right_longest"));
}

CHECK(output, "every word is counted once")
{
	const struct run *r = run_of("count 2");

	JUDGE(printed(r, WORDS),
	      "The text has 193 words, and it stays the same text however many count it.",
	      "Does each line go to exactly one worker, and does count_words() wait for all of "
	      "them before it returns?");
	JUDGE(printed(r, LONGEST), "The longest line of the text has 9 words.",
	      "Who keeps the greatest, and does it outlast every other worker's?");
}

CHECK(output, "every word is counted once, for any number of lines and workers")
{
	const struct run *r = run_of("edges");

	JUDGE(counted_right(r, "wrong"),
	      "Lines are seldom a multiple of workers, there may be fewer of them than workers, "
	      "and count_words() is called more than once in the life of a program.",
	      "Write down by hand which worker takes which line of that text, and with what each "
	      "call begins.");
}

CHECK(structure, "there are as many workers as were asked for")
{
	const struct run *r = run_of("count 4");

	JUDGE(threads_made(r, 3, 4),
	      "The caller says how many are to work: four threads, or three and the caller. Fewer "
	      "leave CPUs unused, more than there are CPUs only take turns.",
	      "Look at the rows of the timeline: each thread has one. Where in your file are they "
	      "made, and how often?");
}

#define WHY_TOGETHER \
	"Two workers that take turns need as long as one, and pay for the lock besides."

CHECK(overlap, "the workers work at the same time")
{
	JUDGE(certain(most_at_once(run_of("meet 4"), "words_in", 4, 4)), WHY_TOGETHER,
	      "In this run, whoever is in words_in() waits there for the three others. Where are "
	      "they "
	      "all that time, and what do they wait for?");
	JUDGE(overlapped(run_of("count 2"), "words_in", 2, 25), WHY_TOGETHER,
	      "What does a worker's row on the timeline show while the other works? Who else had "
	      "the CPU?");
}

CHECK(waiting, "who waits for the others sleeps")
{
	JUDGE(rested(run_of("meet 4"), "nothing to do"),
	      "A thread that keeps asking whether the others are done takes a CPU from whoever "
	      "has work.",
	      "In this run all workers are kept in words_in() for a while. What does main do on "
	      "the timeline meanwhile, and which call would have it sleep until a thread is over?");
}

CHECK(pert, "the counts are right in every order of steps")
{
	JUDGE(holds_in_schedules("race 2", 150),
	      "A sum is three steps: read, add, write. Another worker's steps may come between "
	      "any two of them, and then its words are lost. A thousand runs may go well.",
	      "Go through the steps of the two threads, line by line, and say after each what "
	      "the other has read already.");
	JUDGE(holds_in_schedules("race 3", 50),
	      "With three workers there are more orders of steps than with two.",
	      "Which value is touched by more than one thread, and what keeps them apart?");
}

CHECK(pert, "the counts are the same each time")
{
	JUDGE(counted_right(run_of("edges"), "by_luck"),
	      "The same call, for the same text, went well when it was made again: the order of "
	      "steps decides.",
	      "Go through the steps of two threads, line by line: which value is touched by both?");
}

CHECKS_END
