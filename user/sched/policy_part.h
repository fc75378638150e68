/* SPDX-License-Identifier: GPL-2.0 */
/* What the files of a policy share; for user/sched/policy*.c only. */
#ifndef ONCPU_SCHED_POLICY_PART_H
#define ONCPU_SCHED_POLICY_PART_H

#include <bpf/libbpf.h>

#include "record/decisions.h"
#include "sched/declared.h"
#include "sched/policy.h"

#define DEFAULT_PATIENCE_MS 30000 /* the kernel's own, and the most it takes */

struct section { /* .bss, mapped while the policy is on */
	char *memory;
	size_t size;
};

struct policy {
	struct bpf_object *object;
	struct bpf_map *ops; /* the struct_ops */
	struct bpf_link *link;
	char *name, *sentence;
	struct declared *knobs_at, *stats_at;
	struct policy_knob *knobs;
	struct policy_stat *stats;
	size_t nr_knobs, nr_stats;
	struct section bss;
	struct decisions decisions;
	char *meta;
};

/* Of a section as it is in the file, and will be loaded. NULL: it has no such place. */
void *policy_place(const struct policy *p, const struct declared *at);

/* The JSON of META's "policy"; free() it. NULL: no memory. */
char *policy_meta(const struct policy *p);

/* Why it is off, as a lesson. kind: of enum scx_exit_kind. */
void policy_tell_end(const struct policy *p, uint32_t kind, const char *reason, const char *message,
		     char *buf, size_t size);

/* Rings of the object, if it has some: sized before it is loaded, mapped after. 0 or -errno. */
int policy_size_rings(struct policy *p);
int policy_map_rings(struct policy *p);
void policy_unmap_rings(struct policy *p);

#endif
