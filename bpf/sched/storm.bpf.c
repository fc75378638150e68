// SPDX-License-Identifier: GPL-2.0
/*
 * Storm: a scheduler that is unfair on purpose, to show what an order of events that is possible, but
 * rare, does to a program.
 *
 * Only tasks of policy SCHED_EXT are its own (SCX_OPS_SWITCH_PARTIAL): the loader makes the target one,
 * and what that forks inherits it. All others stay with the fair class, and go first.
 *
 * A task that comes to the queue (woken, new, preempted) is either ready or held. The held wait until
 * their time has come, then go first: whoever was meant to be early is late. The ready go by
 * priority, a hash of their number and the era. Nothing is kept for a task, so it costs no memory.
 *
 * A timer of random intervals makes the change points: a new era (so all priorities are drawn anew), and
 * a CPU loses the task that it runs, wherever in its code that is. Where "serial" is set, one CPU
 * alone is open to the target at a time, as in PCT the highest priority alone runs; which one
 * changes with the era, so a task that is bound to a CPU has its turn, too.
 *
 * All chance is a hash of the seed and how many draws there were before. The order in which CPUs draw is
 * not under our control, nor is anything that the target does: the same seed is the same weather, not
 * the same run.
 */
#include "lib/probe.bpf.h"

#define STORM_OP(name, ...) SEC("struct_ops/" #name) BPF_PROG(name, ##__VA_ARGS__)

#define SLICE_MIN_NS	    20000
#define WATCHDOG_MS	    20000 /* the kernel throws us out if a task waits so long */
#define REASON_LEN	    64
#define MESSAGE_LEN	    192

enum { READY, HELD }; /* queues */

const volatile __u64 seed;
const volatile __u64 era_min_ns = 100000, era_max_ns = 1000000;
const volatile __u64 slice_max_ns = 1000000;
const volatile __u64 hold_max_ns = 1000000;
const volatile __u32 hold_in_256 = 32; /* of 256 that come to the queue */
const volatile bool serial;

__u64 nr_draws, nr_held, nr_eras, nr_queued;
__s32 open_cpu = -1; /* -1: all */
__u32 exit_kind;     /* enum scx_exit_kind; 0: it is on */
char exit_reason[REASON_LEN], exit_message[MESSAGE_LEN];

struct storm_timer {
	struct bpf_timer timer;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct storm_timer);
} timers SEC(".maps");

static __u64 mix(__u64 x)
{
	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
	x = (x ^ x >> 27) * 0x94d049bb133111eb;
	return x ^ x >> 31;
}

/* 0 .. below - 1 */
static __u64 draw(__u64 below)
{
	__u64 n = __sync_fetch_and_add(&nr_draws, 1) + 1;

	return below ? mix(seed * 0xd1342543de82ef95 + n * 0x9e3779b97f4a7c15) % below : 0;
}

/* Queues compare as clocks do, by the sign of the difference: hence 62 bits. */
static __u64 priority(const struct task_struct *p)
{
	return mix(mix(seed + nr_eras) + p->pid) >> 2;
}

s32 STORM_OP(storm_select_cpu, struct task_struct *p, s32 prev_cpu, u64 wake_flags)
{
	s32 cpu = open_cpu >= 0 ? open_cpu : (s32)draw(scx_bpf_nr_cpu_ids());

	return bpf_cpumask_test_cpu(cpu, p->cpus_ptr) ? cpu : prev_cpu;
}

void STORM_OP(storm_enqueue, struct task_struct *p, u64 enq_flags)
{
	__u64 slice_ns = SLICE_MIN_NS + draw(slice_max_ns);
	s32 cpu = open_cpu >= 0 ? open_cpu : scx_bpf_task_cpu(p);

	__sync_fetch_and_add(&nr_queued, 1);
	if (draw(256) < hold_in_256) {
		__sync_fetch_and_add(&nr_held, 1);
		scx_bpf_dsq_insert_vtime(p, HELD, slice_ns, scx_bpf_now() + draw(hold_max_ns),
					 enq_flags);
		return;
	}
	scx_bpf_dsq_insert_vtime(p, READY, slice_ns, priority(p), enq_flags);
	scx_bpf_kick_cpu(cpu, draw(4) ? SCX_KICK_IDLE : SCX_KICK_PREEMPT);
}

static bool first_is_due(void)
{
	struct task_struct *p;
	bool due = false;

	bpf_for_each(scx_dsq, p, HELD, 0)
	{
		due = p->scx.dsq_vtime <= scx_bpf_now();
		break;
	}
	return due;
}

/* Two CPUs may see the same one due, and the second takes the next one early: that is weather, too. */
void STORM_OP(storm_dispatch, s32 cpu, struct task_struct *prev)
{
	if (open_cpu >= 0 && cpu != open_cpu)
		return;
	if (!first_is_due() || !scx_bpf_dsq_move_to_local(HELD))
		scx_bpf_dsq_move_to_local(READY);
}

/* Idle CPUs are woken for what waits; this is also who ends a hold. */
static int change(void *map, __u32 *key, struct storm_timer *t)
{
	__u32 nr_cpus = scx_bpf_nr_cpu_ids();
	bool wanted = scx_bpf_dsq_nr_queued(READY) > 0 || scx_bpf_dsq_nr_queued(HELD) > 0;
	s32 victim = open_cpu >= 0 ? open_cpu : (s32)draw(nr_cpus), cpu;

	__sync_fetch_and_add(&nr_eras, 1);
	if (serial)
		open_cpu = (s32)draw(nr_cpus);
	scx_bpf_kick_cpu(victim, SCX_KICK_PREEMPT);
	bpf_for(cpu, 0, nr_cpus) if (wanted && cpu != victim) scx_bpf_kick_cpu(cpu, SCX_KICK_IDLE);
	bpf_timer_start(&t->timer, era_min_ns + draw(era_max_ns - era_min_ns), 0);
	return 0;
}

s32 SEC("struct_ops.s/storm_init") BPF_PROG(storm_init)
{
	__u32 key = 0;
	struct storm_timer *t = bpf_map_lookup_elem(&timers, &key);
	int err = scx_bpf_create_dsq(READY, -1);

	if (!err)
		err = scx_bpf_create_dsq(HELD, -1);
	if (err || !t)
		return err ?: -1;
	if (serial)
		open_cpu = 0;
	bpf_timer_init(&t->timer, &timers, 1 /* CLOCK_MONOTONIC */);
	bpf_timer_set_callback(&t->timer, change);
	return bpf_timer_start(&t->timer, era_max_ns, 0);
}

void STORM_OP(storm_exit, struct scx_exit_info *info)
{
	bpf_probe_read_kernel_str(exit_reason, sizeof(exit_reason), info->reason);
	bpf_probe_read_kernel_str(exit_message, sizeof(exit_message), info->msg);
	exit_kind = info->kind;
}

SEC(".struct_ops.link")
struct sched_ext_ops storm_ops = {
	.select_cpu = (void *)storm_select_cpu,
	.enqueue = (void *)storm_enqueue,
	.dispatch = (void *)storm_dispatch,
	.init = (void *)storm_init,
	.exit = (void *)storm_exit,
	.flags = SCX_OPS_SWITCH_PARTIAL | SCX_OPS_ENQ_LAST,
	.timeout_ms = WATCHDOG_MS,
	.name = "oncpu_storm",
};

char _license[] SEC("license") = "GPL";
