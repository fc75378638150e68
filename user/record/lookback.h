/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A recording that is not written but kept in memory for a while (history.h), shown to somebody who
 * looks on, and saved as a trace when that is wanted: what is behind oncpu live.
 */
#ifndef ONCPU_RECORD_LOOKBACK_H
#define ONCPU_RECORD_LOOKBACK_H

#include "record/history.h"
#include "record/session.h"

struct lookback_cpu { /* records whose turn in the order of time has not come */
	struct oncpu_record *waiting;
	size_t n, room;
	bool more; /* its ring holds more than could be drained */
};

struct lookback {
	struct history history;
	struct session_parts parts;
	struct lookback_cpu *cpus;
	uint64_t drained_ns; /* all until then is in the history */
	uint64_t nr_lost;    /* since the start, until then */
	/* Who looks on is shown every record, in order of time. */
	void (*see)(void *arg, unsigned int cpu, const struct oncpu_record *r);
	void *arg;
	int err;
};

/*
 * The session runs now. Of the tasks that are alive those of the processes pids, and of what they
 * started, are the target. 0 or -errno; lookback_end() it in any case.
 */
int lookback_begin(struct lookback *b, const struct session_parts *parts, uint64_t span_ns,
		   size_t most_bytes);
void lookback_end(struct lookback *b);

/* The session's put and drained. */
void lookback_put(struct lookback *b, enum trace_source source, unsigned int cpu,
		  const struct oncpu_record *r, uint32_t n);
void lookback_drained(struct lookback *b, uint64_t until_ns);

/*
 * Saves what is kept as a trace: all that path held is gone. 0, or -errno, and then what path
 * holds is no whole trace.
 */
int lookback_save(struct lookback *b, const char *path);

#endif
