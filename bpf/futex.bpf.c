// SPDX-License-Identifier: GPL-2.0
/*
 * Futex waits and wakes, seen as system calls: the futex code has no tracepoints of its own.
 *
 * Owner: only a priority-inheritance lock is known to the kernel, and keeps it in the futex word.
 * For the others what may tell stands beside the word, and goes along as it is (FUTEX_WORDS): what
 * it means depends on the kind of lock, which is found out later, from the stack. Not where a wait
 * for 0 begins, as on a semaphore, since no lock waits so.
 *
 * Where: at the door of each call's function (kprobe.multi), which the kernel passes with preemption
 * off. A BPF program does not run inside itself, and since 7.x the kernel runs those of the system
 * calls' tracepoints with preemption on (fentry and fexit always): one that is put off the CPU in
 * the middle makes the calls of other tasks on that CPU go unseen until it is back. With real-time
 * threads bursting in, one call in ten. (bpf_preempt_disable() does not mend it: its end is where
 * the task is put off, still inside. kretprobe does not either: ten tasks asleep in futex(), and
 * the eleventh's return is not seen, nor counted.)
 * Older kernels limit the returns of kprobe.multi likewise, but run those tracepoints with
 * preemption off: there, user space has the same two programs attached to them.
 */
#include "lib/filter.bpf.h"
#include "lib/nested.bpf.h"
#include "lib/probe.bpf.h"
#include "lib/ring.bpf.h"
#include "lib/stack.bpf.h"
#include <oncpu/futex.h>

/* The calls, for user space to attach to: it gives the index of each as the cookie. */
enum { CALL_FUTEX, CALL_WAIT, CALL_WAITV, CALL_WAKE, CALL_REQUEUE, NR_CALLS };

const volatile char futex_calls[NR_CALLS][16] = {
	[CALL_FUTEX] = "futex",		  /* word, op, value or number, ... */
	[CALL_WAIT] = "futex_wait",	  /* word, value, mask, flags, ... */
	[CALL_WAITV] = "futex_waitv",	  /* array of words, how many, ... */
	[CALL_WAKE] = "futex_wake",	  /* word, mask, number, flags */
	[CALL_REQUEUE] = "futex_requeue", /* array of two words, flags, number to wake, to move */
};

const volatile bool as_tracepoints;

/* Arguments but the first survive until the call's end, so both ends classify alike. */
static __always_inline struct oncpu_futex_call classify(__u64 call, struct pt_regs *regs)
{
	switch (call) {
	case CALL_FUTEX:
		return oncpu_futex_op(PT_REGS_PARM2_CORE_SYSCALL(regs));
	case CALL_WAIT:
		return oncpu_futex_new(ONCPU_FUTEX_WAIT, FUTEX_WAIT_BITSET,
				       PT_REGS_PARM4_CORE_SYSCALL(regs));
	case CALL_WAITV:
		return oncpu_futex_new(ONCPU_FUTEX_WAIT, FUTEX_WAIT_BITSET, 0);
	case CALL_WAKE:
		return oncpu_futex_new(ONCPU_FUTEX_WAKE, FUTEX_WAKE_BITSET,
				       PT_REGS_PARM4_CORE_SYSCALL(regs));
	case CALL_REQUEUE:
		return oncpu_futex_new(ONCPU_FUTEX_WAKE, FUTEX_CMP_REQUEUE, 0);
	}
	return (struct oncpu_futex_call){};
}

static __always_inline void read_owner(struct oncpu_record *r)
{
	__u8 op = r->flags & ONCPU_FUTEX_CMD_MASK;
	__u32 word;

	if (op != FUTEX_LOCK_PI && op != FUTEX_LOCK_PI2)
		return;
	if (bpf_probe_read_user(&word, sizeof(word), (void *)r->futex_wait.address))
		return;
	r->futex_wait.owner = word & FUTEX_TID_MASK;
	r->flags |= ONCPU_FUTEX_OWNER;
}

static __always_inline void write_words(const struct oncpu_record *wait)
{
	struct oncpu_record r = { .tid = wait->tid, .type = ONCPU_FUTEX_WORDS };
	__u32 words[6];

	if (!wait->futex_wait.value || wait->flags & ONCPU_FUTEX_OWNER)
		return;
	if (bpf_probe_read_user(words, sizeof(words), (void *)(wait->futex_wait.address + 4)))
		return;
	r.futex_words[0] = words[1];
	r.futex_words[1] = words[2];
	r.futex_words[2] = words[3];
	r.futex_words[3] = words[5];
	ring_write(&r);
}

/* An array of words: the first stands for all. */
static __always_inline struct futex_waitv first_word(__u64 array)
{
	struct futex_waitv first = {};

	bpf_probe_read_user(&first, sizeof(first), (void *)array);
	return first;
}

static __always_inline void fill_wait(struct oncpu_record *r, __u64 call, struct pt_regs *regs)
{
	struct futex_waitv first;

	r->futex_wait.address = PT_REGS_PARM1_CORE_SYSCALL(regs);
	r->futex_wait.value = call == CALL_FUTEX ? PT_REGS_PARM3_CORE_SYSCALL(regs)
						 : PT_REGS_PARM2_CORE_SYSCALL(regs);
	if (call == CALL_WAITV) {
		first = first_word(r->futex_wait.address);
		r->futex_wait.address = first.uaddr;
		r->futex_wait.value = first.val;
	}
	read_owner(r);
}

static __always_inline void fill_wake(struct oncpu_record *r, __u64 call, struct pt_regs *regs)
{
	r->futex_wake.address = PT_REGS_PARM1_CORE_SYSCALL(regs);
	r->futex_wake.nr = PT_REGS_PARM3_CORE_SYSCALL(regs);
	if (call == CALL_REQUEUE)
		r->futex_wake.address = first_word(r->futex_wake.address).uaddr;
}

/* What the caller gave the call. */
static __always_inline struct pt_regs *call_regs(void)
{
	return (struct pt_regs *)bpf_task_pt_regs(bpf_get_current_task_btf());
}

/* The barrier keeps the compiler from one load at either offset, which older verifiers refuse. */
static __always_inline __s64 result(struct pt_regs *ctx)
{
	__s64 ret;

	if (as_tracepoints) {
		ret = ((struct trace_event_raw_sys_exit *)ctx)->ret;
		barrier_var(ret);
		return ret;
	}
	return PT_REGS_RC(ctx);
}

static __always_inline void write_begin(struct pt_regs *ctx)
{
	struct pt_regs *regs = call_regs();
	__u64 call = bpf_get_attach_cookie(ctx);
	struct oncpu_futex_call c = classify(call, regs);
	struct oncpu_record r = { .tid = current_tid(), .type = c.type, .flags = c.flags };

	if (!c.type || !keep_current())
		return;
	if (c.type == ONCPU_FUTEX_WAIT)
		fill_wait(&r, call, regs);
	else
		fill_wake(&r, call, regs);
	ring_write(&r);
	if (c.type != ONCPU_FUTEX_WAIT)
		return;
	write_words(&r);
	if (stacks_at_futex)
		stack_write(ctx, stacks_at_futex);
}

static __always_inline void write_end(struct pt_regs *ctx)
{
	struct oncpu_futex_call c = classify(bpf_get_attach_cookie(ctx), call_regs());
	struct oncpu_record r = { .tid = current_tid(), .flags = c.flags };

	if (!c.type || !keep_current())
		return;
	r.type = c.type == ONCPU_FUTEX_WAIT ? ONCPU_FUTEX_WAIT_END : ONCPU_FUTEX_WAKE_END;
	r.futex_end.ret = result(ctx);
	ring_write(&r);
}

SEC("kprobe.multi")
int on_futex_wait__futex_wake(struct pt_regs *ctx)
{
	nested_say(1);
	write_begin(ctx);
	nested_say(-1);
	return 0;
}

SEC("kretprobe.multi")
int on_futex_wait_end__futex_wake_end(struct pt_regs *ctx)
{
	nested_say(1);
	write_end(ctx);
	nested_say(-1);
	return 0;
}
