/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Small traces written by hand: text in, .oncpu out. One statement a line, # begins a comment.
 *
 *   cpus 2                           command ./first_trace 7        target A
 *   start 0.000                      end 12.500                     exit 0 | signal 9
 *   incomplete                       lost cpu0 5 | lost 5           source module | bpf
 *   task A 100 100 1 first_trace     alive at the start: name tid tgid ppid comm; then, if known:
 *                                    "running cpu1", "runnable cpu1", "sleeping 0x7f00", "blocked"
 *   name B 101                       a name for a tid; a number is its own name, idle is 0
 *
 *   1.000 cpu0 switch A -> B S       state: R S D I T t X Z K or 0x102; P preempted, PS so too, Y yielded
 *                                    "... S in read 3 pipe", "... D iowait in pread64 3 file"
 *                                    "... S prio 90 120 ...": the kernel's, of both
 *   1.000 cpu0 waking B by A at 1    "by A hardirq", "by A softirq"; at: the CPU it slept on
 *   1.000 cpu0 new B by A at 1
 *   1.000 cpu0 migrate B 0 -> 1 by A
 *   1.000 cpu0 fork A -> B           a thread; "fork A -> B process" a process
 *   1.000 cpu0 exec A                "exec A from B": B was the thread that did it
 *   1.000 cpu0 exit A                1.000 cpu0 comm A worker 1
 *   1.000 cpu0 lock A 0xffff10       1.000 cpu0 unlock A 0xffff10
 *   1.000 cpu0 futex_wait A 0x7f00   "futex_wait A 0x7f00 owner B", "... value B", "... value 2 op 9"
 *   1.000 cpu0 futex_wait_end A      1.000 cpu0 futex_wake A 0x7f00    1.000 cpu0 futex_wake_end A 1
 *   1.000 cpu0 lost 5 since 0.500    a gap; "lost cpu0 5" are lost nobody knows when, "lost 5" nor where
 *   1.000 marks begin A fill         "end A fill", "point A token 7"   lost marks 5
 *   policy {"name":"rr"...}          META's "policy", with + for a space and ~ for a #
 *   1.000 decide B 2 8000 7 5        about B: queue (or "stay", "chosen", "nowhere"), slice in us, why, number
 *   1.000 cpu0 stack A 7             1.000 cpu0 words A B 1 0 0     beside that futex_wait
 *   symbols {"stacks":[...]}         the SYMBOLS chunk, without a space in it
 *
 * Times are milliseconds since the start of the recording, which is BUILDER_START_NS.
 */
#ifndef ONCPU_GOLDEN_BUILDER_H
#define ONCPU_GOLDEN_BUILDER_H

#include <stdio.h>

#include "lib/trace.h"

#define BUILDER_START_NS 1000000000ull

/* Both return 0 or -errno with a sentence in why. */
int builder_write(const char *text, const char *path, char *why, size_t why_size);
int builder_trace(struct trace **out, const char *text, char *why, size_t why_size);

/* The facts of a model, line by line, for a person to read and a test to compare. */
struct model;
void facts_print(FILE *f, const struct model *m);

#endif
