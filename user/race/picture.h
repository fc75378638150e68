/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What happened in one run of each contestant, one beneath the other: the same axis, which begins
 * with the first arrival, and the same letters and colours for the same jobs.
 */
#ifndef ONCPU_RACE_PICTURE_H
#define ONCPU_RACE_PICTURE_H

#include "race/results.h"
#include "view/lanes.h"

struct race_picture { /* of one contestant */
	const struct race_result *result;
	size_t run;	    /* which of its runs */
	struct model m;	    /* the recording's, but that its jobs' threads end with their jobs */
	struct thread *own; /* ... those */
	size_t *threads;    /* of its jobs, in order of their births */
	size_t nr_threads;
};

/* m must live as long. 0 or -ENOMEM; race_picture_free() it in any case. */
int race_picture_make(struct race_picture *p, const struct race_result *r, size_t run,
		      const struct model *m);
void race_picture_free(struct race_picture *p);

/* How long the axis is for all of them. */
uint64_t race_pictures_ns(const struct race_picture *p, size_t n);
struct view_lanes race_lanes(const struct race_picture *p, uint64_t ns, struct race_cpus cpus);

/* "rt-fifo: run 2 of 3, turnaround 137.0 ms" */
void race_picture_title(const struct race_picture *p, char *buf, size_t size);

/* 0 or -errno. */
int race_print_pictures(FILE *out, const struct race_picture *p, size_t n, struct race_cpus cpus,
			const struct view_term_options *o);

#endif
