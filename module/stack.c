// SPDX-License-Identifier: GPL-2.0
/*
 * Stacks: the kernel's as it unwinds them itself, the user's as a piece of memory that user space
 * unwinds later, when it has the files and the time. Each is written once a CPU, under a hash of
 * what it consists of.
 */
#include <linux/align.h>
#include <linux/array_size.h>
#include <linux/bitops.h>
#include <linux/compat.h>
#include <linux/percpu.h>
#include <linux/preempt.h>
#include <linux/ptrace.h>
#include <linux/sched.h>
#include <linux/sched/task_stack.h>
#include <linux/stacktrace.h>
#include <linux/uaccess.h>
#include <asm/ptrace.h>

#include "recording.h"
#include "stack.h"

#define MAX_KERNEL   32
#define MAX_ENTRIES  512 /* flags of FRAMES counts pairs in a byte */
#define SEEN	     1024
#define HASH_PRIME   0x9e3779b97f4a7c15ULL
#define LOW_ADDRESS  4096
#define HIGH_ADDRESS BIT_ULL(ONCPU_STACK_SHIFT)
#define STEPS	     8 /* a stack's end may be nearer than all its words */
#define OWN_FRAMES   3 /* stack_trace_save(), oncpu_stack_write(), and the probe */

struct oncpu_stacks { /* changed with preemption off, not from interrupts */
	u64 words[ONCPU_STACK_WORDS];
	u64 entries[MAX_ENTRIES];
	u64 seen[SEEN]; /* ids whose frames this CPU has written */
	unsigned int n, nr_kernel;
	u64 hash;
};

int oncpu_stacks_alloc(struct oncpu_stacks __percpu **stacks)
{
	*stacks = alloc_percpu(struct oncpu_stacks);
	return *stacks ? 0 : -ENOMEM;
}

static void add(struct oncpu_stacks *s, u64 entry)
{
	if (s->n == MAX_ENTRIES)
		return;
	s->entries[s->n++] = entry;
	s->hash = (s->hash ^ entry) * HASH_PRIME;
	s->hash ^= s->hash >> 29;
}

static void add_kernel(struct oncpu_stacks *s)
{
	unsigned long frames[MAX_KERNEL];
	unsigned int n = stack_trace_save(frames, MAX_KERNEL, OWN_FRAMES), i;

	for (i = 0; i < n; i++)
		add(s, frames[i]);
	s->nr_kernel = s->n;
}

static unsigned int read_words(struct oncpu_stacks *s, unsigned long sp)
{
	const size_t bytes = sizeof(s->words) / STEPS;
	char *to = (char *)s->words;
	unsigned int step;

	if (!copy_from_user_nofault(to, (const void __user *)sp, sizeof(s->words)))
		return ONCPU_STACK_WORDS;
	for (step = 0; step < STEPS; step++)
		if (copy_from_user_nofault(to + step * bytes,
					   (const void __user *)(sp + step * bytes), bytes))
			break;
	return step * ONCPU_STACK_WORDS / STEPS;
}

static void add_user(struct oncpu_stacks *s)
{
	struct pt_regs *regs = task_pt_regs(current);
	unsigned long sp = user_stack_pointer(regs);
	unsigned int n = read_words(s, sp), i;

	add(s, instruction_pointer(regs));
	add(s, sp);
	add(s, frame_pointer(regs));
	for (i = 0; i < n; i++)
		if (s->words[i] >= LOW_ADDRESS && s->words[i] < HIGH_ADDRESS)
			add(s, (u64)i << ONCPU_STACK_SHIFT | s->words[i]);
}

static bool has_user_stack(void)
{
	return current->mm && !(current->flags & (PF_KTHREAD | PF_USER_WORKER)) &&
	       !in_compat_syscall();
}

static void write_frames(struct oncpu_recording *rec, struct oncpu_stacks *s)
{
	unsigned int i;

	s->entries[s->n % MAX_ENTRIES] = 0; /* beside the last one, where that is alone */
	for (i = 0; i < s->n; i += 2) {
		struct oncpu_record r = {
			.tid = current->pid,
			.type = ONCPU_FRAMES,
			.flags = i / 2,
			.frames = { s->entries[i], s->entries[(i + 1) % MAX_ENTRIES] },
		};

		oncpu_record(rec, &r);
	}
}

static void write(struct oncpu_recording *rec, struct oncpu_stacks *s)
{
	struct oncpu_record r = {
		.tid = current->pid,
		.type = ONCPU_STACK,
		.stack = {
			.id = s->hash,
			.nr_user = s->n - s->nr_kernel,
			.nr_kernel = s->nr_kernel,
		},
	};

	oncpu_record(rec, &r);
	if (s->seen[s->hash % SEEN] == s->hash)
		return;
	s->seen[s->hash % SEEN] = s->hash;
	write_frames(rec, s);
}

void oncpu_stack_write(struct oncpu_recording *rec, unsigned int which)
{
	struct oncpu_stacks *s;

	preempt_disable_notrace();
	s = this_cpu_ptr(rec->stacks);
	s->n = s->nr_kernel = 0;
	s->hash = current->tgid;
	if (which & ONCPU_STACK_KERNEL)
		add_kernel(s);
	if (which & ONCPU_STACK_USER && has_user_stack())
		add_user(s);
	write(rec, s);
	preempt_enable_notrace();
}
