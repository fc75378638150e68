// SPDX-License-Identifier: GPL-2.0
/* Why was it off its CPU, and what was behind that? */
#include "model_case.h"

static const char *why(const struct model *m, uint32_t tid, size_t interval)
{
	static char text[WHY_SENTENCE];
	struct why_link links[WHY_LINKS];
	size_t n = model_why(m, model_thread(m, tid), interval_of(m, tid, interval), links);

	model_why_sentence(m, links, n, text, sizeof(text));
	return text;
}

/* A waits for B, which holds the lock and is put off its CPU by X meanwhile. */
#define HELD                                                                              \
	"0 cpu0 switch idle -> A R\n0 cpu0 fork A -> B\n0 cpu1 switch idle -> B R\n"      \
	"1 cpu0 futex_wait A 0x7f00 owner B\n1 cpu0 switch A -> idle S in futex\n"        \
	"1.1 cpu1 switch B -> X P\n5 cpu1 switch X -> B P\n5.1 cpu1 waking A by B at 0\n" \
	"5.2 cpu0 switch idle -> A R\n5.2 cpu0 futex_wait_end A\n"

TEST_F(model, the_holder_was_preempted)
{
	BUILD(HELD);
	EXPECT_STREQ("prog/100 was off CPU for 4.1 ms: it waited for the futex 0x7f00, held by "
		     "prog/101, which meanwhile had to leave CPU 1 for 3.9 ms while other/50 ran "
		     "there.",
		     why(self->m, 100, 1));
}

TEST_F(model, who_runs_has_no_cause)
{
	BUILD(HELD);
	EXPECT_STREQ("prog/100 ran 1.0 ms on CPU 0.", why(self->m, 100, 0));
}

/* A reads from a pipe that B fills after a sleep. */
TEST_F(model, the_waker_slept)
{
	BUILD("0 cpu0 switch idle -> A R\n0 cpu0 fork A -> B\n0 cpu1 switch idle -> B R\n"
	      "1 cpu0 switch A -> idle S in read 3 pipe\n"
	      "1 cpu1 switch B -> idle S in clock_nanosleep\n4 cpu1 waking B by idle hardirq at 1\n"
	      "4 cpu1 switch idle -> B R\n4.5 cpu1 waking A by B at 0\n4.6 cpu0 switch idle -> A "
	      "R\n");
	EXPECT_STREQ("prog/100 was off CPU for 3.5 ms: it waited for the pipe at fd 3, in read(), "
		     "until prog/101 woke it, which meanwhile slept 3.0 ms, as it asked to.",
		     why(self->m, 100, 1));
}

TEST_F(model, an_owner_that_ran_on)
{
	BUILD("0 cpu0 switch idle -> A R\n0 cpu0 fork A -> B\n0 cpu1 switch idle -> B R\n"
	      "1 cpu0 futex_wait A 0x7f00 owner B\n1 cpu0 switch A -> idle S in futex\n"
	      "4 cpu1 waking A by B at 0\n4.1 cpu0 switch idle -> A R\n");
	EXPECT_STREQ("prog/100 was off CPU for 3.0 ms: it waited for the futex 0x7f00, held by "
		     "prog/101, which meanwhile ran 3.0 ms on CPU 1.",
		     why(self->m, 100, 1));
}

TEST_F(model, a_circle_ends)
{
	BUILD("0 cpu0 switch idle -> A R\n0 cpu0 fork A -> B\n0 cpu1 switch idle -> B R\n"
	      "1 cpu0 futex_wait A 0x7f00 owner B\n1 cpu0 switch A -> idle S in futex\n"
	      "2 cpu1 futex_wait B 0x7f40 owner A\n2 cpu1 switch B -> idle S in futex\n");
	EXPECT_STREQ(
		"prog/100 was off CPU for 9.0 ms: it waited for the futex 0x7f00, held by "
		"prog/101, which meanwhile waited 8.0 ms for the futex 0x7f40, held by prog/100, "
		"which waits for it in turn.",
		why(self->m, 100, 1));
}

TEST_F(model, an_interrupt_is_the_end)
{
	BUILD("0 cpu0 switch idle -> A R\n1 cpu0 switch A -> idle S in poll\n"
	      "3 cpu0 waking A by idle hardirq at 0\n3 cpu0 switch idle -> A R\n");
	EXPECT_STREQ(
		"prog/100 was off CPU for 2.0 ms: it waited for any of its files to be ready, in "
		"poll().",
		why(self->m, 100, 1));
}

/* For every interval of every thread there is a chain that ends. */
TEST_F(model, every_interval_has_a_chain)
{
	struct why_link links[WHY_LINKS];
	const struct thread *t;
	size_t i, n;

	BUILD(HELD);
	for (t = self->m->threads; t < self->m->threads + self->m->nr_threads; t++)
		for (i = 0; i < t->nr_intervals; i++) {
			n = model_why(self->m, t, &t->intervals[i], links);
			EXPECT_TRUE(n >= 1 && n <= WHY_LINKS);
		}
}

TEST_HARNESS_MAIN
