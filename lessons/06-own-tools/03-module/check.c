// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "grade/check.h"

static bool is_counted(const struct run *r, uint32_t tid)
{
	const struct thread *t = tid ? model_thread(r->model, tid) : NULL;

	return t && t->target && t->tid != t->tgid;
}

/* By the record: how often this CPU went to one of them. */
static uint64_t recorded(const struct run *r, unsigned int cpu)
{
	const struct cpu *c = &r->model->cpus[cpu];
	uint64_t n = 0;
	size_t i;

	for (i = 0; i < c->nr_intervals; i++)
		n += is_counted(r, c->intervals[i].tid);
	return n;
}

/* By the module's file; UINT64_MAX: it has no such line. */
static uint64_t counted(const struct run *r, unsigned int cpu)
{
	const char *at = NULL;
	uint64_t n[2];

	while (told_next(r, &at, "cpu", n, 2) == 2)
		if (n[0] == cpu)
			return n[1];
	return UINT64_MAX;
}

static uint64_t step(const struct run *r, const char *key)
{
	const char *at = NULL;
	uint64_t n = UINT64_MAX;

	return told_next(r, &at, key, &n, 1) == 1 ? n : UINT64_MAX;
}

static struct verdict counts_right(const struct run *r)
{
	unsigned int cpu;

	for (cpu = 0; cpu < r->model->nr_cpus; cpu++)
		if (counted(r, cpu) != recorded(r, cpu))
			return seen(r, false,
				    "CPU %u went to a thread of the program's %llu times by the "
				    "record, and %llu times by your module.",
				    cpu, (unsigned long long)recorded(r, cpu),
				    (unsigned long long)counted(r, cpu));
	return seen(r, true, "%s", "");
}

CHECK(output, "it says what it counted, a line for each CPU")
{
	const struct run *r = run_of("turns");
	unsigned int cpu;

	for (cpu = 0; cpu < r->model->nr_cpus; cpu++)
		JUDGE(seen(r, counted(r, cpu) != UINT64_MAX,
			   "While the module was loaded, /proc/switchcount had no line \"cpu %u "
			   "NUMBER\".",
			   cpu),
		      "A counter that nobody can read counts for nobody.",
		      "Look at what show() writes, and whether begin() made a file of it.");
}

CHECK(structure, "it counts each switch to one of them, and no other")
{
	JUDGE(counts_right(run_of("turns")),
	      "What was counted is held against the record of the same run. A switch is counted on "
	      "the CPU that makes it: there nobody else can count at the same time, so it takes no "
	      "lock.",
	      "Which switches does your probe count? And which of its counters is that of the CPU "
	      "that it runs on?");
}

CHECK(structure, "it can be taken out")
{
	const struct run *r = run_of("turns");
	uint64_t err = step(r, "unloaded");

	JUDGE(seen(r, err == 0, "The kernel does not let it go: %s.", strerror((int)err)),
	      "What cannot be taken out stays until the machine is started anew.",
	      "A module without an exit function is one that is never to leave. Which macro names "
	      "it?");
	JUDGE(seen(r, step(r, "waits") == 1,
		   "It calls nothing that waits until nobody is in its probe any more (no "
		   "synchronize_... among what it needs of the kernel)."),
	      "Unregistered means that nobody will call it any more. But a CPU may be in the midst "
	      "of it at that moment, and go on in memory that is somebody else's by then. That "
	      "happens once in a million unloads, and never in a test.",
	      "include/linux/tracepoint.h has a function for that, beside the one that "
	      "unregisters.");
}

CHECK(structure, "and it leaves nothing behind")
{
	const struct run *r = run_of("turns");
	const char *log = told_text(r, "log");
	uint64_t again = step(r, "again");

	JUDGE(seen(r, step(r, "file_left") == 0, "The module is gone, its file in /proc is not."),
	      "Who reads that file now calls a function that is no more.",
	      "Go through begin(): what undoes each of its lines?");
	JUDGE(seen(r, !again, "It cannot be loaded and taken out a second time: %s.",
		   strerror((int)again)),
	      "What is still there of the first time is in its way.",
	      "Go through begin(): what undoes each of its lines?");
	JUDGE(seen(r, !log, "The kernel's log has this: %.*s", log ? (int)strcspn(log, "\n") : 0,
		   log ? log : ""),
	      "The kernel says such a thing only where something is wrong.",
	      "Which of your lines had the kernel do that?");
}
CHECKS_END_WITH(module_tool)
