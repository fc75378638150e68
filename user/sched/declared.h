/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a policy's object declares (KNOB, STAT, POLICY of bpf/sched/policy.bpf.h): tags in its BTF, on
 * variables of its sections.
 */
#ifndef ONCPU_SCHED_DECLARED_H
#define ONCPU_SCHED_DECLARED_H

#include <bpf/libbpf.h>
#include <stddef.h>
#include <stdint.h>

struct declared {
	const char *name; /* of the variable */
	const char *tag;  /* behind "knob:" */
	const char *section;
	uint32_t offset, size; /* in the section */
};

/* All variables whose tag begins with kind, as they stand in the file; free(*out). 0 or -errno. */
int declared_find(const struct bpf_object *o, const char *kind, struct declared **out, size_t *n);

/* A variable by name, whether or not it has a tag. -ENOENT: there is none. */
int declared_variable(const struct bpf_object *o, const char *name, struct declared *out);

/* Where a member of a struct lies, in the object's own types. -ENOENT. */
int declared_member(const struct bpf_object *o, const char *type, const char *member,
		    uint32_t *offset);

#endif
