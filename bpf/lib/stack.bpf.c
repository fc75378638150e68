// SPDX-License-Identifier: GPL-2.0
#include "probe.bpf.h"
#include "ring.bpf.h"
#include "stack.bpf.h"

#define PF_USER_WORKER 0x00004000 /* <linux/sched.h>: macros */
#define PF_KTHREAD     0x00200000

#define MAX_KERNEL     32
#define MAX_WORDS      ONCPU_STACK_WORDS
#define WORDS_AT_ONCE  32  /* divides what read_words() returns */
#define MAX_ENTRIES    512 /* a power of two; flags of FRAMES counts pairs in a byte */
#define SEEN	       1024
#define HASH_PRIME     0x9e3779b97f4a7c15ULL
#define LOW_ADDRESS    4096ULL
#define HIGH_ADDRESS   (1ULL << ONCPU_STACK_SHIFT)

struct scratch {
	__u64 words[MAX_WORDS];
	__u64 entries[MAX_ENTRIES];
	__u64 seen[SEEN]; /* ids whose frames this CPU has written */
	__u32 nr_kernel, n;
	__u64 hash;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct scratch);
} stack_scratch SEC(".maps");

const volatile __u8 stacks_at_futex, stacks_at_switch;

static __always_inline void add(struct scratch *s, __u64 entry)
{
	s->entries[s->n & (MAX_ENTRIES - 1)] = entry;
	if (s->n < MAX_ENTRIES - 1)
		s->n++;
	s->hash = (s->hash ^ entry) * HASH_PRIME;
	s->hash ^= s->hash >> 29;
}

/* bpf_loop() and not loops: the verifier walks through a loop once for each turn. */
static long add_kernel_frame(__u32 i, struct scratch **at)
{
	struct scratch *s = *at;
	add(s, s->words[i & (MAX_WORDS - 1)]);
	return 0;
}

static __always_inline void add_kernel(struct scratch *s, void *ctx)
{
	long bytes = bpf_get_stack(ctx, s->words, MAX_KERNEL * sizeof(__u64), 0);

	if (bytes > 0)
		bpf_loop(bytes / sizeof(__u64), add_kernel_frame, &s, 0);
	s->nr_kernel = s->n;
}

/* The stack's end may be nearer than MAX_WORDS: then it is read in smaller steps. */
static __always_inline __u32 read_words(struct scratch *s, __u64 sp)
{
	__u32 step = MAX_WORDS / 8, i;

	if (!bpf_probe_read_user(s->words, sizeof(s->words), (void *)sp))
		return MAX_WORDS;
	for (i = 0; i < MAX_WORDS; i += step)
		if (bpf_probe_read_user(&s->words[i], MAX_WORDS / 8 * sizeof(__u64),
					(void *)(sp + i * sizeof(__u64))))
			break;
	return i;
}

/* A callback for each word would cost more than the word does. */
static long add_words(__u32 step, struct scratch **at)
{
	struct scratch *s = *at;
	__u32 n, i;

	for (n = 0; n < WORDS_AT_ONCE; n++) {
		__u64 word;

		i = (step * WORDS_AT_ONCE + n) & (MAX_WORDS - 1);
		word = s->words[i];
		if (word >= LOW_ADDRESS && word < HIGH_ADDRESS)
			add(s, (__u64)i << ONCPU_STACK_SHIFT | word);
	}
	return 0;
}

/* Without memory of its own it has another one's before it, lazily. */
static __always_inline void add_user(struct scratch *s)
{
	struct task_struct *current = bpf_get_current_task_btf();
	struct pt_regs *regs = (struct pt_regs *)bpf_task_pt_regs(current);
	__u64 sp = PT_REGS_SP_CORE(regs);

	if (!current->mm || current->flags & (PF_KTHREAD | PF_USER_WORKER))
		return;
	add(s, PT_REGS_IP_CORE(regs));
	add(s, sp);
	add(s, PT_REGS_FP_CORE(regs));
	bpf_loop(read_words(s, sp) / WORDS_AT_ONCE, add_words, &s, 0);
}

static long write_pair(__u32 i, struct scratch **at)
{
	struct scratch *s = *at;
	struct oncpu_record r = { .tid = current_tid(), .type = ONCPU_FRAMES, .flags = i };

	r.frames[0] = s->entries[2 * i & (MAX_ENTRIES - 1)];
	r.frames[1] = s->entries[(2 * i + 1) & (MAX_ENTRIES - 1)];
	ring_write(&r);
	return 0;
}

__hidden void stack_write(void *ctx, __u32 which)
{
	struct oncpu_record r = { .tid = current_tid(), .type = ONCPU_STACK };
	__u32 zero = 0;
	struct scratch *s = bpf_map_lookup_elem(&stack_scratch, &zero);

	if (!s)
		return;
	s->n = s->nr_kernel = 0;
	s->hash = bpf_get_current_pid_tgid() >> 32;
	if (which & ONCPU_STACK_KERNEL)
		add_kernel(s, ctx);
	if (which & ONCPU_STACK_USER)
		add_user(s);
	r.stack.id = s->hash;
	r.stack.nr_kernel = s->nr_kernel;
	r.stack.nr_user = s->n - s->nr_kernel;
	ring_write(&r);
	if (s->seen[s->hash & (SEEN - 1)] == s->hash)
		return;
	s->seen[s->hash & (SEEN - 1)] = s->hash;
	bpf_loop((s->n + 1) / 2, write_pair, &s, 0);
}
