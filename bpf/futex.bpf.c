// SPDX-License-Identifier: GPL-2.0
/*
 * Futex waits and wakes, seen as system calls: the futex code has no tracepoints of its own.
 *
 * Owner: glibc's default mutex waits with value 2 and keeps its owner's tid 8 bytes after the
 * futex word; a priority-inheritance mutex keeps it in the word itself. Other uses (condition
 * variables, semaphores, joins) have no owner to read.
 *
 * Why these tracepoints and not raw sys_enter: a BPF program does not run inside itself, new kernels
 * run these probes with preemption on, and so a program that is put off the CPU in the middle makes
 * the same calls of other tasks on that CPU go unseen until it is back. With raw sys_enter, which
 * every system call passes, that was some hundred misses in a second of load; here it takes a futex
 * call, and is rare. What is missed nevertheless the kernel counts, and user space tells.
 * (bpf_preempt_disable() does not mend it: its end is where the task is put off, still inside.)
 */
#include "lib/probe.bpf.h"
#include "lib/ring.bpf.h"

/* <linux/futex.h>, which vmlinux.h does not hold: macros */
#define FUTEX_WAIT	      0
#define FUTEX_WAKE	      1
#define FUTEX_REQUEUE	      3
#define FUTEX_CMP_REQUEUE     4
#define FUTEX_WAKE_OP	      5
#define FUTEX_LOCK_PI	      6
#define FUTEX_UNLOCK_PI	      7
#define FUTEX_WAIT_BITSET     9
#define FUTEX_WAKE_BITSET     10
#define FUTEX_WAIT_REQUEUE_PI 11
#define FUTEX_CMP_REQUEUE_PI  12
#define FUTEX_LOCK_PI2	      13
#define FUTEX_PRIVATE_FLAG    128
#define FUTEX_CLOCK_REALTIME  256
#define FUTEX_CMD_MASK	      (~(FUTEX_PRIVATE_FLAG | FUTEX_CLOCK_REALTIME))
#define FUTEX_TID_MASK	      0x3fffffff

#define MUTEX_CONTENDED	      2 /* glibc: locked, and somebody waits */
#define MUTEX_OWNER_OFFSET    8

struct futex_call {
	__u8 type; /* ONCPU_FUTEX_WAIT, ONCPU_FUTEX_WAKE; 0: neither */
	__u8 flags;
};

static __always_inline struct futex_call classify_op(__u32 op)
{
	struct futex_call c = {};

	switch (op & FUTEX_CMD_MASK) {
	case FUTEX_WAIT:
	case FUTEX_WAIT_BITSET:
	case FUTEX_WAIT_REQUEUE_PI:
	case FUTEX_LOCK_PI:
	case FUTEX_LOCK_PI2:
		c.type = ONCPU_FUTEX_WAIT;
		break;
	case FUTEX_WAKE:
	case FUTEX_WAKE_BITSET:
	case FUTEX_WAKE_OP:
	case FUTEX_REQUEUE:
	case FUTEX_CMP_REQUEUE:
	case FUTEX_CMP_REQUEUE_PI:
	case FUTEX_UNLOCK_PI:
		c.type = ONCPU_FUTEX_WAKE;
		break;
	}
	c.flags = (op & ONCPU_FUTEX_CMD_MASK) |
		  (op & FUTEX_PRIVATE_FLAG ? ONCPU_FUTEX_PRIVATE : 0) |
		  (op & FUTEX_CLOCK_REALTIME ? ONCPU_FUTEX_REALTIME : 0);
	return c;
}

/* The newer calls know one operation each; flags is the argument that says private, or 0. */
static __always_inline struct futex_call classify_new(__u8 type, __u8 op, __u64 flags)
{
	return (struct futex_call){
		.type = type,
		.flags = op | (flags & FUTEX_PRIVATE_FLAG ? ONCPU_FUTEX_PRIVATE : 0),
	};
}

static __always_inline void read_owner(struct oncpu_record *r)
{
	__u8 op = r->flags & ONCPU_FUTEX_CMD_MASK;
	__u64 at = r->futex_wait.address;
	__u32 word;

	if (op == FUTEX_WAIT && r->futex_wait.value == MUTEX_CONTENDED)
		at += MUTEX_OWNER_OFFSET;
	else if (op != FUTEX_LOCK_PI && op != FUTEX_LOCK_PI2)
		return;
	if (bpf_probe_read_user(&word, sizeof(word), (void *)at))
		return;
	r->futex_wait.owner = word & FUTEX_TID_MASK;
	r->flags |= ONCPU_FUTEX_OWNER;
}

static __always_inline int enter(struct futex_call c, __u64 address, __u32 number)
{
	struct oncpu_record r = { .tid = current_tid(), .type = c.type, .flags = c.flags };

	if (c.type == ONCPU_FUTEX_WAIT) {
		r.futex_wait.address = address;
		r.futex_wait.value = number;
		read_owner(&r);
	} else if (c.type == ONCPU_FUTEX_WAKE) {
		r.futex_wake.address = address;
		r.futex_wake.nr = number;
	} else {
		return 0;
	}
	ring_write(&r);
	return 0;
}

static __always_inline int leave(struct futex_call c, __s64 ret)
{
	struct oncpu_record r = { .tid = current_tid(), .flags = c.flags };

	if (!c.type)
		return 0;
	r.type = c.type == ONCPU_FUTEX_WAIT ? ONCPU_FUTEX_WAIT_END : ONCPU_FUTEX_WAKE_END;
	r.futex_end.ret = ret;
	ring_write(&r);
	return 0;
}

/* An argument at the call's end: sys_exit is told only the result. All but the first survive. */
static __always_inline struct pt_regs *call_regs(void)
{
	return (struct pt_regs *)bpf_task_pt_regs(bpf_get_current_task_btf());
}

/* Some calls take an array of words: the first stands for all. */
static __always_inline struct futex_waitv first_word(__u64 array)
{
	struct futex_waitv first = {};

	bpf_probe_read_user(&first, sizeof(first), (void *)array);
	return first;
}

/* futex(word, op, value or number, ...) */
SEC("tp/syscalls/sys_enter_futex")
int on_enter_futex(struct trace_event_raw_sys_enter *ctx)
{
	return enter(classify_op(ctx->args[1]), ctx->args[0], ctx->args[2]);
}

SEC("tp/syscalls/sys_exit_futex")
int on_exit_futex(struct trace_event_raw_sys_exit *ctx)
{
	return leave(classify_op(PT_REGS_PARM2_CORE_SYSCALL(call_regs())), ctx->ret);
}

/* futex_wait(word, value, mask, flags, ...) */
SEC("tp/syscalls/sys_enter_futex_wait")
int on_enter_futex_wait(struct trace_event_raw_sys_enter *ctx)
{
	return enter(classify_new(ONCPU_FUTEX_WAIT, FUTEX_WAIT_BITSET, ctx->args[3]), ctx->args[0],
		     ctx->args[1]);
}

SEC("tp/syscalls/sys_exit_futex_wait")
int on_exit_futex_wait(struct trace_event_raw_sys_exit *ctx)
{
	return leave(classify_new(ONCPU_FUTEX_WAIT, FUTEX_WAIT_BITSET,
				  PT_REGS_PARM4_CORE_SYSCALL(call_regs())),
		     ctx->ret);
}

/* futex_waitv(array, number of words, ...) */
SEC("tp/syscalls/sys_enter_futex_waitv")
int on_enter_futex_waitv(struct trace_event_raw_sys_enter *ctx)
{
	struct futex_waitv first = first_word(ctx->args[0]);

	return enter(classify_new(ONCPU_FUTEX_WAIT, FUTEX_WAIT_BITSET, 0), first.uaddr, first.val);
}

SEC("tp/syscalls/sys_exit_futex_waitv")
int on_exit_futex_waitv(struct trace_event_raw_sys_exit *ctx)
{
	return leave(classify_new(ONCPU_FUTEX_WAIT, FUTEX_WAIT_BITSET, 0), ctx->ret);
}

/* futex_wake(word, mask, number, flags) */
SEC("tp/syscalls/sys_enter_futex_wake")
int on_enter_futex_wake(struct trace_event_raw_sys_enter *ctx)
{
	return enter(classify_new(ONCPU_FUTEX_WAKE, FUTEX_WAKE_BITSET, ctx->args[3]), ctx->args[0],
		     ctx->args[2]);
}

SEC("tp/syscalls/sys_exit_futex_wake")
int on_exit_futex_wake(struct trace_event_raw_sys_exit *ctx)
{
	return leave(classify_new(ONCPU_FUTEX_WAKE, FUTEX_WAKE_BITSET,
				  PT_REGS_PARM4_CORE_SYSCALL(call_regs())),
		     ctx->ret);
}

/* futex_requeue(array of two words, flags, number to wake, number to move) */
SEC("tp/syscalls/sys_enter_futex_requeue")
int on_enter_futex_requeue(struct trace_event_raw_sys_enter *ctx)
{
	return enter(classify_new(ONCPU_FUTEX_WAKE, FUTEX_CMP_REQUEUE, 0),
		     first_word(ctx->args[0]).uaddr, ctx->args[2]);
}

SEC("tp/syscalls/sys_exit_futex_requeue")
int on_exit_futex_requeue(struct trace_event_raw_sys_exit *ctx)
{
	return leave(classify_new(ONCPU_FUTEX_WAKE, FUTEX_CMP_REQUEUE, 0), ctx->ret);
}
