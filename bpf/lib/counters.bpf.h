/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The counters of this CPU: user space opens them and puts them into the map (record/counters.h).
 */
#ifndef ONCPU_BPF_LIB_COUNTERS_H
#define ONCPU_BPF_LIB_COUNTERS_H

#include "probe.bpf.h"

/* Writes COUNTER records: right after the SWITCH that they belong to, by which tid leaves. */
void counters_write(__u32 tid);

#endif
