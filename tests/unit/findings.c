// SPDX-License-Identifier: GPL-2.0
/* Each finding: found where it is, and not found in what looks like it. */
#include "model/findings.h"
#include "model_case.h"

/* "kind: sentence" of every finding of a kind, a line each. */
static const char *findings(const struct model *m, enum finding_kind kind)
{
	static char text[4096];
	char sentence[FINDING_SENTENCE];
	struct finding *list = NULL;
	size_t n = 0, i, at = 0;

	text[0] = '\0';
	if (model_findings(&list, &n, m))
		return "no memory";
	for (i = 0; i < n && at < sizeof(text); i++) {
		if (list[i].kind != kind)
			continue;
		finding_sentence(m, &list[i], sentence, sizeof(sentence));
		at += (size_t)snprintf(text + at, sizeof(text) - at, "%s\n", sentence);
	}
	free(list);
	return text;
}

#define START_THREE                                                                       \
	"name C 102\n0 cpu0 switch idle -> A R\n0 cpu0 fork A -> B\n0 cpu0 fork A -> C\n" \
	"0 cpu1 switch idle -> B R\n"

TEST_F(model, deadlock_of_two)
{
	BUILD(START_THREE "1 cpu0 futex_wait A 0x7f00 owner B\n1 cpu0 switch A -> idle S\n"
			  "2 cpu1 futex_wait B 0x7f40 owner A\n2 cpu1 switch B -> idle S\n");
	EXPECT_STREQ(
		"prog/101 waits for prog/100 and prog/100 for prog/101: none of them can go on.\n",
		findings(self->m, FINDING_DEADLOCK));
}

TEST_F(model, deadlock_of_three)
{
	BUILD(START_THREE "1 cpu0 futex_wait A 0x7f00 owner B\n1 cpu0 switch A -> C S\n"
			  "2 cpu1 futex_wait B 0x7f40 owner C\n2 cpu1 switch B -> idle S\n"
			  "3 cpu0 futex_wait C 0x7f80 owner A\n3 cpu0 switch C -> idle S\n");
	EXPECT_STREQ(
		"prog/102 waits for prog/100, prog/100 for prog/101 and prog/101 for prog/102: "
		"none of them can go on.\n",
		findings(self->m, FINDING_DEADLOCK));
}

TEST_F(model, deadlock_with_itself)
{
	BUILD(START_THREE "1 cpu0 futex_wait A 0x7f00 owner A\n1 cpu0 switch A -> idle S\n");
	EXPECT_STREQ("prog/100 waits for what it holds itself: none of them can go on.\n",
		     findings(self->m, FINDING_DEADLOCK));
}

/* The chain of waits has an end: B runs. */
TEST_F(model, a_chain_is_no_deadlock)
{
	BUILD(START_THREE "1 cpu0 futex_wait A 0x7f00 owner B\n1 cpu0 switch A -> C S\n"
			  "2 cpu0 futex_wait C 0x7f80 owner A\n2 cpu0 switch C -> idle S\n");
	EXPECT_STREQ("", findings(self->m, FINDING_DEADLOCK));
}

/* A waited for B, and later B for A: never both at once. */
TEST_F(model, by_turns_is_no_deadlock)
{
	BUILD(START_THREE "1 cpu0 futex_wait A 0x7f00 owner B\n1 cpu0 switch A -> idle S\n"
			  "2 cpu1 waking A by B at 0\n2.1 cpu0 switch idle -> A R\n"
			  "2.1 cpu0 futex_wait_end A\n"
			  "3 cpu1 futex_wait B 0x7f40 owner A\n3 cpu1 switch B -> idle S\n");
	EXPECT_STREQ("", findings(self->m, FINDING_DEADLOCK));
}

TEST_F(model, lost_wakeup)
{
	BUILD(START_THREE "1 cpu1 futex_wake B 0x7f00\n1 cpu1 futex_wake_end B 0\n"
			  "1.5 cpu0 futex_wait A 0x7f00\n1.5 cpu0 switch A -> idle S\n");
	EXPECT_STREQ(
		"prog/100 still waits for the futex 0x7f00 at the end; the last wake-up for it, "
		"by prog/101, came 500.0 us before it began to wait and found nobody.\n",
		findings(self->m, FINDING_LOST_WAKEUP));
}

TEST_F(model, a_wake_after_the_wait_is_not_lost)
{
	BUILD(START_THREE "1 cpu0 futex_wait A 0x7f00\n1 cpu0 switch A -> idle S\n"
			  "1.5 cpu1 futex_wake B 0x7f00\n1.5 cpu1 futex_wake_end B 0\n");
	EXPECT_STREQ("", findings(self->m, FINDING_LOST_WAKEUP));
}

TEST_F(model, a_wake_that_found_somebody_is_not_lost)
{
	BUILD(START_THREE "0.5 cpu1 futex_wake B 0x7f00\n0.5 cpu1 futex_wake_end B 0\n"
			  "1 cpu1 futex_wake B 0x7f00\n1 cpu1 futex_wake_end B 1\n"
			  "1.5 cpu0 futex_wait A 0x7f00\n1.5 cpu0 switch A -> idle S\n");
	EXPECT_STREQ("", findings(self->m, FINDING_LOST_WAKEUP));
}

/* A (real time 50) waits for B (nice), which C (real time 30) keeps off its CPU for 4 ms. */
#define INVERSION(between)                                                                        \
	START_THREE "0.5 cpu1 switch B -> idle S prio 120 120\n0.6 cpu1 waking B by A at 1\n"     \
		    "0.7 cpu1 switch idle -> B R prio 120 120\n"                                  \
		    "1 cpu0 futex_wait A 0x7f00 owner B\n1 cpu0 switch A -> idle S prio 49 120\n" \
		    "2 cpu1 switch B -> C P prio 120 " between "\n"                               \
		    "6 cpu1 switch C -> B S prio " between " 120\n"                               \
		    "7 cpu1 waking A by B at 0\n7.1 cpu0 switch idle -> A R prio 120 49\n"

TEST_F(model, inversion)
{
	BUILD(INVERSION("69"));
	EXPECT_STREQ(
		"prog/100 waited for the futex 0x7f00, which prog/101 holds; for 4.0 ms of that "
		"the holder wanted a CPU that prog/102 had, whose priority is below the first's "
		"and above the holder's.\n",
		findings(self->m, FINDING_INVERSION));
}

TEST_F(model, who_ranks_above_both_inverts_nothing)
{
	BUILD(INVERSION("19"));
	EXPECT_STREQ("", findings(self->m, FINDING_INVERSION));
}

TEST_F(model, starvation)
{
	BUILD("end 200\n0 cpu0 switch idle -> A R\n1 cpu0 switch A -> X P\n"
	      "190 cpu0 switch X -> A P\n");
	EXPECT_STREQ("prog/100 wanted a CPU for 189.0 ms and got none, while other/50 ran.\n",
		     findings(self->m, FINDING_STARVATION));
}

TEST_F(model, a_turn_of_waiting_is_no_starvation)
{
	BUILD("end 200\n0 cpu0 switch idle -> A R\n1 cpu0 switch A -> X P\n"
	      "90 cpu0 switch X -> A P\n");
	EXPECT_STREQ("", findings(self->m, FINDING_STARVATION));
}

/* n times: A naps for 1 ms and looks. */
static const char *napping(unsigned int n, const char *in)
{
	static char text[16384];
	size_t at =
		(size_t)snprintf(text, sizeof(text), HEAD "end 100\n0 cpu0 switch idle -> A R\n");
	unsigned int i;

	for (i = 1; i <= n; i++)
		at += (size_t)snprintf(text + at, sizeof(text) - at,
				       "%u cpu0 switch A -> idle S in %s\n"
				       "%u.9 cpu0 waking A by idle hardirq at 0\n"
				       "%u.9 cpu0 switch idle -> A R\n",
				       i, in, i, i);
	return text;
}

#define BUILD_TEXT(text)                                                          \
	do {                                                                      \
		char why[256] = "";                                               \
		ASSERT_EQ(0, builder_trace(&self->trace, text, why, sizeof(why))) \
		{                                                                 \
			TH_LOG("%s", why);                                        \
		}                                                                 \
		ASSERT_EQ(0, model_build(&self->m, self->trace, 0));              \
		ASSERT_EQ(NULL, broken(self->m));                                 \
	} while (0)

TEST_F(model, polling)
{
	BUILD_TEXT(napping(30, "clock_nanosleep"));
	EXPECT_STREQ(
		"prog/100 slept 30 times in a row, 27.0 ms in all, and looked in between: a wait "
		"would have ended when it was time.\n",
		findings(self->m, FINDING_POLLING));
}

#define YIELD(at, run) at " cpu0 switch A -> X Y\n" run " cpu0 switch X -> A P\n"
#define YIELD_4(ms)             \
	YIELD(ms ".0", ms ".1") \
	YIELD(ms ".2", ms ".3") YIELD(ms ".4", ms ".5") YIELD(ms ".6", ms ".7")

TEST_F(model, yielding)
{
	BUILD("0 cpu0 switch idle -> A R\n" YIELD_4("1") YIELD_4("2") YIELD_4("3") YIELD_4("4")
		      YIELD_4("5"));
	EXPECT_STREQ("prog/100 gave its CPU up 20 times in a row within 4.7 ms, by sched_yield(), "
		     "and looked in between: a wait would have ended when it was time.\n",
		     findings(self->m, FINDING_POLLING));
	EXPECT_EQ(CAUSE_YIELDED, interval_of(self->m, 100, 1)->cause);
}

/* Between its yields it works for long, or waits. */
TEST_F(model, who_works_between_its_yields_does_not_poll)
{
	BUILD("end 60\n0 cpu0 switch idle -> A R\n" YIELD_4("1") YIELD_4("2") YIELD_4(
		"3") "3.9 cpu0 switch A -> X S in read 3 pipe\n3.95 cpu0 waking A by X at 0\n"
		     "3.96 cpu0 switch X -> A P\n" YIELD_4("4") YIELD_4("9"));
	EXPECT_STREQ("", findings(self->m, FINDING_POLLING));
}

TEST_F(model, a_few_naps_are_no_polling)
{
	BUILD_TEXT(napping(19, "clock_nanosleep"));
	EXPECT_STREQ("", findings(self->m, FINDING_POLLING));
}

TEST_F(model, waiting_in_poll_is_no_polling)
{
	BUILD_TEXT(napping(30, "poll"));
	EXPECT_STREQ("", findings(self->m, FINDING_POLLING));
}

/* n threads wait for one word; A wakes them all, and all but `winners` wait again. */
static const char *herd(unsigned int n, unsigned int winners)
{
	static char text[32768];
	size_t at =
		(size_t)snprintf(text, sizeof(text), HEAD "end 100\n0 cpu0 switch idle -> A R\n");
	unsigned int i;

	for (i = 0; i < n; i++)
		at += (size_t)snprintf(text + at, sizeof(text) - at,
				       "0.1 cpu0 fork A -> %u\n1.%02u cpu1 switch idle -> %u R\n"
				       "1.%02u cpu1 futex_wait %u 0x7f00\n"
				       "1.%02u cpu1 switch %u -> idle S\n",
				       200 + i, i, 200 + i, i, 200 + i, i, 200 + i);
	for (i = 0; i < n; i++)
		at += (size_t)snprintf(text + at, sizeof(text) - at,
				       "5.%02u cpu0 waking %u by A at 1\n", i, 200 + i);
	for (i = 0; i < n; i++)
		at += (size_t)snprintf(
			text + at, sizeof(text) - at,
			"6.%02u cpu1 switch idle -> %u R\n6.%02u cpu1 futex_wait_end %u\n"
			"%s6.%02u9 cpu1 switch %u -> idle S%s\n",
			i, 200 + i, i, 200 + i, "", i, 200 + i,
			i < winners ? " in clock_nanosleep" : " in futex");
	return text;
}

TEST_F(model, thundering_herd)
{
	const char *text;
	char again[65536];
	size_t at = 0;
	unsigned int i;

	text = herd(16, 1);
	for (i = 0; i < 16; i++) { /* the losers wait for the word again */
		char mark[64], *where;

		snprintf(mark, sizeof(mark), "6.%02u9 cpu1 switch %u -> idle S in futex", i,
			 200 + i);
		where = strstr(text, mark);
		if (!where)
			continue;
		at += (size_t)snprintf(again + at, sizeof(again) - at,
				       "%.*s6.%02u8 cpu1 futex_wait %u 0x7f00\n",
				       (int)(where - text), text, i, 200 + i);
		text = where;
	}
	snprintf(again + at, sizeof(again) - at, "%s", text);
	BUILD_TEXT(again);
	EXPECT_STREQ("prog/100 woke 16 threads that waited for the futex 0x7f00; 15 of them found "
		     "nothing and went back to wait.\n",
		     findings(self->m, FINDING_HERD));
}

TEST_F(model, many_woken_who_all_go_on_are_no_herd)
{
	BUILD_TEXT(herd(16, 16));
	EXPECT_STREQ("", findings(self->m, FINDING_HERD));
}

/* Four threads take a lock in turn, each waiting while the three before it hold it. */
TEST_F(model, convoy)
{
	BUILD(START_THREE "name D 103\n0 cpu0 fork A -> D\n0 cpu0 fork A -> 104\n"
			  "1 cpu0 futex_wait A 0x7f00 owner B\n1 cpu0 switch A -> C S\n"
			  "1.1 cpu0 futex_wait C 0x7f00 owner B\n1.1 cpu0 switch C -> D S\n"
			  "1.2 cpu0 futex_wait D 0x7f00 owner B\n1.2 cpu0 switch D -> 104 S\n"
			  "1.3 cpu0 futex_wait 104 0x7f00 owner B\n1.3 cpu0 switch 104 -> idle S\n"
			  "2 cpu1 waking A by B at 0\n2 cpu1 futex_wait B 0x7f00 owner A\n"
			  "2 cpu1 switch B -> idle S\n");
	EXPECT_STREQ(
		"up to 4 threads queued for the futex 0x7f00, 25.5 ms in all; prog/101 held it "
		"when the queue was longest.\n",
		findings(self->m, FINDING_CONVOY));
}

TEST_F(model, two_at_a_lock_are_no_convoy)
{
	BUILD(START_THREE "1 cpu0 futex_wait A 0x7f00 owner B\n1 cpu0 switch A -> C S\n"
			  "1.1 cpu0 futex_wait C 0x7f00 owner B\n1.1 cpu0 switch C -> idle S\n");
	EXPECT_STREQ("", findings(self->m, FINDING_CONVOY));
}

/* n times woken for a lock that B has taken again. */
static const char *barging(unsigned int n)
{
	static char text[32768];
	size_t at = (size_t)snprintf(text, sizeof(text),
				     HEAD "end 100\n0 cpu0 switch idle -> A R\n0 cpu0 fork A -> B\n"
					  "0 cpu1 switch idle -> B R\n");
	unsigned int i;

	for (i = 1; i <= n; i++)
		at += (size_t)snprintf(
			text + at, sizeof(text) - at,
			"%u cpu0 futex_wait A 0x7f00 owner B\n%u cpu0 switch A -> idle S\n"
			"%u.5 cpu1 waking A by B at 0\n%u.6 cpu0 switch idle -> A R\n"
			"%u.6 cpu0 futex_wait_end A\n",
			i, i, i, i, i);
	return text;
}

TEST_F(model, futile_wakeups)
{
	BUILD_TEXT(barging(12));
	EXPECT_STREQ(
		"prog/100 was woken 11 times for the futex 0x7f00 within 11.5 ms, and each time "
		"somebody else had it again.\n",
		findings(self->m, FINDING_FUTILE));
}

TEST_F(model, a_few_are_not)
{
	BUILD_TEXT(barging(10));
	EXPECT_STREQ("", findings(self->m, FINDING_FUTILE));
}

TEST_HARNESS_MAIN
