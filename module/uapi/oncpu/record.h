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
 * X(NAME, id, CLASS, text): text is the kernel's own name of the event where it has one. CLASS is
 * what a user chooses by (ONCPU_CLASS_TABLE). "Subject" is record.tid: the task on the CPU when it
 * happened.
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
 *   LOST            the ring was full: so many records were dropped since payload.lost.since_ns
 *   FAULT           subject touches a page that is not there, from user space
 *   IRQ, IRQ_END    an interrupt handler runs above subject
 *   SOFTIRQ, _END   likewise; where the softirq runs in ksoftirqd, that is the subject
 *   IPI             subject's CPU interrupts payload.ipi.cpu
 *   IDLE            this CPU enters an idle state, or leaves it (state ONCPU_IDLE_LEAVE)
 *   SYSCALL, _END   subject enters a system call, and leaves it
 *   URING_SUBMIT    subject hands a request to io_uring; flags: its opcode
 *   URING_ASYNC     ... and it goes to a worker thread, since it would have blocked
 *   URING_COMPLETE  a request is done, its completion was posted
 *   URING_WAIT      subject waits for completions
 *   BLOCK_ISSUE     a request goes to a block device
 *   BLOCK_COMPLETE  ... and is done
 *   SIGNAL          subject sends payload.signal.nr to payload.signal.tid
 *   SIGNAL_DELIVER  subject takes payload.signal.nr: by its handler, or by the default
 *   PI_SETPRIO      payload.pi.tid inherits, or gives back, a priority
 *   LOCK_RELEASE    subject releases a kernel lock that others wait for
 *   STACK, FRAMES   where subject was when it wrote its record before this one (see "Stacks")
 *   COUNTER         the counters of this CPU, at the SWITCH before it
 *   MARK_*          subject's program says so (oncpu/mark.h)
 *   ULOCK_*         subject calls into libc for a lock (of kind COND: which the wait for a condition
 *                   has released, and takes again); has it (nobody writes that yet); and releases it
 *   FUTEX_WORDS     what stood beside the futex word when subject's FUTEX_WAIT before this began
 *   DECISION        a scheduler of ours decided about payload.decision.tid (bpf/sched/)
 *
 * Stacks: STACK says how many entries, FRAMES carry them, two each; they follow STACK on the same
 * CPU, once an id. First come the kernel's return addresses, innermost first. Then what it takes to
 * unwind the user's stack later: its instruction, stack and frame pointer, and of the stack's top
 * ONCPU_STACK_WORDS words those that can be addresses: place << ONCPU_STACK_SHIFT | word.
 */
#define ONCPU_RECORD_TABLE(X)                                  \
	X(SWITCH, 1, SCHED, "sched_switch")                    \
	X(WAKING, 2, SCHED, "sched_waking")                    \
	X(WAKEUP_NEW, 3, SCHED, "sched_wakeup_new")            \
	X(MIGRATE, 4, SCHED, "sched_migrate_task")             \
	X(FORK, 5, TASK, "sched_process_fork")                 \
	X(EXEC, 6, TASK, "sched_process_exec")                 \
	X(EXIT, 7, TASK, "sched_process_exit")                 \
	X(COMM, 8, TASK, "task_rename")                        \
	X(LOCK_BEGIN, 9, LOCK, "contention_begin")             \
	X(LOCK_END, 10, LOCK, "contention_end")                \
	X(FUTEX_WAIT, 11, FUTEX, "futex_wait")                 \
	X(FUTEX_WAIT_END, 12, FUTEX, "futex_wait_end")         \
	X(FUTEX_WAKE, 13, FUTEX, "futex_wake")                 \
	X(FUTEX_WAKE_END, 14, FUTEX, "futex_wake_end")         \
	X(LOST, 15, SCHED, "lost")                             \
	X(FAULT, 16, FAULT, "page_fault_user")                 \
	X(IRQ, 17, IRQ, "irq_handler_entry")                   \
	X(IRQ_END, 18, IRQ, "irq_handler_exit")                \
	X(SOFTIRQ, 19, IRQ, "softirq_entry")                   \
	X(SOFTIRQ_END, 20, IRQ, "softirq_exit")                \
	X(IPI, 21, IPI, "ipi_send_cpu")                        \
	X(IDLE, 22, IDLE, "cpu_idle")                          \
	X(SYSCALL, 23, SYSCALL, "sys_enter")                   \
	X(SYSCALL_END, 24, SYSCALL, "sys_exit")                \
	X(URING_SUBMIT, 25, URING, "io_uring_submit_req")      \
	X(URING_ASYNC, 26, URING, "io_uring_queue_async_work") \
	X(URING_COMPLETE, 27, URING, "io_uring_complete")      \
	X(URING_WAIT, 28, URING, "io_uring_cqring_wait")       \
	X(BLOCK_ISSUE, 29, BLOCK, "block_rq_issue")            \
	X(BLOCK_COMPLETE, 30, BLOCK, "block_rq_complete")      \
	X(SIGNAL, 31, SIGNAL, "signal_generate")               \
	X(SIGNAL_DELIVER, 32, SIGNAL, "signal_deliver")        \
	X(PI_SETPRIO, 33, SCHED, "sched_pi_setprio")           \
	X(LOCK_RELEASE, 34, LOCK, "contended_release")         \
	X(STACK, 35, STACK, "stack")                           \
	X(FRAMES, 36, STACK, "frames")                         \
	X(COUNTER, 37, COUNTER, "counter")                     \
	X(MARK_BEGIN, 38, MARK, "mark_begin")                  \
	X(MARK_END, 39, MARK, "mark_end")                      \
	X(MARK_POINT, 40, MARK, "mark_point")                  \
	X(ULOCK_WAIT, 41, ULOCK, "lock_wait")                  \
	X(ULOCK_GOT, 42, ULOCK, "lock_got")                    \
	X(ULOCK_RELEASE, 43, ULOCK, "lock_release")            \
	X(FUTEX_WORDS, 44, FUTEX, "futex_words")               \
	X(DECISION, 45, POLICY, "decision")

/*
 * X(CLASS, id, text, default): the groups of events that "record --events" knows by text, and
 * whether they are recorded where nothing else is asked for.
 */
#define ONCPU_CLASS_TABLE(X)         \
	X(SCHED, 0, "sched", 1)      \
	X(TASK, 1, "task", 1)        \
	X(LOCK, 2, "lock", 1)        \
	X(FUTEX, 3, "futex", 1)      \
	X(FAULT, 4, "fault", 0)      \
	X(IRQ, 5, "irq", 0)          \
	X(IPI, 6, "ipi", 0)          \
	X(IDLE, 7, "idle", 0)        \
	X(SYSCALL, 8, "syscall", 0)  \
	X(URING, 9, "uring", 1)      \
	X(BLOCK, 10, "block", 1)     \
	X(SIGNAL, 11, "signal", 1)   \
	X(STACK, 12, "stack", 0)     \
	X(COUNTER, 13, "counter", 0) \
	X(MARK, 14, "mark", 1)       \
	X(ULOCK, 15, "ulock", 0)     \
	X(POLICY, 16, "policy", 1)

#define ONCPU_RECORD_ID(name, id, class, text) ONCPU_##name = (id),
enum oncpu_record_type { /* the ids, as constants; on the wire: __u8 */
			 ONCPU_RECORD_TABLE(ONCPU_RECORD_ID) ONCPU_RECORD_TYPE_END
};
#undef ONCPU_RECORD_ID

#define ONCPU_CLASS_ID(name, id, text, on) ONCPU_CLASS_##name = (id),
enum oncpu_class { ONCPU_CLASS_TABLE(ONCPU_CLASS_ID) ONCPU_CLASS_END };
#undef ONCPU_CLASS_ID

/* record.flags of SWITCH */
#define ONCPU_SWITCH_PREEMPTED	0x01 /* off CPU against its will, still runnable */
#define ONCPU_SWITCH_IOWAIT	0x02 /* waits for I/O, as the kernel accounts it */
#define ONCPU_SWITCH_YIELDED	0x04 /* off CPU by its own sched_yield(), still runnable */
#define ONCPU_SWITCH_FILE_SHIFT 4    /* flags >> 4: kind of .fd's file, its S_IFMT >> 12; 0: none */
#define ONCPU_SWITCH_FILE_ANON	15 /* ... and of a file without a kind: epoll, eventfd, timerfd... */

/* record.flags of WAKING: who is behind it when it is not the subject */
#define ONCPU_WAKE_HARDIRQ 0x01
#define ONCPU_WAKE_SOFTIRQ 0x02

/* record.flags of FUTEX_*: the operation (FUTEX_WAIT, FUTEX_LOCK_PI...) and: */
#define ONCPU_FUTEX_CMD_MASK 0x1f
#define ONCPU_FUTEX_OWNER    0x20 /* payload.futex_wait.owner was read, may be 0 */
#define ONCPU_FUTEX_REALTIME 0x40
#define ONCPU_FUTEX_PRIVATE  0x80

#define ONCPU_IPI_MANY	     0xffffffffu
#define ONCPU_IDLE_LEAVE     0xffffffffu

/* record.flags of ULOCK_*: what is locked, as pthread calls it; the high bit: shared (a reader) */
#define ONCPU_ULOCK_MUTEX      1
#define ONCPU_ULOCK_RWLOCK     2
#define ONCPU_ULOCK_COND       3
#define ONCPU_ULOCK_SEM	       4
#define ONCPU_ULOCK_BARRIER    5
#define ONCPU_ULOCK_JOIN       6
#define ONCPU_ULOCK_SPINLOCK   7
#define ONCPU_ULOCK_ONCE       8
#define ONCPU_ULOCK_SHARED     0x80

#define ONCPU_STACK_SHIFT      48   /* of FRAMES' user entries; user addresses are below */
#define ONCPU_STACK_WORDS      256  /* how much of a user stack is looked at */
#define ONCPU_STACK_USER       0x01 /* what a recorder is asked for */
#define ONCPU_STACK_KERNEL     0x02

#define ONCPU_DECISION_CHOSEN  0xfffdu	   /* as its queue: out of that, onto a CPU */
#define ONCPU_DECISION_NOWHERE 0xfffeu	   /* in none, and so forgotten */
#define ONCPU_DECISION_STAY    0xffffu	   /* it keeps its CPU */
#define ONCPU_DECISION_NO_END  0xffffffffu /* as its slice */

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
			__u8 prev_prio; /* kernel prio: 0-99 real time, 100-139 nice, 255 deadline */
			__u8 next_prio;
			__s16 syscall; /* subject goes to sleep in this system call; -1: in none, or
					* it does not go to sleep */
			__u32 fd; /* the file descriptor that the call is about, if flags tell a kind */
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
		__u32 futex_words[4]; /* at 8, 12, 16 and 24 bytes after the futex word */
		struct {
			__u64 address;
			__u32 nr; /* how many to wake at most */
			__u32 pad;
		} futex_wake;
		struct {
			__s32 ret; /* of the system call: -errno, or (wake) how many woke */
			__u32 pad[3];
		} futex_end;
		struct {
			__u64 nr;
			__u64 since_ns; /* the first of them; record.time_ns: after the last */
		} lost;
		struct {
			__u64 address;
			__u64 ip;
		} fault;
		struct {
			__u32 nr;  /* IRQ: the line; SOFTIRQ: the vector */
			__s32 ret; /* IRQ_END: 0 not mine, 1 handled */
			__u64 pad;
		} irq;
		struct {
			__u32 cpu;    /* the one that is interrupted; ONCPU_IPI_MANY: several */
			__u32 nr;     /* of CPUs */
			__u64 caller; /* address in the kernel that asked for it */
		} ipi;
		struct {
			__u32 state; /* of the governor's table; ONCPU_IDLE_LEAVE */
			__u32 pad[3];
		} idle;
		struct {
			__s32 nr;
			__u32 pad;
			__u64 arg0; /* SYSCALL: the first argument; SYSCALL_END: what it returned */
		} syscall;
		struct {
			__u64 user_data; /* the program's own name for the request */
			__u32 ring;	 /* which ring: same number, same ring, in one recording */
			__s32 res; /* URING_COMPLETE: the result; URING_WAIT: how many it wants */
		} uring;
		struct {
			__u64 sector;
			__u32 dev;   /* as the kernel has it: major << 20 | minor */
			__u32 bytes; /* BLOCK_COMPLETE: that were done */
		} block;
		struct {
			__u32 tid; /* SIGNAL: a thread of the receiver; DELIVER: the subject */
			__s32 nr;
			__s32 code;   /* SI_USER, SI_KERNEL... */
			__u32 result; /* SIGNAL: TRACE_SIGNAL_*: 0 delivered, 1 ignored... */
		} signal;
		struct {
			__u32 tid;
			__u32 donor; /* the waiter whose priority it is; 0: given back */
			__u8 old_prio;
			__u8 new_prio;
			__u8 pad[6];
		} pi;
		struct {
			__u64 id; /* same id, same frames; ONCPU_FRAMES are written once an id */
			__u16 nr_user; /* entries: the kernel's come before the user's */
			__u16 nr_kernel;
			__u32 pad;
		} stack;
		__u64 frames[2]; /* flags: how many pairs of the stack's entries come before */
		__u64 counter
			[2]; /* flags: index of the first one; as META's "counters" names them */
		struct {
			__u32 name; /* index of the names in MARKS chunks */
			__u32 pad;
			__u64 value; /* the program's own */
		} mark;
		struct {
			__u64 address; /* of the lock object, in the subject's memory */
			__u64 caller;  /* where the call returns to; 0: not known */
		} ulock;	       /* flags: ONCPU_ULOCK_*: what kind of object */
		struct {
			__u32 tid;
			__u16 queue;	/* the policy's own number, or an ONCPU_DECISION_* */
			__u16 why;	/* id of a text in META's "policy" */
			__u32 slice_us; /* how long it may keep its CPU; ONCPU_DECISION_NO_END */
			__u32 number;	/* what the text's # stands for */
		} decision;
		char comm[ONCPU_COMM_LEN];
		__u64 raw[2];
	};
};

#endif
