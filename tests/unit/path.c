// SPDX-License-Identifier: GPL-2.0
/* The critical path, and how locks go from hand to hand. */
#include "model_case.h"

#define START "name C 102\n0 cpu0 switch idle -> A R\n0 cpu0 fork A -> B\n0 cpu0 new B by A at 1\n"

/* "100 ran 1000, 101 wanted a CPU 500": the steps, in us. */
static const char *path(const struct model *m)
{
	static char text[1024];
	struct path p;
	size_t i, n = 0;

	text[0] = '\0';
	if (model_path(&p, m))
		return "no memory";
	for (i = 0; i < p.nr_steps && n < sizeof(text); i++) {
		const struct path_step *s = &p.steps[i];
		const struct thread *t = s->thread < m->nr_threads ? &m->threads[s->thread] : NULL;
		struct path_share share = { .state = STATE_UNKNOWN };

		if (t)
			share.state = t->intervals[s->interval].state;
		if (t && share.state >= STATE_SLEEPING && share.state <= STATE_BLOCKED)
			share.cause = t->intervals[s->interval].cause;
		n += (size_t)snprintf(text + n, sizeof(text) - n, "%s%u %s %u", i ? ", " : "",
				      t ? t->tid : 0, path_did(&share),
				      (unsigned int)((s->end_ns - s->start_ns) / 1000));
	}
	path_free(&p);
	return text;
}

TEST_F(model, a_join_leads_to_who_was_awaited)
{
	BUILD(START "1 cpu1 switch idle -> B R\n2 cpu0 futex_wait A 0x7f00 value B\n"
		    "2 cpu0 switch A -> idle S\n5 cpu1 exit B\n5 cpu1 waking A by B at 0\n"
		    "5 cpu1 switch B -> idle X\n6 cpu0 switch idle -> A R\n"
		    "9 cpu0 exit A\n9 cpu0 switch A -> idle X\n");
	EXPECT_STREQ("101 wanted a CPU 1000, 101 ran 4000, 100 wanted a CPU 1000, 100 ran 3000",
		     path(self->m));
}

/* B was created after 1 ms of A: the path goes on there. */
TEST_F(model, a_birth_leads_to_the_creator)
{
	BUILD("0 cpu0 switch idle -> A R\n1 cpu0 fork A -> B\n1 cpu0 new B by A at 1\n"
	      "1.5 cpu1 switch idle -> B R\n3 cpu0 exit A\n3 cpu0 switch A -> idle X\n"
	      "5 cpu1 exit B\n5 cpu1 switch B -> idle X\n");
	EXPECT_STREQ("100 ran 1000, 101 wanted a CPU 500, 101 ran 3500", path(self->m));
}

TEST_F(model, what_no_thread_ended_is_a_step_itself)
{
	BUILD("0 cpu0 switch idle -> A R\n1 cpu0 switch A -> X S in nanosleep\n"
	      "4 cpu0 waking A by X hardirq at 0\n4 cpu0 switch X -> A S\n"
	      "5 cpu0 switch A -> X S in read 3 pipe\n7 cpu0 waking A by X at 0\n"
	      "8 cpu0 switch X -> A S\n9 cpu0 exit A\n9 cpu0 switch A -> idle X\n");
	EXPECT_STREQ("100 ran 1000, 100 slept as long as it asked 3000, 100 ran 1000, "
		     "100 waited for a pipe 2000, 100 wanted a CPU 1000, 100 ran 1000",
		     path(self->m));
}

/* Nobody runs at the end: the wait that stands is what the run is made of. */
TEST_F(model, a_hang_is_on_the_path)
{
	BUILD(START "1 cpu1 switch idle -> B R\n2 cpu0 futex_wait A 0x7f00\n"
		    "2 cpu0 switch A -> idle S\n3 cpu1 futex_wait B 0x7f00\n"
		    "3 cpu1 switch B -> idle S\n");
	EXPECT_STREQ("100 ran 2000, 100 waited on a futex 8000", path(self->m));
}

/* B says it woke A while B itself was asleep: nothing it did is behind that. */
TEST_F(model, a_waker_that_did_not_run_is_not_followed)
{
	BUILD(START "1 cpu1 switch idle -> B R\n2 cpu1 switch B -> idle S\n"
		    "3 cpu0 switch A -> idle S\n5 cpu0 waking A by B at 0\n"
		    "5 cpu0 switch idle -> A R\n");
	EXPECT_STREQ("100 ran 3000, 100 waited, why is not known 2000, 100 ran 5000",
		     path(self->m));
}

TEST_F(model, no_target_no_path)
{
	BUILD("target B\n0 cpu0 switch idle -> X R\n1 cpu0 switch X -> idle S\n");
	EXPECT_STREQ("", path(self->m));
}

/* Stack 7 waits in a mutex. */
#define MUTEX                                                                                      \
	"symbols {\"frames\":[{\"module\":\"libc.so.6\"},{\"module\":\"a.out\"}],"                 \
	"\"stacks\":[{\"id\":\"0x7\",\"user\":[0,1],\"whole\":true,\"kind\":\"mutex\",\"at\":1}]}" \
	"\n"
#define WAIT(t, who)                                                                \
	t " cpu0 futex_wait " who " 0x7f00 value 2\n" t " cpu0 stack " who " 7\n" t \
	  " cpu0 switch " who " -> idle S\n"

static const struct model_lock *lock(const struct model *m)
{
	return m->nr_locks ? &m->locks[0] : NULL;
}

/* It got the mutex, released it, and waits for it another time: that was not in vain. */
TEST_F(model, two_waits_are_two_hand_offs)
{
	BUILD(MUTEX START "0.5 cpu1 switch idle -> B R\n" WAIT(
		"1", "A") "2 cpu1 waking A by B at 0\n2.5 cpu0 switch idle -> A R\n2.5 cpu0 "
			  "futex_wait_end A\n"
			  "3 cpu0 futex_wake A 0x7f00\n3 cpu0 futex_wake_end A\n" WAIT(
				  "4",
				  "A") "5 cpu1 waking A by B at 0\n5.1 cpu0 switch idle -> A R\n");
	ASSERT_NE(NULL, lock(self->m));
	EXPECT_EQ(2, lock(self->m)->nr_handoffs);
	EXPECT_EQ(600000, lock(self->m)->handoff_ns);
	EXPECT_EQ(500000, lock(self->m)->handoff_max_ns);
	EXPECT_EQ(0, lock(self->m)->nr_futile);
	EXPECT_EQ(1, lock(self->m)->most_waiting);
	EXPECT_EQ(0, lock(self->m)->queue_ns);
}

TEST_F(model, woken_and_found_it_taken_again)
{
	BUILD(MUTEX START "0.5 cpu1 switch idle -> B R\n" WAIT(
		"1", "A") "2 cpu1 waking A by B at 0\n2.5 cpu0 switch idle -> A R\n2.5 cpu0 "
			  "futex_wait_end A\n" WAIT("3", "A") "5 cpu1 waking A by B at 0\n5.1 cpu0 "
							      "switch idle -> A R\n");
	ASSERT_NE(NULL, lock(self->m));
	EXPECT_EQ(2, lock(self->m)->nr_handoffs);
	EXPECT_EQ(1, lock(self->m)->nr_futile);
}

/* A waits from 1 to 6, C from 2 to 4 and from 5 on: two stood from 2 to 4 and from 5 to 6. */
TEST_F(model, how_long_a_queue_stood)
{
	BUILD(MUTEX "0 cpu1 switch idle -> B R\n0 cpu1 fork A -> B\n" START
		    "0.1 cpu0 fork A -> C\n" WAIT("1", "A") "1.5 cpu0 switch idle -> C R\n" WAIT(
			    "2", "C") "4 cpu1 waking C by B at 0\n4 cpu0 switch idle -> C "
				      "R\n" WAIT("5", "C") "6 cpu1 waking A by B at 0\n6 cpu0 "
							   "switch idle -> A R\n");
	ASSERT_NE(NULL, lock(self->m));
	EXPECT_EQ(2, lock(self->m)->most_waiting);
	EXPECT_EQ(2000000, lock(self->m)->queue_ns);
	EXPECT_EQ(self->m->start_ns + 2000000, lock(self->m)->queue_start_ns);
}

TEST_HARNESS_MAIN
