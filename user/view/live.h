/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The picture of what happens now: lanes of CPUs and threads that scroll, kept record by record. A
 * lane is a ring of slices of time, one a column, and a record is accounted to the slices it ends a
 * state in: so a frame costs the screen, whatever was recorded, and nothing is gone over again.
 * Knows no clock, no recorder, no terminal: whoever calls tells the time, and shows the frame.
 */
#ifndef ONCPU_VIEW_LIVE_H
#define ONCPU_VIEW_LIVE_H

#include "model/now.h"
#include "view/cells.h"
#include "view/text.h"

#define LIVE_RIVALS 4 /* threads of which one slice of a CPU's knows how long they ran there */

struct live_slice {	 /* of a thread */
	uint64_t number; /* of the slice, since the clock began: another one's are old */
	uint32_t ns[NR_KINDS];
};

struct live_lane {		   /* a thread that did something in the window */
	struct now_thread *thread; /* NULL: it has ended */
	uint32_t tid;
	char comm[ONCPU_COMM_LEN];
	bool target, shown;
	size_t ordinal; /* its letter and colour, once it was shown */
	bool has_ordinal;
	uint64_t accounted_ns; /* until then */
	uint64_t busy_ns;      /* in the window: it ran, wanted to, or waited for a lock */
	uint64_t lock_ns;      /* ... the latter */
	struct live_slice *slices;
};

struct live_place { /* a slice of a CPU */
	uint64_t number;
	uint32_t idle_ns, queued; /* queued: the most that were at once */
	bool lost;
	struct {
		uint32_t tid, ns;
	} rivals[LIVE_RIVALS];
};

struct live_cpu {
	uint64_t accounted_ns;
	struct live_place *slices;
};

struct live_sums { /* integrals: of a stretch of time they are means of what was at once */
	uint64_t time_ns, running_ns, runnable_ns, lock_ns;
	uint64_t nr_switches, nr_lost;
};

struct live {
	struct now now;
	uint64_t start_ns; /* nothing is known of before */
	uint64_t time_ns;  /* everything until then is accounted */
	uint64_t window_ns, slice_ns;
	unsigned int columns;
	uint32_t hidden;	  /* a tid that counts as idle: the recorder's; 0: none */
	struct live_lane **lanes; /* as they came */
	size_t nr_lanes, room;
	struct live_cpu *cpus;
	struct live_sums sums, second; /* since the start; at the beginning of the last second */
	struct live_sums rates;	       /* of the last whole second */
	int err;
};

#define LIVE_MIN_HEIGHT 12

struct live_frame { /* what a frame says besides */
	struct view_term_options o;
	unsigned int height;
	const char *what, *source; /* who is recorded, by what */
	const char *note;	   /* a line for a person; "": nothing to say */
	const char *output;	   /* the last line that the command wrote */
	uint64_t nr_lost;	   /* records, since the start */
	uint64_t kept_ns;	   /* how far one can look back; */
	bool full;		   /* less than wished for, for want of memory */
	bool ended, help;
};

/* 0 or -ENOMEM. live_end() it in any case. columns: of a lane, as live_columns() has them. */
int live_begin(struct live *l, unsigned int nr_cpus, uint64_t start_ns, uint64_t window_ns,
	       unsigned int columns);
void live_end(struct live *l);
unsigned int live_columns(unsigned int width);

/* A thread that is known before any record; as it was, where t->now is known. */
void live_thread(struct live *l, const struct now_thread *t);
/* In order of time. */
void live_take(struct live *l, unsigned int cpu, const struct oncpu_record *r);
/* Everything that happened until then was taken. */
void live_advance(struct live *l, uint64_t time_ns);

/* From here on counts what .rates says next. */
void live_rate(struct live *l);

/* A whole frame: at most height lines, each at most o.width columns. 0 or -errno. */
int live_draw(FILE *out, struct live *l, const struct live_frame *f);

#endif
