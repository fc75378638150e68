/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One screen about a trace, for a person or a program.
 *
 * The JSON, version 1. Times are ns. start_ns and end_ns count from the start of the command, so
 * what was before it is negative; sums are over the time from its start to its end.
 *   {"oncpu_report":1, "command":"./a.out", "source":"bpf", "records":N, "lost":N,
 *    "lost_untimed":N of them nobody knows when, "blind_ns":within gaps,
 *    "finished":true if the file is whole, "complete":true if nothing was lost either,
 *    "conclusive":false where what is said below may be wrong for that: no verdict may rest on it,
 *    "duration_ns":N, "recording":{"start_ns":-N, "end_ns":N},
 *    "exit":{"code":0} or {"signal":9} or null,
 *    "parallel":{"peak":2, "ns":[with 0 threads running, with 1, ... up to peak; 16: and more]},
 *    "threads":[{"tid","tgid","parent","comm","start_ns","end_ns","ran_ns","runnable_ns",
 *                "slept_ns","blocked_ns","stopped_ns","unknown_ns","voluntary","involuntary",
 *                "migrations","wakeups","latency_max_ns"; with --counters "counted":{"page-faults":N,
 *                ...}}...]                                           the target's, by tid
 *    "others":{"threads":N, "ran_ns":N},
 *    "cpus":[{"cpu","lost","target_ns","others_ns","idle_ns","unknown_ns"}...]
 *    "gaps":[{"cpu","start_ns","end_ns","lost"}...]   records of that CPU lost, by start
 *    "longest_waits":[{"tid","start_ns","end_ns","state","cause","cpu","waker","waker_irq",
 *                      "instead","owner","address","open","lock_kind","lock_name","function",
 *                      "place","sentence"}...]       address: "0x7f00"; place: "queue.c:42";
 *                      a tid of 0, a cpu of -1 and a text of "": none or unknown
 *    "locks":[{"tgid","address","kind","name","first","waits","wait_ns","longest_ns","holder",
 *              "holders","handoffs","handoff_ns","handoff_max_ns","futile","most_waiting",
 *              "queue_ns","queue_start_ns"}...]      what was waited for in user space, the longest first; kind:
 *              "mutex", "rwlock", "condition", "semaphore", "barrier", "join", "spinlock",
 *              "once", or "futex" where it is not known; first: the place of the first wait;
 *              holder: who held it for most of that time, of so many; handoffs: waits that a task
 *              ended, handoff_ns from there until the waiter ran, in all and at most; futile: of
 *              those, waiters of a mutex who found it taken again; most_waiting: at one instant;
 *              queue_ns: the longest time that two and more waited, from queue_start_ns
 *    where the program marked: "marks_lost":N, "marks":[{"name","intervals","points","no_end",
 *                      "no_begin","total_ns","longest_ns","off_cpu_ns"}...]   most time first
 *    "wakers":[{"tid":0 for interrupts, "comm","wakeups"}...]           most first
 *    "findings":[{"kind","start_ns","end_ns","tid","interval_ns","others":[tid...],"nr","ns",
 *                 "sentence"}...]     model/findings.h: tid shows it best, in its interval then
 *    "critical_path":{"ran_ns","runnable_ns","waited_ns","unknown_ns": these add up to duration_ns,
 *              "steps","handovers","shares":[{"tid","state","cause","ns","times"}...]}
 *              model/path.h; shares: the most first; state: "running", "runnable", "waiting",
 *              "stopped" or "unknown"; tid 0: nobody known
 *   }
 * Members may be added; another meaning of one is another version.
 */
#ifndef ONCPU_VIEW_REPORT_H
#define ONCPU_VIEW_REPORT_H

#include <stdbool.h>
#include <stdio.h>

#include "model/summary.h"

/* Both 0 or -ENOMEM; whether f took it is for the caller to ask f. */
int report_text(FILE *f, const struct trace *t, const struct model *m, bool colour);
int report_json(FILE *f, const struct trace *t, const struct model *m);
/* The first look: who ran, wanted a CPU and slept, what stands out, and the longest waits. */
int report_brief(FILE *f, const struct trace *t, const struct model *m, bool colour);

/* Why a thread was off its CPU in an interval: the causal sentence, then link by link with times. */
void report_why(FILE *f, const struct model *m, const struct thread *t, const struct interval *i);

#endif
