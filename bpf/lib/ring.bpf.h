/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The BPF side of the rings of <oncpu/ring.h>: two arrays that user space maps, and the writer.
 *
 * A probe is not attached twice on one CPU at a time, but an interrupt or, where the kernel leaves
 * preemption on, another task can run another probe in the middle of one: hence the cmpxchg.
 */
#ifndef ONCPU_BPF_LIB_RING_H
#define ONCPU_BPF_LIB_RING_H

#include <oncpu/record.h>
#include <oncpu/ring.h>

/*
 * Writes one record: time_ns and lap are filled in here, the rest is the caller's. What finds no
 * room is counted as lost.
 */
void ring_write(struct oncpu_record *record);

#endif
