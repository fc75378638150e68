/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A source is a recorder: the module, or the BPF probes. Both fill rings.
 */
#ifndef ONCPU_RECORD_SOURCE_H
#define ONCPU_RECORD_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/trace.h"
#include "record/ring.h"

#define ONCPU_DEVICE "/dev/oncpu"

struct source;

struct source_ops {
	const char *name;
	enum trace_source id;
	/* Makes the rings; nothing is recorded yet. -errno with a sentence and the mend in why. */
	int (*open)(struct source *s, unsigned int order, char *why, size_t why_size);
	int (*start)(struct source *s);
	/* When it returns, nobody writes to the rings any more. */
	int (*stop)(struct source *s);
	void (*close)(struct source *s); /* after any open, also one that failed */
};

struct source {
	const struct source_ops *ops;
	struct rings rings;
	uint64_t missed; /* after stop: events that got no further than the probe's door */
	size_t control_bytes, records_bytes;
	int fd;			   /* module */
	void *skel;		   /* bpf */
	struct futex_links *futex; /* bpf */
};

extern const struct source_ops source_module;
extern const struct source_ops source_bpf;

/* Maps the rings of a file that has control at offset 0; records_fd's at records_offset. */
int source_map(struct source *s, int control_fd, int records_fd, size_t records_offset);
void source_unmap(struct source *s);

#endif
