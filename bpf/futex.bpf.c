// SPDX-License-Identifier: GPL-2.0
/*
 * Futex waits and wakes, seen as system calls: the futex code has no tracepoints of its own.
 *
 * Owner: glibc's default mutex waits with value 2 and keeps its owner's tid 8 bytes after the
 * futex word; a priority-inheritance mutex keeps it in the word itself. Other uses (condition
 * variables, semaphores, joins) have no owner to read.
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
#define FUTEX2_PRIVATE	      FUTEX_PRIVATE_FLAG

#define MUTEX_CONTENDED	      2 /* glibc: locked, and somebody waits */
#define MUTEX_OWNER_OFFSET    8

#define TS_COMPAT	      0x0002 /* x86: in a 32-bit system call, whose numbers are others */

/* System call numbers are the architecture's: user space knows them. */
const volatile __s64 nr_futex, nr_futex_wait, nr_futex_waitv, nr_futex_wake, nr_futex_requeue;

struct futex_call {
	__u8 type; /* ONCPU_FUTEX_WAIT, ONCPU_FUTEX_WAKE; 0: neither */
	__u8 flags;
};

static __always_inline bool is_compat(void)
{
#ifdef __TARGET_ARCH_x86
	struct task_struct *task = bpf_get_current_task_btf();

	return task->thread_info.status & TS_COMPAT;
#else
	return false;
#endif
}

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

static __always_inline struct futex_call classify_new(__u8 type, __u8 op, __u64 flags2)
{
	return (struct futex_call){
		.type = type,
		.flags = op | (flags2 & FUTEX2_PRIVATE ? ONCPU_FUTEX_PRIVATE : 0),
	};
}

/* Arguments but the first survive until sys_exit, so enter and exit classify alike. */
static __always_inline struct futex_call classify(struct pt_regs *regs, __s64 nr)
{
	if (nr == nr_futex)
		return classify_op(PT_REGS_PARM2_CORE_SYSCALL(regs));
	if (nr == nr_futex_wait)
		return classify_new(ONCPU_FUTEX_WAIT, FUTEX_WAIT_BITSET,
				    PT_REGS_PARM4_CORE_SYSCALL(regs));
	if (nr == nr_futex_waitv)
		return classify_new(ONCPU_FUTEX_WAIT, FUTEX_WAIT_BITSET, 0);
	if (nr == nr_futex_wake)
		return classify_new(ONCPU_FUTEX_WAKE, FUTEX_WAKE_BITSET,
				    PT_REGS_PARM4_CORE_SYSCALL(regs));
	if (nr == nr_futex_requeue)
		return classify_new(ONCPU_FUTEX_WAKE, FUTEX_CMP_REQUEUE, 0);
	return (struct futex_call){};
}

static __always_inline bool is_futex(__s64 nr)
{
	return nr == nr_futex || (nr >= nr_futex_waitv && nr <= nr_futex_requeue);
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

static __always_inline void fill_wait(struct oncpu_record *r, struct pt_regs *regs, __s64 nr)
{
	struct futex_waitv first;

	r->futex_wait.address = PT_REGS_PARM1_CORE_SYSCALL(regs);
	r->futex_wait.value = nr == nr_futex ? PT_REGS_PARM3_CORE_SYSCALL(regs)
					     : PT_REGS_PARM2_CORE_SYSCALL(regs);
	if (nr == nr_futex_waitv) { /* an array of words: the first stands for all */
		bpf_probe_read_user(&first, sizeof(first), (void *)r->futex_wait.address);
		r->futex_wait.address = first.uaddr;
		r->futex_wait.value = first.val;
	}
	read_owner(r);
}

static __always_inline void fill_wake(struct oncpu_record *r, struct pt_regs *regs, __s64 nr)
{
	struct futex_waitv first;

	r->futex_wake.address = PT_REGS_PARM1_CORE_SYSCALL(regs);
	r->futex_wake.nr = PT_REGS_PARM3_CORE_SYSCALL(regs);
	if (nr == nr_futex_requeue) {
		bpf_probe_read_user(&first, sizeof(first), (void *)r->futex_wake.address);
		r->futex_wake.address = first.uaddr;
	}
}

SEC("tp_btf/sys_enter")
int BPF_PROG(on_sys_enter, struct pt_regs *regs, long nr)
{
	struct oncpu_record r = {};
	struct futex_call c;

	if (!is_futex(nr) || is_compat())
		return 0;
	c = classify(regs, nr);
	if (!c.type)
		return 0;
	r.tid = current_tid();
	r.type = c.type;
	r.flags = c.flags;
	if (c.type == ONCPU_FUTEX_WAIT)
		fill_wait(&r, regs, nr);
	else
		fill_wake(&r, regs, nr);
	ring_write(&r);
	return 0;
}

SEC("tp_btf/sys_exit")
int BPF_PROG(on_sys_exit, struct pt_regs *regs, long ret)
{
	struct oncpu_record r = {};
	struct futex_call c;
	__s64 nr = regs->orig_ax;

	if (!is_futex(nr) || is_compat())
		return 0;
	c = classify(regs, nr);
	if (!c.type)
		return 0;
	r.tid = current_tid();
	r.type = c.type == ONCPU_FUTEX_WAIT ? ONCPU_FUTEX_WAIT_END : ONCPU_FUTEX_WAKE_END;
	r.flags = c.flags;
	r.futex_end.ret = ret;
	ring_write(&r);
	return 0;
}
