// SPDX-License-Identifier: GPL-2.0
/*
 * Futex waits and wakes, seen as system calls: the futex code has no tracepoints of its own.
 *
 * Owner: glibc's default mutex waits with value 2 and keeps its owner's tid 8 bytes after the
 * futex word; a priority-inheritance mutex keeps it in the word itself. Other uses (condition
 * variables, semaphores, joins) have no owner to read.
 *
 * sys_enter and sys_exit run with preemption on in new kernels, so nothing here is per CPU.
 */
#include <linux/compat.h>
#include <linux/futex.h>
#include <linux/sched.h>
#include <linux/uaccess.h>
#include <asm/syscall.h>
#include <asm/unistd.h>

#include "probes.h"
#include "recording.h"

#define MUTEX_CONTENDED	   2 /* glibc: locked, and somebody waits */
#define MUTEX_OWNER_OFFSET 8

struct futex_call {
	u8 type; /* ONCPU_FUTEX_WAIT, ONCPU_FUTEX_WAKE; 0: neither */
	u8 flags;
	unsigned long args[6];
};

static bool read_user(void *to, unsigned long from, size_t size)
{
	return !copy_from_user_nofault(to, (const void __user *)from, size);
}

/* futex(word, op, value, ...) */
static void classify_op(struct futex_call *c, unsigned int op)
{
	switch (op & FUTEX_CMD_MASK) {
	case FUTEX_WAIT:
	case FUTEX_WAIT_BITSET:
	case FUTEX_WAIT_REQUEUE_PI:
	case FUTEX_LOCK_PI:
	case FUTEX_LOCK_PI2:
		c->type = ONCPU_FUTEX_WAIT;
		break;
	case FUTEX_WAKE:
	case FUTEX_WAKE_BITSET:
	case FUTEX_WAKE_OP:
	case FUTEX_REQUEUE:
	case FUTEX_CMP_REQUEUE:
	case FUTEX_CMP_REQUEUE_PI:
	case FUTEX_UNLOCK_PI:
		c->type = ONCPU_FUTEX_WAKE;
		break;
	}
	c->flags = (op & ONCPU_FUTEX_CMD_MASK) |
		   (op & FUTEX_PRIVATE_FLAG ? ONCPU_FUTEX_PRIVATE : 0) |
		   (op & FUTEX_CLOCK_REALTIME ? ONCPU_FUTEX_REALTIME : 0);
}

static void classify_new(struct futex_call *c, u8 type, u8 op, unsigned long flags2)
{
	c->type = type;
	c->flags = op | (flags2 & FUTEX2_PRIVATE ? ONCPU_FUTEX_PRIVATE : 0);
}

/* Arguments but the first survive until sys_exit, so enter and exit classify alike. */
static void classify(struct futex_call *c, struct pt_regs *regs, long nr)
{
	c->type = 0;
	c->flags = 0;
	if (nr != __NR_futex && (nr < __NR_futex_waitv || nr > __NR_futex_requeue))
		return;
	if (in_compat_syscall()) /* other numbers */
		return;
	syscall_get_arguments(current, regs, c->args);
	switch (nr) {
	case __NR_futex:
		classify_op(c, c->args[1]);
		break;
	case __NR_futex_wait:
		classify_new(c, ONCPU_FUTEX_WAIT, FUTEX_WAIT_BITSET, c->args[3]);
		break;
	case __NR_futex_waitv:
		classify_new(c, ONCPU_FUTEX_WAIT, FUTEX_WAIT_BITSET, 0);
		break;
	case __NR_futex_wake:
		classify_new(c, ONCPU_FUTEX_WAKE, FUTEX_WAKE_BITSET, c->args[3]);
		break;
	case __NR_futex_requeue:
		classify_new(c, ONCPU_FUTEX_WAKE, FUTEX_CMP_REQUEUE, 0);
		break;
	}
}

static void read_owner(struct oncpu_record *r)
{
	u8 op = r->flags & ONCPU_FUTEX_CMD_MASK;
	u64 at = r->futex_wait.address;
	u32 word;

	if (op == FUTEX_WAIT && r->futex_wait.value == MUTEX_CONTENDED)
		at += MUTEX_OWNER_OFFSET;
	else if (op != FUTEX_LOCK_PI && op != FUTEX_LOCK_PI2)
		return;
	if (!read_user(&word, at, sizeof(word)))
		return;
	r->futex_wait.owner = word & FUTEX_TID_MASK;
	r->flags |= ONCPU_FUTEX_OWNER;
}

static void fill_wait(struct oncpu_record *r, const struct futex_call *c, long nr)
{
	struct futex_waitv first;

	r->futex_wait.address = c->args[0];
	r->futex_wait.value = nr == __NR_futex ? c->args[2] : c->args[1];
	if (nr == __NR_futex_waitv) { /* an array of words: the first stands for all */
		if (!read_user(&first, c->args[0], sizeof(first)))
			memset(&first, 0, sizeof(first));
		r->futex_wait.address = first.uaddr;
		r->futex_wait.value = first.val;
	}
	read_owner(r);
}

static void fill_wake(struct oncpu_record *r, const struct futex_call *c, long nr)
{
	struct futex_waitv first;

	r->futex_wake.address = c->args[0];
	r->futex_wake.nr = c->args[2];
	if (nr == __NR_futex_requeue) {
		if (!read_user(&first, c->args[0], sizeof(first)))
			memset(&first, 0, sizeof(first));
		r->futex_wake.address = first.uaddr;
	}
}

static void on_sys_enter(void *data, struct pt_regs *regs, long nr)
{
	struct oncpu_record r = {};
	struct futex_call c;

	classify(&c, regs, nr);
	if (!c.type || !oncpu_records(data, c.type))
		return;
	r.tid = current->pid;
	r.type = c.type;
	r.flags = c.flags;
	if (c.type == ONCPU_FUTEX_WAIT)
		fill_wait(&r, &c, nr);
	else
		fill_wake(&r, &c, nr);
	oncpu_record_current(data, &r);
}

static void on_sys_exit(void *data, struct pt_regs *regs, long ret)
{
	struct oncpu_record r = {};
	struct futex_call c;

	classify(&c, regs, syscall_get_nr(current, regs));
	if (!c.type)
		return;
	r.tid = current->pid;
	r.type = c.type == ONCPU_FUTEX_WAIT ? ONCPU_FUTEX_WAIT_END : ONCPU_FUTEX_WAKE_END;
	r.flags = c.flags;
	r.futex_end.ret = ret;
	if (oncpu_records(data, r.type))
		oncpu_record_current(data, &r);
}

struct oncpu_probe oncpu_futex_probes[] = {
	{ "sys_enter", on_sys_enter, BIT_ULL(ONCPU_FUTEX_WAIT) | BIT_ULL(ONCPU_FUTEX_WAKE) },
	{ "sys_exit", on_sys_exit, BIT_ULL(ONCPU_FUTEX_WAIT_END) | BIT_ULL(ONCPU_FUTEX_WAKE_END) },
	{}
};
