// SPDX-License-Identifier: GPL-2.0
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "record/classes.h"
#include "record/kernel_types.h"
#include "record/programs.h"
#include "record/skeleton.h"

#define TRACEFS_EVENTS "/sys/kernel/tracing/events"

static bool drop_prefix(const char **name, const char *prefix)
{
	size_t n = strlen(prefix);

	if (strncmp(*name, prefix, n) != 0)
		return false;
	*name += n;
	return true;
}

/* The types that a program of this name writes; 0: it is called after none. */
static uint64_t types_written(const char *name)
{
	uint64_t types = 0, one;
	const char *end;
	char row[64];

	if (!drop_prefix(&name, "also_on_") && !drop_prefix(&name, "on_"))
		return 0;
	do {
		end = strstr(name, "__");
		snprintf(row, sizeof(row), "%.*s", end ? (int)(end - name) : (int)sizeof(row) - 1,
			 name);
		one = types_called(row);
		types |= one;
		name = end ? end + 2 : NULL;
	} while (one && name);
	return one ? types : 0;
}

/* Programs are attached to their event: "tp_btf/EVENT", "tp/GROUP/EVENT". The futex ones are not. */
static bool event_exists(const char *section)
{
	char path[256];

	if (drop_prefix(&section, "tp_btf/"))
		return kernel_has_tracepoint(section);
	if (!drop_prefix(&section, "tp/"))
		return true;
	snprintf(path, sizeof(path), TRACEFS_EVENTS "/%s/id", section);
	return !access(path, R_OK);
}

/* The tree of processes grows at each fork, whether or not that is recorded. */
static bool is_needed(uint64_t types, const struct source_options *o)
{
	return types & o->types ||
	       (types & 1ull << ONCPU_FORK && o->filter.flags & ONCPU_FILTER_TASKS);
}

int programs_choose(struct oncpu_bpf *skel, const struct source_options *o, uint64_t *recorded)
{
	struct bpf_program *prog;

	*recorded = 0;
	bpf_object__for_each_program(prog, skel->obj)
	{
		uint64_t types = types_written(bpf_program__name(prog));

		if (!types) {
			if (getenv("ONCPU_DEBUG"))
				fprintf(stderr, "program %s: no such row\n",
					bpf_program__name(prog));
			return -EINVAL;
		}
		if (is_needed(types, o) && event_exists(bpf_program__section_name(prog)))
			*recorded |= types & o->types;
		else
			bpf_program__set_autoload(prog, false);
	}
	return 0;
}
