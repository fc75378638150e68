/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A trace file record by record: what is in it, and nothing that was concluded from it.
 *
 * As text, for a person: a head of lines that begin with #, then a line a record in order of time
 * (at one instant by source, CPU, and as the ring had them):
 *      12.345678 cpu0 bpf SWITCH tid=100 flags=0x1 next_tid=101 prev_state=0x0 ...
 * Times are in milliseconds since the start of the recording.
 *
 * As JSON, for a program: an object a line, in the same order. Version 1:
 *   {"oncpu_dump":1,"complete":true,"command":"./a.out 7","kernel":"7.3.4","arch":"x86_64",
 *    "start_utc":"...","cpus":2,"target_tid":100,"start_ns":N,"end_ns":N,
 *    "exit_code":0 (-1: not known),"exit_signal":0}                       first
 *   {"task":{"tid":1,"tgid":1,"ppid":0,"comm":"init"}}                    alive at the start, by tid
 *   {"stream":{"source":"bpf","cpu":0,"records":N,"lost":N,"untimed":N}}  by source and CPU
 *   {"missed":{"source":"bpf","events":N}}                                where there are any
 *   {"time_ns":N,"source":"bpf","cpu":0,"type":"SWITCH","tid":100,"flags":0, and the payload's
 *    members, by the names that <oncpu/record.h> gives them}
 * Numbers are decimal; addresses and ids of 64 bits are strings, "0x7f00", since a reader may keep
 * numbers as doubles. Padding is left out. Members may be added; another meaning of one is another
 * version. A reader of trace files written elsewhere can be held against it, as
 * tests/host/read_trace.py is.
 */
#ifndef ONCPU_VIEW_DUMP_H
#define ONCPU_VIEW_DUMP_H

#include <stdbool.h>
#include <stdio.h>

#include "lib/trace.h"

/* source: 0 for all. 0 or -ENOMEM; whether f took it is for the caller to ask f. */
int dump_trace(FILE *f, const struct trace *t, enum trace_source source, bool json);

#endif
