/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A source is a recorder: the module, or the BPF probes. Both fill rings.
 */
#ifndef ONCPU_RECORD_SOURCE_H
#define ONCPU_RECORD_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <oncpu/filter.h>
#include "lib/trace.h"
#include "record/ring.h"

#define ONCPU_DEVICE "/dev/oncpu"

struct source;

/* What to record, and of whom: the same for every source. */
struct source_options {
	unsigned int order; /* log2 of the records a ring holds */
	uint64_t types;	    /* bit (1 << type): wanted, where the kernel has it */
	struct oncpu_filter filter;
	const uint64_t *cpus; /* a bitmap of TRACE_MAX_CPUS: record on these; NULL: on all */
	const uint32_t *tids; /* ONCPU_FILTER_TASKS: those it starts with */
	size_t nr_tids;
	const char *program; /* that is recorded, as the command names it; NULL: none */
	uint8_t stacks_at_futex, stacks_at_switch; /* ONCPU_STACK_* */
};

struct source_ops {
	const char *name;
	enum trace_source id;
	const char *why_missing; /* why it may not record a type that was asked for */
	/* Makes the rings; nothing is recorded yet. -errno with a sentence and the mend in why. */
	int (*open)(struct source *s, const struct source_options *o, char *why, size_t why_size);
	int (*start)(struct source *s);
	/* When it returns, nobody writes to the rings any more. */
	int (*stop)(struct source *s);
	void (*close)(struct source *s); /* after any open, also one that failed */
};

struct source {
	const struct source_ops *ops;
	struct rings rings;
	uint64_t missed;   /* after stop: events that got no further than the probe's door */
	uint64_t recorded; /* after open: the types that this kernel can record; of those wanted */
	uint64_t *tasks; /* after open: the bitmap of ONCPU_FILTER_TASKS, mapped; NULL: has none */
	const struct counters *counters; /* to be read at each SWITCH */
	int fd;				 /* module */
	void *skel;			 /* bpf */
	struct futex_links *futex;	 /* bpf */
	struct ulock_links *ulock;	 /* bpf */
	const char *program;		 /* bpf: source_options.program */
};

extern const struct source_ops source_module;
extern const struct source_ops source_bpf;

/* Has these tids recorded from now on, where the filter goes by tasks. */
void source_want(struct source *s, const uint32_t *tids, size_t n);

#endif
