// SPDX-License-Identifier: GPL-2.0
/* The shape of an interval's sentence: what is alike in a million of them. See model.h. */
#include <stdio.h>
#include <string.h>

#include "model/model.h"

static const char *const call_names[] = {
#include "model/call_names.h"
};

#define NR_CALLS (sizeof(call_names) / sizeof(*call_names))

/* "read()", or "system call 999" */
static void name_call(int call, char *buf, size_t size)
{
	if (call >= 0 && (size_t)call < NR_CALLS && call_names[call])
		snprintf(buf, size, "%s()", call_names[call]);
	else
		snprintf(buf, size, "system call %d", call);
}

int model_call_number(const char *name)
{
	size_t i;

	for (i = 0; i < NR_CALLS; i++)
		if (call_names[i] && !strcmp(call_names[i], name))
			return (int)i;
	return NO_CALL;
}

/* "the pipe at fd 3, in read()" */
static int say_file(const struct interval *i, const char *what, char *buf, size_t size)
{
	char call[48], fd[32] = "";

	name_call(i->call, call, sizeof(call));
	if (i->address != NO_FD)
		snprintf(fd, sizeof(fd), " at fd %u", (unsigned int)i->address);
	return snprintf(buf, size, "waited {t} for %s%s, in %s{end}", what, fd, call);
}

static int say_in_call(const struct interval *i, const char *what, char *buf, size_t size)
{
	char call[48];

	name_call(i->call, call, sizeof(call));
	return snprintf(buf, size, "%s, in %s{end}", what, call);
}

int model_lock_words(const struct model *m, const struct model_lock *l, char *buf, size_t size)
{
	static const char *const kinds[] = {
		[ONCPU_ULOCK_MUTEX] = "mutex",	   [ONCPU_ULOCK_RWLOCK] = "rwlock",
		[ONCPU_ULOCK_COND] = "condition",  [ONCPU_ULOCK_SEM] = "semaphore",
		[ONCPU_ULOCK_BARRIER] = "barrier", [ONCPU_ULOCK_SPINLOCK] = "spinlock",
		[ONCPU_ULOCK_ONCE] = "once-block",
	};
	const char *kind = l->kind < sizeof(kinds) / sizeof(*kinds) ? kinds[l->kind] : NULL;

	if (l->kind == ONCPU_ULOCK_JOIN)
		return snprintf(buf, size, "a thread to end");
	if (l->name[0])
		return snprintf(buf, size, "the %s %s", kind ? kind : "futex", l->name);
	if (l->spot && kind)
		return snprintf(buf, size, "the %s first waited for at %s", kind,
				m->spots[l->spot - 1].text);
	return snprintf(buf, size, "the %s 0x%llx", kind ? kind : "futex",
			(unsigned long long)l->address);
}

static int say_futex(const struct model *m, const struct interval *i, char *buf, size_t size)
{
	char what[MODEL_LOCK];

	if (!i->lock)
		return snprintf(buf, size, "waited {t} for the futex 0x%llx{held}{end}",
				(unsigned long long)i->address);
	model_lock_words(m, &m->locks[i->lock - 1], what, sizeof(what));
	return snprintf(buf, size, "waited {t} for %s{held}{end}", what);
}

static int say_waiting(const struct model *m, const struct interval *i, char *buf, size_t size)
{
	const unsigned long long address = i->address;

	switch (i->cause) {
	case CAUSE_KERNEL_LOCK:
		return snprintf(buf, size, "waited {t} for the kernel lock 0x%llx{end}", address);
	case CAUSE_FUTEX:
		return say_futex(m, i, buf, size);
	case CAUSE_JOIN:
		return snprintf(buf, size, "waited {t} for {owner} to end{open}");
	case CAUSE_SLEEP:
		return snprintf(buf, size, "slept {t}, as it asked to{early}");
	case CAUSE_PIPE:
		return say_file(i, "the pipe", buf, size);
	case CAUSE_SOCKET:
		return say_file(i, "the socket", buf, size);
	case CAUSE_DEVICE:
		return say_file(i, "the terminal or device", buf, size);
	case CAUSE_EVENT:
		return say_file(i, "the event", buf, size);
	case CAUSE_POLL:
		return say_in_call(i, "waited {t} for any of its files to be ready", buf, size);
	case CAUSE_URING:
		return say_file(i, "completions of the io_uring", buf, size);
	case CAUSE_DISK:
		return say_file(i, "the disk", buf, size);
	case CAUSE_FAULT:
		return snprintf(buf, size, "waited {t} for a page of its memory{end}");
	case CAUSE_CHILD:
		return say_in_call(i, "waited {t} for a child", buf, size);
	case CAUSE_SIGNAL:
		return say_in_call(i, "waited {t} for a signal", buf, size);
	case CAUSE_CALL:
		return say_in_call(i, i->state == STATE_BLOCKED ? "was blocked {t}" : "slept {t}",
				   buf, size);
	default:
		return snprintf(buf, size, "%s{end}",
				i->state == STATE_BLOCKED ? "was blocked in the kernel for {t}"
							  : "slept {t}");
	}
}

static int say_running(const struct interval *i, char *buf, size_t size)
{
	if (i->cause == CAUSE_KERNEL_LOCK)
		return snprintf(buf, size, "spun {t} on {cpu} for the kernel lock 0x%llx",
				(unsigned long long)i->address);
	return snprintf(buf, size, "ran {t} on {cpu}");
}

/* " (queue.c:42)", before its ending */
static int say_where(const struct model *m, const struct interval *i, char *buf, size_t size)
{
	static const char *const endings[] = { "{end}", "{open}", "{early}" };
	char ending[16] = "", *at = NULL;
	size_t k;

	for (k = 0; k < 3 && !at; k++)
		at = strstr(buf, endings[k]);
	if (!at)
		return (int)strlen(buf);
	snprintf(ending, sizeof(ending), "%s", at);
	snprintf(at, size - (size_t)(at - buf), " (%s)%s", m->spots[i->spot - 1].text, ending);
	return (int)strlen(buf);
}

int model_template(const struct model *m, const struct interval *i, char *buf, size_t size)
{
	int n;

	switch (i->state) {
	case STATE_UNKNOWN:
		return snprintf(buf, size, "{t}");
	case STATE_RUNNING:
		return say_running(i, buf, size);
	case STATE_RUNNABLE:
		return snprintf(buf, size, "%s",
				i->cause == CAUSE_YIELDED ? "gave up {cpu} for {t}{instead}"
				: i->cause == CAUSE_PREEMPTED
					? "had to leave {cpu} for {t}{instead}"
					: "waited {t} for {cpu}{why}{instead}");
	case STATE_STOPPED:
		return snprintf(buf, size, "was stopped for {t}{end}");
	case STATE_DEAD:
		return snprintf(buf, size, "ended");
	default:
		n = say_waiting(m, i, buf, size);
		return i->spot ? say_where(m, i, buf, size) : n;
	}
}
