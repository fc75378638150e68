// SPDX-License-Identifier: GPL-2.0
/* What a thread waits for, as the system call and the file tell that it goes to sleep in. */
#include "model_case.h"

/* A runs for 1 ms, sleeps as told for 2 ms, is woken by X or an interrupt, and runs on. */
#define SLEEPS(how, by)                                                      \
	BUILD("0 cpu0 switch idle -> A R\n1 cpu0 switch A -> idle " how "\n" \
	      "3 cpu0 waking A by " by " at 0\n3 cpu0 switch idle -> A R\n")

static const char *said(const struct model *m)
{
	static char text[MODEL_SENTENCE];

	model_sentence(m, model_thread(m, 100), interval_of(m, 100, 1), text, sizeof(text));
	return text;
}

TEST_F(model, a_sleep_that_ran_its_time)
{
	SLEEPS("S in clock_nanosleep", "idle hardirq");
	EXPECT_EQ(CAUSE_SLEEP, interval_of(self->m, 100, 1)->cause);
	EXPECT_STREQ("prog/100 slept 2.0 ms, as it asked to.", said(self->m));
}

TEST_F(model, a_sleep_that_was_cut_short)
{
	SLEEPS("S in clock_nanosleep", "X");
	EXPECT_STREQ("prog/100 slept 2.0 ms, as it asked to; woken by other/50.", said(self->m));
}

TEST_F(model, a_pipe)
{
	SLEEPS("S in read 3 pipe", "X");
	EXPECT_EQ(CAUSE_PIPE, interval_of(self->m, 100, 1)->cause);
	EXPECT_EQ(3, interval_of(self->m, 100, 1)->address);
	EXPECT_STREQ("prog/100 waited 2.0 ms for the pipe at fd 3, in read(); woken by other/50.",
		     said(self->m));
}

TEST_F(model, a_socket_by_its_call_and_by_its_kind)
{
	SLEEPS("S in accept4 4 socket", "idle");
	EXPECT_STREQ("prog/100 waited 2.0 ms for the socket at fd 4, in accept4(); woken by an "
		     "interrupt.",
		     said(self->m));
}

TEST_F(model, a_socket_that_is_read)
{
	SLEEPS("S in read 4 socket", "X");
	EXPECT_EQ(CAUSE_SOCKET, interval_of(self->m, 100, 1)->cause);
}

TEST_F(model, a_terminal_and_an_event)
{
	SLEEPS("S in read 0 char", "X");
	EXPECT_EQ(CAUSE_DEVICE, interval_of(self->m, 100, 1)->cause);
	model_free(self->m);
	trace_free(self->trace);
	SLEEPS("S in read 7", "X");
	EXPECT_EQ(CAUSE_EVENT, interval_of(self->m, 100, 1)->cause);
	EXPECT_EQ(7, interval_of(self->m, 100, 1)->address);
}

TEST_F(model, files_polled)
{
	SLEEPS("S in poll", "X");
	EXPECT_STREQ("prog/100 waited 2.0 ms for any of its files to be ready, in poll(); woken by "
		     "other/50.",
		     said(self->m));
}

TEST_F(model, the_disk)
{
	SLEEPS("D iowait in pread64 3 file", "idle hardirq");
	EXPECT_STREQ("prog/100 waited 2.0 ms for the disk at fd 3, in pread64(); woken by an "
		     "interrupt.",
		     said(self->m));
}

TEST_F(model, the_disk_in_a_call_without_a_file)
{
	SLEEPS("D iowait in openat", "idle hardirq");
	EXPECT_EQ(CAUSE_DISK, interval_of(self->m, 100, 1)->cause);
	EXPECT_EQ(NO_FD, interval_of(self->m, 100, 1)->address);
	EXPECT_STREQ("prog/100 waited 2.0 ms for the disk, in openat(); woken by an interrupt.",
		     said(self->m));
}

TEST_F(model, a_page)
{
	SLEEPS("D iowait", "idle hardirq");
	EXPECT_EQ(CAUSE_FAULT, interval_of(self->m, 100, 1)->cause);
}

TEST_F(model, io_uring_is_no_disk_though_it_counts_as_io)
{
	SLEEPS("S iowait in io_uring_enter 5", "idle hardirq");
	EXPECT_EQ(CAUSE_URING, interval_of(self->m, 100, 1)->cause);
}

TEST_F(model, a_child_and_a_signal)
{
	SLEEPS("S in wait4", "X");
	EXPECT_EQ(CAUSE_CHILD, interval_of(self->m, 100, 1)->cause);
	model_free(self->m);
	trace_free(self->trace);
	SLEEPS("S in rt_sigsuspend", "X");
	EXPECT_EQ(CAUSE_SIGNAL, interval_of(self->m, 100, 1)->cause);
}

TEST_F(model, another_call_is_named)
{
	SLEEPS("S in flock 3 file", "X");
	EXPECT_STREQ("prog/100 slept 2.0 ms, in flock(); woken by other/50.", said(self->m));
}

/* A kernel thread, or a kernel that does not tell. */
TEST_F(model, no_call_is_no_cause)
{
	SLEEPS("S", "X");
	EXPECT_EQ(CAUSE_UNKNOWN, interval_of(self->m, 100, 1)->cause);
	EXPECT_STREQ("prog/100 slept 2.0 ms; woken by other/50.", said(self->m));
}

/* Whoever is put off the CPU inside a call waits for the CPU and nothing else. */
TEST_F(model, preempted_in_a_call)
{
	SLEEPS("P in read 3 pipe", "X");
	EXPECT_EQ(CAUSE_PREEMPTED, interval_of(self->m, 100, 1)->cause);
}

/* The futex says more than its call. */
TEST_F(model, a_futex_is_known_by_its_own_record)
{
	BUILD("0 cpu0 switch idle -> A R\n0.5 cpu0 futex_wait A 0x7f00\n"
	      "1 cpu0 switch A -> idle S in futex\n3 cpu0 waking A by X at 0\n");
	EXPECT_EQ(CAUSE_FUTEX, interval_of(self->m, 100, 1)->cause);
	EXPECT_EQ(0x7f00, interval_of(self->m, 100, 1)->address);
}

TEST_HARNESS_MAIN
