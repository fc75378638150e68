// SPDX-License-Identifier: GPL-2.0
/*
 * Futex waits and wakes, seen as system calls: the futex code has no tracepoints of its own.
 *
 * Owner: only a priority-inheritance lock is known to the kernel, and keeps it in the futex word.
 * For the others what may tell stands beside the word, and goes along as it is (FUTEX_WORDS): what
 * it means depends on the kind of lock, which is found out later, from the stack. Not where a wait
 * for 0 begins, as on a semaphore, since no lock waits so.
 *
 * Where: at the functions of the calls, by fprobe, which costs nobody else a thing. The tracepoints
 * of all system calls, which send every call of every task through the slow part of the entry code,
 * are the way for kernels whose fprobe does not fit.
 *
 * Both may run with preemption on, so nothing here is per CPU.
 */
#include <linux/array_size.h>
#include <linux/compat.h>
#include <linux/fprobe.h>
#include <linux/ftrace.h>
#include <linux/futex.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/uaccess.h>
#include <asm/syscall.h>
#include <asm/unistd.h>
#include <oncpu/futex.h>

#include "probes.h"
#include "recording.h"

#ifdef CONFIG_X86_64
#define CALL "__x64_sys_"
#else
#define CALL "__arm64_sys_" /* where there is no such function, there is no fprobe either */
#endif

struct futex_call {
	struct oncpu_futex_call is;
	unsigned long args[6];
};

static bool read_user(void *to, unsigned long from, size_t size)
{
	return !copy_from_user_nofault(to, (const void __user *)from, size);
}

/* Arguments but the first survive until sys_exit, so enter and exit classify alike. */
static void classify(struct futex_call *c, struct pt_regs *regs, long nr)
{
	c->is = (struct oncpu_futex_call){};
	if (nr != __NR_futex && (nr < __NR_futex_waitv || nr > __NR_futex_requeue))
		return;
	if (in_compat_syscall()) /* other numbers */
		return;
	syscall_get_arguments(current, regs, c->args);
	switch (nr) {
	case __NR_futex:
		c->is = oncpu_futex_op(c->args[1]);
		break;
	case __NR_futex_wait:
		c->is = oncpu_futex_new(ONCPU_FUTEX_WAIT, FUTEX_WAIT_BITSET, c->args[3]);
		break;
	case __NR_futex_waitv:
		c->is = oncpu_futex_new(ONCPU_FUTEX_WAIT, FUTEX_WAIT_BITSET, 0);
		break;
	case __NR_futex_wake:
		c->is = oncpu_futex_new(ONCPU_FUTEX_WAKE, FUTEX_WAKE_BITSET, c->args[3]);
		break;
	case __NR_futex_requeue:
		c->is = oncpu_futex_new(ONCPU_FUTEX_WAKE, FUTEX_CMP_REQUEUE, 0);
		break;
	}
}

static void read_owner(struct oncpu_record *r)
{
	u8 op = r->flags & ONCPU_FUTEX_CMD_MASK;
	u32 word;

	if (op != FUTEX_LOCK_PI && op != FUTEX_LOCK_PI2)
		return;
	if (!read_user(&word, r->futex_wait.address, sizeof(word)))
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

/* The words at 8, 12, 16 and 24 bytes after the futex word. */
static void write_words(struct oncpu_recording *rec, const struct oncpu_record *wait)
{
	struct oncpu_record r = { .tid = wait->tid, .type = ONCPU_FUTEX_WORDS };
	u32 words[5];

	if (!wait->futex_wait.value || wait->flags & ONCPU_FUTEX_OWNER)
		return;
	if (!read_user(words, wait->futex_wait.address + 8, sizeof(words)))
		return;
	r.futex_words[0] = words[0];
	r.futex_words[1] = words[1];
	r.futex_words[2] = words[2];
	r.futex_words[3] = words[4];
	oncpu_record(rec, &r);
}

static void write_beside(struct oncpu_recording *rec, const struct oncpu_record *wait)
{
	if (!oncpu_chosen_has(&rec->chosen, current))
		return;
	if (oncpu_records(rec, ONCPU_FUTEX_WORDS))
		write_words(rec, wait);
	if (rec->stacks_at_futex)
		oncpu_stack_write(rec, rec->stacks_at_futex);
}

static void enter(struct oncpu_recording *rec, struct pt_regs *regs, long nr)
{
	struct oncpu_record r = {};
	struct futex_call c;

	classify(&c, regs, nr);
	if (!c.is.type || !oncpu_records(rec, c.is.type))
		return;
	r.tid = current->pid;
	r.type = c.is.type;
	r.flags = c.is.flags;
	if (c.is.type == ONCPU_FUTEX_WAIT)
		fill_wait(&r, &c, nr);
	else
		fill_wake(&r, &c, nr);
	oncpu_record_current(rec, &r);
	if (c.is.type == ONCPU_FUTEX_WAIT)
		write_beside(rec, &r);
}

static void leave(struct oncpu_recording *rec, struct pt_regs *regs, long ret)
{
	struct oncpu_record r = {};
	struct futex_call c;

	classify(&c, regs, syscall_get_nr(current, regs));
	if (!c.is.type)
		return;
	r.tid = current->pid;
	r.type = c.is.type == ONCPU_FUTEX_WAIT ? ONCPU_FUTEX_WAIT_END : ONCPU_FUTEX_WAKE_END;
	r.flags = c.is.flags;
	r.futex_end.ret = ret;
	if (oncpu_records(rec, r.type))
		oncpu_record_current(rec, &r);
}

static struct oncpu_recording *recording; /* there is one at a time */

static int on_call(struct fprobe *fp, unsigned long ip, unsigned long ret_ip,
		   struct ftrace_regs *fregs, void *unused)
{
	struct pt_regs *regs = current_pt_regs();

	if (!oncpu_chosen_has_above(&recording->chosen, current))
		return 1; /* nor is it to be caught at its return */
	enter(recording, regs, syscall_get_nr(current, regs));
	return 0;
}

static void on_return(struct fprobe *fp, unsigned long ip, unsigned long ret_ip,
		      struct ftrace_regs *fregs, void *unused)
{
	leave(recording, current_pt_regs(), ftrace_regs_get_return_value(fregs));
}

/*
 * Older kernels' handlers get other registers, and their returns are limited in number.
 */
#define FITS __builtin_types_compatible_p(fprobe_entry_cb, typeof(on_call) *)

static struct fprobe calls = {
	.entry_handler = FITS ? (void *)on_call : NULL,
	.exit_handler = FITS ? (void *)on_return : NULL,
};

int oncpu_futex_attach(struct oncpu_recording *rec)
{
	/* The kernel sorts them where they are. */
	const char *names[] = { CALL "futex", CALL "futex_wait", CALL "futex_waitv",
				CALL "futex_wake", CALL "futex_requeue" };

	if (!FITS)
		return -EOPNOTSUPP;
	recording = rec;
	return register_fprobe_syms(&calls, names, ARRAY_SIZE(names));
}

void oncpu_futex_detach(void)
{
	unregister_fprobe(&calls);
	synchronize_rcu(); /* handlers run with preemption off */
}

static void on_sys_enter(void *data, struct pt_regs *regs, long nr)
{
	enter(data, regs, nr);
}

static void on_sys_exit(void *data, struct pt_regs *regs, long ret)
{
	leave(data, regs, ret);
}

struct oncpu_probe oncpu_futex_probes[] = {
	{ "sys_enter", on_sys_enter,
	  BIT_ULL(ONCPU_FUTEX_WAIT) | BIT_ULL(ONCPU_FUTEX_WAKE) | BIT_ULL(ONCPU_FUTEX_WORDS) },
	{ "sys_exit", on_sys_exit, BIT_ULL(ONCPU_FUTEX_WAIT_END) | BIT_ULL(ONCPU_FUTEX_WAKE_END) },
	{}
};
