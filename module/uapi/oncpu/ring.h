/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * The ring: how records travel from a recorder to user space, without a lock
 * and without a copy. Module and BPF probes use the same layout, so that one
 * reader (user/record/ring.c) drains both.
 *
 * There is one ring a CPU. Only that CPU writes to it, but an interrupt may
 * write in the middle of another write; user space reads it at the same time.
 *
 *   struct oncpu_ring   control[nr_cpus];
 *   struct oncpu_record records[nr_cpus][nr_records];   nr_records = 1 << order
 *
 * Writer, on its own CPU:
 *   1. If head - tail >= nr_records: lost++ and done. A recorder never waits.
 *   2. Reserve: i = head, head = i + 1, in one cmpxchg (an interrupt may come between).
 *   3. Fill records[i % nr_records], then store its lap, with release order, last.
 * Reader:
 *   4. records[i % nr_records] is whole when its lap is ONCPU_LAP(i, order),
 *      loaded with acquire order. Then copy it, and only then store tail = i + 1.
 *
 * The lap tells this round's record from the one that lay there a round ago, so
 * nobody has to wipe the ring, and user space needs no write access to records.
 * It is never 0: a fresh, zeroed ring holds no whole record.
 */
#ifndef ONCPU_RING_H
#define ONCPU_RING_H

#include "record.h"

struct oncpu_ring {
	__u64 head; /* written by the recorder: records reserved since the start */
	__u64 lost; /* written by the recorder: records dropped since the start */
	__u64 pad0[6];
	__u64 tail; /* written by the reader: records consumed; own cache line */
	__u64 pad1[7];
};

#define ONCPU_LAP(index, order) ((__u16)(((((index) >> (order)) & 0x7fff) << 1) | 1))

#endif
