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
 *   2. If lost != told and there is room for two: told = lost, and write what was between them as
 *      a LOST record, by 3 and 4, ahead of the record in hand.
 *   3. Reserve: i = head, head = i + 1, in one cmpxchg (an interrupt may come between).
 *   4. Fill records[i % nr_records], then store its lap, with release order, last.
 * Reader:
 *   5. records[i % nr_records] is whole when its lap is ONCPU_LAP(i, order),
 *      loaded with acquire order. Then copy it, and only then store tail = i + 1.
 *   6. When the writer has stopped: what no LOST record has told of lost yet, and what was reserved
 *      but never became whole, is one more LOST record, with the time of the stop.
 *
 * Times are CLOCK_MONOTONIC, but a writer may use a cheaper clock and convert: then a record may be
 * some nanoseconds older than the one before it, and the reader lifts it to that one's time.
 *
 * So the LOST records of a CPU add up to what it lost, to the record. LOST.since_ns may be 0 where
 * writers got in each other's way: then it is the time of the record before it, which is early
 * enough in any case.
 *
 * The lap tells this round's record from the one that lay there a round ago, so
 * nobody has to wipe the ring, and user space needs no write access to records.
 * It is never 0: a fresh, zeroed ring holds no whole record.
 */
#ifndef ONCPU_RING_H
#define ONCPU_RING_H

#include "record.h"

struct oncpu_ring {
	/* written by the recorder, since the start: */
	__u64 head;	/* records reserved */
	__u64 lost;	/* records dropped */
	__u64 told;	/* ... of which so many were told of by LOST records */
	__u64 since_ns; /* when the first of those not told of was dropped; 0: none, or not known */
	__u64 pad0[4];
	__u64 tail; /* written by the reader: records consumed; own cache line */
	__u64 pad1[7];
};

#define ONCPU_LAP(index, order) ((__u16)(((((index) >> (order)) & 0x7fff) << 1) | 1))

#endif
