/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * What a call on a futex is to a recorder: a wait or a wake, and the flags of its record. Both
 * recorders ask here, so both tell the same.
 *
 * A BPF program has no <linux/futex.h>, whose structs its vmlinux.h has already: the numbers are
 * here, and are the ABI's.
 */
#ifndef ONCPU_FUTEX_H
#define ONCPU_FUTEX_H

#include <oncpu/record.h>

#ifndef FUTEX_WAIT
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
#endif

struct oncpu_futex_call {
	__u8 type; /* ONCPU_FUTEX_WAIT, ONCPU_FUTEX_WAKE; 0: neither */
	__u8 flags;
};

/* futex(word, op, ...) */
static inline struct oncpu_futex_call oncpu_futex_op(unsigned int op)
{
	struct oncpu_futex_call c = {
		.flags = (op & ONCPU_FUTEX_CMD_MASK) |
			 (op & FUTEX_PRIVATE_FLAG ? ONCPU_FUTEX_PRIVATE : 0) |
			 (op & FUTEX_CLOCK_REALTIME ? ONCPU_FUTEX_REALTIME : 0),
	};

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
	return c;
}

/* The newer calls know one operation each; flags2 is their argument that says private, or 0. */
static inline struct oncpu_futex_call oncpu_futex_new(__u8 type, __u8 op, unsigned long flags2)
{
	return (struct oncpu_futex_call){
		.type = type,
		.flags = op | (flags2 & FUTEX_PRIVATE_FLAG ? ONCPU_FUTEX_PRIVATE : 0),
	};
}

#endif
