// SPDX-License-Identifier: GPL-2.0
/*
 * Storm: a scheduler that is unfair on purpose, to show what an order of events that is possible, but
 * rare, does to a program.
 *
 * A task that comes to the queue (new, woken, taken off its CPU) is either ready or held. The held wait
 * until their time has come, then go first: whoever was meant to be early is late. The ready go by
 * priority, a hash of their number and the era. Nothing is kept for a task, so it costs no memory.
 *
 * Two things take a task off its CPU. A timer of random intervals does, wherever in its code it is; it
 * begins new eras, too, in which all priorities are drawn anew. And a task is stalled, that is taken off and
 * held, before one of its system calls or after: there processes touch what they have in common.
 * Both only while the target is two tasks or more, and as often as the loader says, who knows from a calm
 * run how many system calls and how much time that is. So one of the few that matter is met soon.
 *
 * Only nr_open CPUs are open to the target at a time, others in each era, so a task that is bound to one
 * has its turn. Where that is a single one, the highest priority alone runs, as in PCT.
 *
 * All chance is a hash of the seed and how many draws there were before. The order in which CPUs draw is
 * not under our control, nor is anything that the target does: the same seed is the same weather, not
 * the same run.
 */
#include "sched/ext.bpf.h"

#define TICK_MIN_NS 20000
#define SLICE_NS    1000000 /* it is the timer that ends one, mostly */
#define WATCHDOG_MS 20000   /* the kernel throws us out if a task waits so long */
#define MAX_CPUS    1024

enum { READY, HELD };			 /* queues */
enum { NEW, WOKEN, TAKEN_OFF, NR_WAYS }; /* to come to the queue */

/* The weather, which the loader makes while nobody is scheduled. Chances are of 65536. */
__u64 seed;
__u64 tick_max_ns = 1000000; /* between two looks of the timer */
__u32 ticks_in_era = 16;     /* on average */
__u32 nr_open = 1;
__u32 stalled; /* at a system call */
__u32 held[NR_WAYS];
__u64 hold_max_ns;
__s64 hold_left_ns; /* in all: a program must not seem to hang because of us */

/* What came of it. */
__s32 nr_tasks;		   /* of the target, now */
__u64 nr_calls, shared_ns; /* while they were two or more: ends of system calls, time */
__u64 nr_draws, nr_queued, nr_held, nr_stalled, nr_eras;

static __u64 shared_since_ns;
static __u32 first_open;
static __u32 to_stall[MAX_CPUS]; /* task, taken off this CPU to be held */

struct timer {
	struct bpf_timer timer;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct timer);
} timers SEC(".maps");

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

static __u32 draw_open(void)
{
	__u32 nr_cpus = scx_bpf_nr_cpu_ids();

	return (first_open + draw(nr_open < nr_cpus ? nr_open : nr_cpus)) % nr_cpus;
}

static bool is_open(__s32 cpu)
{
	__u32 nr_cpus = scx_bpf_nr_cpu_ids();

	return (cpu + nr_cpus - first_open) % nr_cpus < nr_open;
}

static int way_of(const struct task_struct *p, __u64 enq_flags)
{
	if (enq_flags & SCX_ENQ_WAKEUP)
		return WOKEN;
	return p->nvcsw + p->nivcsw ? TAKEN_OFF : NEW;
}

static bool is_stalled(const struct task_struct *p)
{
	__u32 *tid = &to_stall[bpf_get_smp_processor_id() % MAX_CPUS];
	bool yes = *tid == p->pid;

	if (yes)
		*tid = 0;
	return yes;
}

static __u64 hold_ns(const struct task_struct *p, int way)
{
	__u64 ns;

	if (!is_stalled(p) && draw(65536) >= held[way])
		return 0;
	if (nr_tasks < 2 || hold_left_ns < 0)
		return 0;
	ns = draw(hold_max_ns >> draw(2)) + 1;
	__sync_fetch_and_add(&hold_left_ns, -ns);
	__sync_fetch_and_add(&nr_held, 1);
	return ns;
}

s32 POLICY_CALL(storm_select_cpu, struct task_struct *p, s32 prev_cpu, u64 wake_flags)
{
	__u32 cpu = draw_open();

	return bpf_cpumask_test_cpu(cpu, p->cpus_ptr) ? (s32)cpu : prev_cpu;
}

void POLICY_CALL(storm_enqueue, struct task_struct *p, u64 enq_flags)
{
	__u64 ns = hold_ns(p, way_of(p, enq_flags));

	__sync_fetch_and_add(&nr_queued, 1);
	if (ns) {
		scx_bpf_dsq_insert_vtime(p, HELD, SLICE_NS, scx_bpf_now() + ns, enq_flags);
		return;
	}
	scx_bpf_dsq_insert_vtime(p, READY, SLICE_NS, priority(p), enq_flags);
	scx_bpf_kick_cpu(draw_open(), draw(2) ? SCX_KICK_IDLE : SCX_KICK_PREEMPT);
}

static bool first_is_due(void)
{
	struct task_struct *p;
	bool due = false;

	bpf_for_each(scx_dsq, p, HELD, 0) {
		due = p->scx.dsq_vtime <= scx_bpf_now();
		break;
	}
	return due;
}

/* Two CPUs may see the same one due, and the second takes the next one early: that is weather, too. */
void POLICY_CALL(storm_dispatch, s32 cpu, struct task_struct *prev)
{
	if (!is_open(cpu))
		return;
	if (!first_is_due() || !scx_bpf_dsq_move_to_local(HELD))
		scx_bpf_dsq_move_to_local(READY);
}

/* Given to us, or forked by one that is ours: before it comes to the queue. */
void POLICY_CALL(storm_enable, struct task_struct *p)
{
	if (__sync_fetch_and_add(&nr_tasks, 1) == 1)
		shared_since_ns = scx_bpf_now();
}

static void at_call(void)
{
	const struct task_struct *p = bpf_get_current_task_btf();
	__u32 cpu = bpf_get_smp_processor_id();

	if (p->policy != SCHED_EXT || nr_tasks < 2)
		return;
	__sync_fetch_and_add(&nr_calls, 1);
	if (draw(65536) >= stalled)
		return;
	__sync_fetch_and_add(&nr_stalled, 1);
	to_stall[cpu % MAX_CPUS] = p->pid;
	scx_bpf_kick_cpu(cpu, SCX_KICK_PREEMPT);
}

SEC("tp_btf/sys_enter")
int BPF_PROG(storm_call_begins)
{
	at_call();
	return 0;
}

SEC("tp_btf/sys_exit")
int BPF_PROG(storm_call_ends)
{
	at_call();
	return 0;
}

SEC("tp_btf/sched_process_exit")
int BPF_PROG(storm_task_ends, struct task_struct *p)
{
	if (p->policy == SCHED_EXT && __sync_fetch_and_add(&nr_tasks, -1) == 2)
		shared_ns += scx_bpf_now() - shared_since_ns;
	return 0;
}

/* Idle CPUs are woken for what waits; this is also who ends a hold. */
static int tick(void *map, __u32 *key, struct timer *t)
{
	bool wanted = scx_bpf_dsq_nr_queued(READY) > 0 || scx_bpf_dsq_nr_queued(HELD) > 0;
	__u32 nr_cpus = scx_bpf_nr_cpu_ids(), victim, cpu;
	bool new_era = !draw(ticks_in_era);

	if (new_era) {
		nr_eras++;
		first_open = draw(nr_cpus);
	}
	victim = draw_open();
	bpf_for(cpu, 0, nr_cpus) {
		if (new_era || cpu == victim)
			scx_bpf_kick_cpu(cpu, SCX_KICK_PREEMPT);
		else if (wanted && is_open(cpu))
			scx_bpf_kick_cpu(cpu, SCX_KICK_IDLE);
	}
	bpf_timer_start(&t->timer, TICK_MIN_NS + draw(tick_max_ns), 0);
	return 0;
}

s32 POLICY_SETUP(storm_init)
{
	__u32 key = 0;
	struct timer *t = bpf_map_lookup_elem(&timers, &key);
	int err = scx_bpf_create_dsq(READY, -1);

	if (!err)
		err = scx_bpf_create_dsq(HELD, -1);
	if (err || !t)
		return err ?: -1;
	bpf_timer_init(&t->timer, &timers, 1 /* CLOCK_MONOTONIC */);
	bpf_timer_set_callback(&t->timer, tick);
	return bpf_timer_start(&t->timer, TICK_MIN_NS, 0);
}

SEC(".struct_ops.link")
struct sched_ext_ops storm_ops = {
	.select_cpu = (void *)storm_select_cpu,
	.enqueue = (void *)storm_enqueue,
	.dispatch = (void *)storm_dispatch,
	.enable = (void *)storm_enable,
	.init = (void *)storm_init,
	.exit = (void *)policy_exit,
	/* A stall begins inside of our own program, which must not change its CPU. */
	.flags = SCX_OPS_SWITCH_PARTIAL | SCX_OPS_ENQ_LAST | SCX_OPS_ENQ_MIGRATION_DISABLED,
	.timeout_ms = WATCHDOG_MS,
	.name = "oncpu_storm",
};

char _license[] SEC("license") = "GPL";
