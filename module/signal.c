// SPDX-License-Identifier: GPL-2.0
/*
 * Signals: sent, and taken.
 */
#include <linux/sched.h>
#include <linux/sched/signal.h>

#include "probes.h"
#include "recording.h"

/* Two values of the pointer stand for a signal without more to say. */
static s32 code_of(const struct kernel_siginfo *info)
{
	if (info == SEND_SIG_NOINFO)
		return SI_USER;
	if (info == SEND_SIG_PRIV)
		return SI_KERNEL;
	return info->si_code;
}

static void on_generate(void *data, int nr, struct kernel_siginfo *info, struct task_struct *p,
			int group, int result)
{
	struct oncpu_record r = {
		.tid = current->pid,
		.type = ONCPU_SIGNAL,
		.signal = { .tid = p->pid, .nr = nr, .code = code_of(info), .result = result },
	};

	oncpu_record_of(data, &r, p);
}

static void on_deliver(void *data, int nr, struct kernel_siginfo *info, struct k_sigaction *action)
{
	struct oncpu_record r = {
		.tid = current->pid,
		.type = ONCPU_SIGNAL_DELIVER,
		.signal = { .tid = current->pid, .nr = nr, .code = code_of(info) },
	};

	oncpu_record_current(data, &r);
}

struct oncpu_probe oncpu_signal_probes[] = {
	{ "signal_generate", on_generate, BIT_ULL(ONCPU_SIGNAL) },
	{ "signal_deliver", on_deliver, BIT_ULL(ONCPU_SIGNAL_DELIVER) },
	{}
};
