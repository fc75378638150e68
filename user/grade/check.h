/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The check of an exercise: what check.c is written in, on the kernel's kselftest harness.
 *
 *	#include "grade/check.h"
 *
 *	CHECK(output, "every word is counted once")
 *	{
 *		const struct run *r = run_of("count 4");
 *
 *		JUDGE(printed(r, "total 20000"), "Why it matters.", "Where to look next.");
 *	}
 *	CHECKS_END
 *
 * run_of() records PROGRAM with these arguments, once; all CHECKs share the recording. A run that
 * hung or crashed is told as that at once. Each evidence function looks at the model of a run and
 * returns a verdict, with what it saw. JUDGE() ends the CHECK with any verdict but pass; the later
 * CHECKs are then skipped, so that a person reads one thing at a time.
 *
 * Evidence is count, order and overlap. Times are compared with other times of the same run only:
 * an emulated machine stretches them all.
 */
#ifndef ONCPU_GRADE_CHECK_H
#define ONCPU_GRADE_CHECK_H

#include "kselftest_harness.h"

#include "grade/evidence.h"
#include "grade/harness.h"
#include "grade/run.h"
#include "grade/tool.h"
#include "grade/verdict.h"

#define CHECK(class, title)	   CHECK_(class, title, __LINE__)
#define CHECK_(class, title, line) CHECK__(class, title, line)
#define CHECK__(class, title, line)                                                  \
	static void check_##line(void);                                              \
	TEST_F_TIMEOUT(check, class##_##line, CHECK_SECONDS)                         \
	{                                                                            \
		if (check_begin(#class, title))                                      \
			SKIP(return, "what failed before it is to be mended first"); \
		check_##line();                                                      \
		check_end();                                                         \
	}                                                                            \
	static void check_##line(void)

#define JUDGE(verdict, why, look) check_judge(verdict, why, look)

#define CHECKS_END		  CHECKS_END_(NULL)
/* The learner's file is a tool of the kernel's own: tool.h. */
#define CHECKS_END_WITH(tool) CHECKS_END_(&tool)
#define CHECKS_END_(tool)                            \
	int main(int argc, char **argv)              \
	{                                            \
		if (check_open(&argc, argv))         \
			return KSFT_FAIL;            \
		run_tool = tool;                     \
		return test_harness_run(argc, argv); \
	}

#define CHECK_SECONDS 60

FIXTURE(check){};
FIXTURE_SETUP(check)
{
}
FIXTURE_TEARDOWN(check)
{
}

#endif
