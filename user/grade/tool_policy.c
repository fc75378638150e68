// SPDX-License-Identifier: GPL-2.0
/* A scheduler of the learner's: `oncpu sched` runs the program under it. */
#include <sched.h>
#include <string.h>
#include <unistd.h>

#include "grade/harness.h"
#include "grade/evidence.h"
#include "grade/starved.h"
#include "grade/tool.h"

#define THROWN_OUT "oncpu sched: the kernel threw "

/*
 * All that is scheduled fairly goes before what the policy has. So what records leaves CPU 0 to the program, which
 * takes it.
 */
static void leave_first_cpu(void)
{
	cpu_set_t others;
	long cpu;

	CPU_ZERO(&others);
	for (cpu = 1; cpu < sysconf(_SC_NPROCESSORS_ONLN); cpu++)
		CPU_SET((size_t)cpu, &others);
	if (CPU_COUNT(&others))
		sched_setaffinity(0, sizeof(others), &others);
}

/* A call from where it must not be made is the commonest thing that is refused: then which, and from where it may. */
static const char *what_is_wrong(const char *words)
{
	static const char said[] = "calling kernel function ", after[] = " is not allowed";
	static char text[400];
	const char *call = strstr(words, said), *end;

	end = call ? strstr(call += sizeof(said) - 1, after) : NULL;
	if (!end || end - call > 60 || strncmp(call, "scx_", 4))
		return "The kernel's verifier does not take it:";
	snprintf(text, sizeof(text),
		 "%.*s() may not be called from where you do. A task is put into a queue in "
		 "`enqueue` (decide, decide_by), taken out of one in `dispatch` (move_to_local), "
		 "and "
		 "`stopping` does neither. The kernel's verifier:",
		 (int)(end - call), call);
	return text;
}

static void load(const struct run *r, const char *path)
{
	const char *words;

	if (access("/sys/kernel/sched_ext", F_OK))
		check_judge((struct verdict){ .kind = VERDICT_INCONCLUSIVE,
					      .saw = "This kernel has no sched_ext: nobody but "
						     "itself can schedule there." },
			    "", "It takes a newer one, with CONFIG_SCHED_CLASS_EXT.");
	words = tool_verify(path);
	if (words)
		tool_refused(r, what_is_wrong(words), words);
}

static void unload(FILE *told)
{
	(void)told; /* it went with what recorded */
}

/* The longest wait for a CPU is the one for which it was thrown out, or as good as any. */
static const struct interval *longest_wait(const struct run *r, uint32_t *tid)
{
	const struct interval *i, *longest = NULL;
	const struct thread *t;

	for (t = r->model->threads; t < r->model->threads + r->model->nr_threads; t++)
		for (i = t->intervals; i < t->intervals + t->nr_intervals; i++)
			if (t->target && i->state == STATE_RUNNABLE &&
			    (!longest ||
			     i->end_ns - i->start_ns > longest->end_ns - longest->start_ns)) {
				longest = i;
				*tid = t->tid;
			}
	return longest;
}

static bool idled(const struct run *r, const struct interval *wait)
{
	const struct cpu *c = &r->model->cpus[wait->cpu];
	uint64_t idle_ns = 0, from, to;
	size_t i;

	for (i = 0; i < c->nr_intervals; i++) {
		from = c->intervals[i].start_ns > wait->start_ns ? c->intervals[i].start_ns
								 : wait->start_ns;
		to = c->intervals[i].end_ns < wait->end_ns ? c->intervals[i].end_ns : wait->end_ns;
		if (!c->intervals[i].tid && from < to)
			idle_ns += to - from;
	}
	return idle_ns > (wait->end_ns - wait->start_ns) / 2;
}

/*
 * A task that waits beside an idle CPU was forgotten. Where the CPU was busy, and the machine had little
 * of its own, it may have been the machine that kept it waiting.
 */
static void doubt(struct verdict *v, const struct run *r, const struct interval *wait)
{
	size_t n = strlen(v->saw);

	if (r->starved <= STARVED_MOST || (wait && wait->cpu >= 0 && idled(r, wait)))
		return;
	v->kind = VERDICT_INCONCLUSIVE;
	snprintf(v->saw + n, sizeof(v->saw) - n,
		 "\nBut the machine's own CPUs were kept from it: known work took %.1f times as "
		 "long as it does, so nothing follows from that.",
		 r->starved);
}

static void judge(const struct run *r)
{
	const char *text = strstr(r->errors, THROWN_OUT);
	struct verdict v = { .kind = VERDICT_FAIL, .in = CLASS_HANG };
	const struct interval *wait;
	uint32_t tid = 0;

	if (!text)
		return;
	snprintf(v.run, sizeof(v.run), "%s", r->name);
	snprintf(v.title, sizeof(v.title), "the kernel lets it schedule to the end");
	text += sizeof("oncpu sched: ") - 1;
	snprintf(v.saw, sizeof(v.saw), "%.*s", (int)strcspn(text, "\n"), text);
	wait = longest_wait(r, &tid);
	if (strstr(v.saw, "could run"))
		doubt(&v, r, wait);
	if (wait && strstr(v.saw, "could run"))
		v = at(v, r, wait->start_ns, wait->end_ns, tid);
	check_judge(
		v,
		"A scheduler that fails takes the machine with it, unless somebody watches: for "
		"sched_ext the kernel does.",
		strstr(v.saw, "could run") ? "Which task was it, and in which queue? Which of your "
					     "lines would take it out "
					     "of there, and onto a CPU?"
					   : "Which of your calls asked for that, of which queue, "
					     "and how often for one "
					     "task?");
}

const struct tool policy_tool = { .file = "yours.bpf.o",
				  .recorder = "sched",
				  .option = "--patience_ms=2000",
				  .begin = leave_first_cpu,
				  .load = load,
				  .unload = unload,
				  .judge = judge };
