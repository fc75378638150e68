// SPDX-License-Identifier: GPL-2.0
/* What changed between two runs: exact lines from two small traces. */
#include <stdlib.h>

#include "model_case.h"
#include "view/diff.h"

/* The same program twice: once its threads go through the lock one by one, once they do not. */
#define ONE_BY_ONE                                                                              \
	"0 cpu0 switch idle -> A R\n0 cpu0 fork A -> B\n0 cpu0 new B by A at 1\n"               \
	"0.1 cpu1 switch idle -> B R\n1 cpu1 futex_wait B 0x7f00 owner A\n"                     \
	"1 cpu1 switch B -> idle S in futex\n5 cpu0 waking B by A at 1\n"                       \
	"5.1 cpu1 switch idle -> B R\n5.1 cpu1 futex_wait_end B\n6 cpu0 switch A -> idle S in " \
	"poll\n"
#define AT_ONCE                                                                   \
	"0 cpu0 switch idle -> A R\n0 cpu0 fork A -> B\n0 cpu0 new B by A at 1\n" \
	"0.1 cpu1 switch idle -> B R\n6 cpu0 switch A -> idle S in poll\n"

static const char *diff(const struct model *a, const struct model *b)
{
	static char *text;
	size_t size;
	FILE *f;

	free(text);
	f = open_memstream(&text, &size);
	diff_text(f, &(struct diff_side){ "a", a }, &(struct diff_side){ "b", b }, false);
	fclose(f);
	return text;
}

TEST_F(model, the_lock_is_gone)
{
	struct model *before;
	struct trace *trace;

	BUILD(ONE_BY_ONE);
	before = self->m;
	trace = self->trace;
	BUILD(AT_ONCE);
	EXPECT_STREQ("                                                before       after\n"
		     "the command took                               10.0 ms     10.0 ms\n"
		     "its threads                                          2           2\n"
		     "ran, in all                                    11.8 ms     15.9 ms    +35 %\n"
		     "wanted a CPU                                  200.0 us    100.0 us    x 0.5\n"
		     "waited or slept                                 8.0 ms      4.0 ms    x 0.5\n"
		     "two or more ran at once                         1.8 ms      5.9 ms    x 3.3\n"
		     "most at once                                         2           2\n"
		     "left a CPU to wait                                   2           1    x 0.5\n"
		     "were put off a CPU                                   0           0\n"
		     "moved to another CPU                                 0           0\n"
		     "were woken                                           1           0    gone\n"
		     "worst wait from wake-up to run                100.0 us    100.0 us\n"
		     "\n"
		     "Waited for                                         before       after\n"
		     "any of its files to be ready                    4.0 ms      4.0 ms\n"
		     "the futex                                       4.0 ms           -    gone\n",
		     diff(before, self->m));
	model_free(before);
	trace_free(trace);
}

TEST_F(model, nothing_changed)
{
	BUILD(ONE_BY_ONE);
	EXPECT_EQ(NULL, strstr(diff(self->m, self->m), "%"));
	EXPECT_EQ(NULL, strstr(diff(self->m, self->m), "new"));
}

TEST_HARNESS_MAIN
