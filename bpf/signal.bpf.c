// SPDX-License-Identifier: GPL-2.0
/*
 * Signals: who sends one to whom, and when it is taken. Both happen under the receiver's siglock.
 */
#include "lib/filter.bpf.h"
#include "lib/probe.bpf.h"
#include "lib/ring.bpf.h"

#define SI_USER	  0
#define SI_KERNEL 0x80

/* Two values stand for a siginfo that nobody bothered to fill; some kernels forbid to follow it. */
static __always_inline __s32 code_of(__u64 info)
{
	if (info == 0) /* SEND_SIG_NOINFO */
		return SI_USER;
	if (info == 1) /* SEND_SIG_PRIV */
		return SI_KERNEL;
	return BPF_CORE_READ((struct kernel_siginfo *)info, si_code);
}

SEC("tp_btf/signal_generate")
int BPF_PROG(on_signal, int nr, __u64 info, struct task_struct *to, int group, int result)
{
	struct oncpu_record r = {
		.tid = current_tid(),
		.type = ONCPU_SIGNAL,
		.signal = { .tid = to->pid, .nr = nr, .code = code_of(info), .result = result },
	};

	if (keep_tasks(bpf_get_current_task_btf(), to))
		ring_write(&r);
	return 0;
}

SEC("tp_btf/signal_deliver")
int BPF_PROG(on_signal_deliver, int nr, __u64 info)
{
	struct oncpu_record r = {
		.tid = current_tid(),
		.type = ONCPU_SIGNAL_DELIVER,
		.signal = { .tid = current_tid(), .nr = nr, .code = code_of(info) },
	};

	if (keep_current())
		ring_write(&r);
	return 0;
}
