/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The model for other people's tools. All return 0 or -errno (-ENOMEM, or what writing to f said).
 */
#ifndef ONCPU_VIEW_EXPORT_H
#define ONCPU_VIEW_EXPORT_H

#include <stdio.h>

#include "model/model.h"

/*
 * For ui.perfetto.dev, trace_processor and BigTrace: a protobuf trace of the recording's clock, with
 * sched_switch, sched_waking and sched_wakeup_new, the process tree, and the waits of the command's
 * threads as slices with their sentence; tracks of their own for what the threads marked, for what a
 * scheduler of ours decided about them, and for where records of a CPU were lost.
 */
int view_perfetto(FILE *f, const struct model *m);

/*
 * Chrome's trace event JSON, for chrome://tracing, speedscope and others: complete events ("X") for
 * what each thread of the command did, flow events for wake-ups, async events ("b", "e") and
 * instants ("i") of category "mark" for marks, "decision" for what a scheduler of ours decided, and of
 * category "lost" in process 0 where records were lost; ts and dur are microseconds from the start of the command.
 */
int view_chrome(FILE *f, const struct model *m);

/*
 * One line an interval of every thread, for a notebook, with a head line of names. Times are ns from
 * the start of the command; what is unknown or does not apply is empty. Then, told by the state: "lost", a
 * line for each gap of a CPU, with how many in waited_for, and "mark", a line for each mark, with its name
 * in waited_for and "interval", "point", "begin" or "end" (alone) as its cause; and "decision", one for each
 * that a scheduler of ours made, in words in waited_for, and "queue 2" as its cause.
 */
int view_csv(FILE *f, const struct model *m);

#endif
