// SPDX-License-Identifier: GPL-2.0
/* A policy that the kernel threw out, told as the lesson that it is. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "sched/policy_part.h"

/* enum scx_exit_kind; greater ones are errors of the policy's */
#define EXIT_SYSRQ 67
#define EXIT_ERROR 1024
#define EXIT_STALL 1026

#define AFTERWARDS                                                                             \
	"The kernel then took all tasks back: since then they have been scheduled fairly, as " \
	"without "                                                                             \
	"it, and nothing is lost but time."

static uint64_t patience_ms(const struct policy *p)
{
	size_t i;

	for (i = 0; i < p->nr_knobs; i++)
		if (!strcmp(p->knobs[i].name, "patience_ms"))
			return p->knobs[i].value;
	return DEFAULT_PATIENCE_MS;
}

/* "NAME[PID] failed to run for 2.004s", as the kernel says it. */
static void tell_stall(const struct policy *p, const char *message, char *buf, size_t size)
{
	const char *to = strstr(message, " failed to run for ");
	double seconds = 0;

	if (!to || sscanf(to, " failed to run for %lf", &seconds) != 1) {
		snprintf(buf, size, "%s let a task wait for too long (%s). " AFTERWARDS, p->name,
			 message);
		return;
	}
	snprintf(buf, size,
		 "%.*s could run, and %s gave it no CPU for %.1f s. The first duty of a scheduler "
		 "is "
		 "that nobody who can run waits for ever; the kernel watches over it, and lets a "
		 "task wait for %g s (--patience_ms). " AFTERWARDS,
		 (int)(to - message), message, p->name, seconds, (double)patience_ms(p) / 1e3);
}

/* What the kernel says of a wrong call, and what that means in the words of policy.bpf.h. */
static const char *meaning_of(const char *message)
{
	static const struct {
		const char *said, *meant;
	} all[] = {
		{ "invalid DSQ ID",
		  "there is no queue of that number: the policy makes NR_QUEUES of "
		  "them, from 0 on" },
		{ "non-existent DSQ",
		  "there is no queue of that number: the policy makes NR_QUEUES of "
		  "them, from 0 on" },
		{ "already had FIFO-enqueued tasks",
		  "a queue is in order of coming (decide) or sorted by a number (decide_by), never "
		  "both" },
		{ "already had PRIQ-enqueued tasks",
		  "a queue is in order of coming (decide) or sorted by a number (decide_by), never "
		  "both" },
		{ "already direct-dispatched",
		  "it was put into a queue twice: once is enough, and all that a task may be" },
		{ "not allowed for",
		  "it was put before a CPU on which it may not run (may_run_on)" },
	};
	size_t i;

	for (i = 0; i < sizeof(all) / sizeof(*all); i++)
		if (strstr(message, all[i].said))
			return all[i].meant;
	return NULL;
}

/* A call that was wrong: the kernel's word for it is for those who wrote the kernel. */
static void tell_wrong_call(const char *reason, const char *message, char *buf, size_t size)
{
	const char *meant = meaning_of(message);

	snprintf(buf, size, "it asked for something that cannot be (%s%s%s)%s%s. " AFTERWARDS,
		 reason, *message ? ": " : "", message, meant ? ": " : "", meant ? meant : "");
}

void policy_tell_end(const struct policy *p, uint32_t kind, const char *reason, const char *message,
		     char *buf, size_t size)
{
	int n = snprintf(buf, size, "the kernel threw %s out: ", p->name);

	if (n < 0 || (size_t)n >= size)
		return;
	buf += n;
	size -= (size_t)n;
	if (kind == EXIT_STALL)
		tell_stall(p, message, buf, size);
	else if (kind == EXIT_SYSRQ)
		snprintf(buf, size, "somebody asked for it (SysRq-S). " AFTERWARDS);
	else if (kind >= EXIT_ERROR)
		tell_wrong_call(reason, message, buf, size);
	else
		snprintf(buf, size, "%s%s%s. " AFTERWARDS, reason, *message ? ": " : "", message);
}
