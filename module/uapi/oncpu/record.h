/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * THE record: what one recorder writes down about one event, in 32 bytes.
 *
 * Defined here once, for the module, the BPF probes and user space. Included
 * by all three, so it holds nothing but fixed-width types: no enum, bool or
 * pointer, no hole that is not spelled out. Byte order is the machine's.
 *
 * A new kind of event is a new row of ONCPU_RECORD_TABLE and, where it carries
 * something, a new member of the payload union. Ids are never reused.
 */
#ifndef ONCPU_RECORD_H
#define ONCPU_RECORD_H

#ifndef __VMLINUX_H__ /* BPF gets __u8..__u64 from vmlinux.h */
#include <linux/types.h>
#endif

#define ONCPU_COMM_LEN 16

/*
 * X(NAME, id, text): text is the kernel's own name of the event where it has
 * one. "Subject" is record.tid: the task on the CPU when it happened.
 *
 *   SWITCH          subject leaves the CPU, payload.sched_switch.next_tid comes
 *   WAKING          subject (or an interrupt above it) wakes payload.wake.tid
 *   WAKEUP_NEW      subject makes the just forked payload.wake.tid runnable
 *   MIGRATE         payload.migrate.tid moves to another CPU's run queue
 *   FORK            subject created payload.fork.tid
 *   EXEC            subject began a new program
 *   EXIT            subject ends
 *   COMM            subject, or a child not yet run, is now called payload.comm
 *   LOCK_BEGIN      subject starts to wait for a kernel lock
 *   LOCK_END        subject stopped waiting for it
 *   FUTEX_WAIT      subject enters a futex wait
 *   FUTEX_WAIT_END  ... and returns from it
 *   FUTEX_WAKE      subject enters a futex wake (or requeue)
 *   FUTEX_WAKE_END  ... and returns from it
 */
#define ONCPU_RECORD_TABLE(X)                   \
	X(SWITCH, 1, "sched_switch")            \
	X(WAKING, 2, "sched_waking")            \
	X(WAKEUP_NEW, 3, "sched_wakeup_new")    \
	X(MIGRATE, 4, "sched_migrate_task")     \
	X(FORK, 5, "sched_process_fork")        \
	X(EXEC, 6, "sched_process_exec")        \
	X(EXIT, 7, "sched_process_exit")        \
	X(COMM, 8, "task_rename")               \
	X(LOCK_BEGIN, 9, "contention_begin")    \
	X(LOCK_END, 10, "contention_end")       \
	X(FUTEX_WAIT, 11, "futex_wait")         \
	X(FUTEX_WAIT_END, 12, "futex_wait_end") \
	X(FUTEX_WAKE, 13, "futex_wake")         \
	X(FUTEX_WAKE_END, 14, "futex_wake_end")

#define ONCPU_RECORD_ID(name, id, text) ONCPU_##name = (id),
enum oncpu_record_type { /* the ids, as constants; on the wire: __u8 */
			 ONCPU_RECORD_TABLE(ONCPU_RECORD_ID) ONCPU_RECORD_TYPE_END
};
#undef ONCPU_RECORD_ID

/* record.flags of SWITCH */
#define ONCPU_SWITCH_PREEMPTED 0x01 /* off CPU against its will, still runnable */

/* record.flags of WAKING: who is behind it when it is not the subject */
#define ONCPU_WAKE_HARDIRQ 0x01
#define ONCPU_WAKE_SOFTIRQ 0x02

/* record.flags of FUTEX_*: the operation (FUTEX_WAIT, FUTEX_LOCK_PI...) and: */
#define ONCPU_FUTEX_CMD_MASK 0x1f
#define ONCPU_FUTEX_OWNER    0x20 /* payload.futex_wait.owner was read, may be 0 */
#define ONCPU_FUTEX_REALTIME 0x40
#define ONCPU_FUTEX_PRIVATE  0x80

struct oncpu_record {
	__u64 time_ns; /* CLOCK_MONOTONIC */
	__u32 tid;     /* the subject, as the initial pid namespace counts; 0 is idle */
	__u8 type;     /* a row of ONCPU_RECORD_TABLE; 0 is never written */
	__u8 flags;    /* per type, above */
	__u16 lap;     /* the ring's commit mark (ring.h); 0 in a trace file */
	union {
		struct {
			__u32 next_tid;
			__u32 prev_state; /* raw task state | exit state; 0: runnable */
			__u16 prev_prio;  /* kernel prio: 0-99 real time, 100-139 nice */
			__u16 next_prio;
			__u32 pad;
		} sched_switch;
		struct {
			__u32 tid;
			__u32 cpu; /* WAKING: where it slept; WAKEUP_NEW: where it will run */
			__u32 prio;
			__u32 pad;
		} wake;
		struct {
			__u32 tid;
			__u32 from_cpu;
			__u32 to_cpu;
			__u32 pad;
		} migrate;
		struct {
			__u32 tid;  /* the child */
			__u32 tgid; /* the child's process: its own tid, or the parent's tgid */
			__u32 parent_tgid;
			__u32 pad;
		} fork;
		struct {
			__u32 tgid;
			__u32 old_tid; /* another than tid if not the first thread did it */
			__u64 pad;
		} exec;
		struct {
			__u32 tgid;
			__u32 pad[3];
		} exit;
		struct {
			__u64 address;
			__u32 flags; /* LOCK_BEGIN: the kernel's LCB_F_* */
			__s32 ret;   /* LOCK_END: 0, or -errno where the wait was given up */
		} lock;
		struct {
			__u64 address; /* of the futex word, in the subject's memory */
			__u32 value;   /* the value it must still have for the wait to begin */
			__u32 owner;   /* tid that holds it; only with ONCPU_FUTEX_OWNER */
		} futex_wait;
		struct {
			__u64 address;
			__u32 nr; /* how many to wake at most */
			__u32 pad;
		} futex_wake;
		struct {
			__s32 ret; /* of the system call: -errno, or (wake) how many woke */
			__u32 pad[3];
		} futex_end;
		char comm[ONCPU_COMM_LEN];
		__u64 raw[2];
	};
};

#endif
