// SPDX-License-Identifier: GPL-2.0
/* Where a policy writes its decisions, and what the trace says of it. */
#include <errno.h>
#include <jansson.h>
#include <string.h>

#include "sched/policy_part.h"

#define ORDER 14 /* 16384 decisions a CPU and look at them */

static struct bpf_map *map_of(const struct policy *p, const char *name)
{
	return bpf_object__find_map_by_name(p->object, name);
}

int policy_size_rings(struct policy *p)
{
	struct bpf_map *control = map_of(p, "control"), *records = map_of(p, "records");
	int nr_cpus = libbpf_num_possible_cpus(), err;
	struct declared at;
	uint32_t *order;

	if (!control || !records || declared_variable(p->object, "order", &at))
		return 0;
	order = policy_place(p, &at);
	if (nr_cpus < 0 || !order)
		return nr_cpus < 0 ? nr_cpus : -EINVAL;
	*order = ORDER;
	p->meta = policy_meta(p); /* while its texts can be had: not once it is loaded */
	p->decisions.meta = p->meta;
	if (!p->meta)
		return -ENOMEM;
	rings_size(&p->decisions.rings, (unsigned int)nr_cpus, ORDER);
	err = bpf_map__set_max_entries(control, (unsigned int)nr_cpus);
	return err ? err : bpf_map__set_max_entries(records, (unsigned int)nr_cpus << ORDER);
}

int policy_map_rings(struct policy *p)
{
	struct rings *r = &p->decisions.rings;

	if (!r->nr_cpus)
		return 0;
	return rings_map(r, bpf_map__fd(map_of(p, "control")), bpf_map__fd(map_of(p, "records")),
			 0);
}

void policy_unmap_rings(struct policy *p)
{
	rings_unmap(&p->decisions.rings);
}

/* The texts by what decisions call them: how far each is from "first_why". */
static json_t *texts(const struct policy *p)
{
	struct bpf_map *map = map_of(p, ".rodata.why");
	json_t *array = json_array();
	struct declared first;
	size_t size = 0, i, n;
	const char *memory = map ? bpf_map__initial_value(map, &size) : NULL;

	if (!memory || declared_variable(p->object, "first_why", &first))
		return array;
	for (i = 0; i < size; i += n + 1) {
		n = strnlen(memory + i, size - i);
		if (n)
			json_array_append_new(
				array,
				json_pack("[I, s]", (json_int_t)(i - first.offset), memory + i));
	}
	return array;
}

static json_int_t nr_queues(const struct policy *p)
{
	struct declared at;
	const uint32_t *n = NULL;

	if (!declared_variable(p->object, "nr_queues", &at) && at.size == sizeof(*n))
		n = policy_place(p, &at);
	return n ? *n : 0;
}

char *policy_meta(const struct policy *p)
{
	json_t *knobs = json_object(), *root;
	char *text;
	size_t i;

	for (i = 0; i < p->nr_knobs; i++)
		json_object_set_new(knobs, p->knobs[i].name,
				    json_integer((json_int_t)p->knobs[i].value));
	root = json_pack("{s:s, s:s, s:I, s:o, s:o}", "name", p->name, "text", p->sentence,
			 "queues", nr_queues(p), "knobs", knobs, "why", texts(p));
	text = root ? json_dumps(root, JSON_COMPACT) : NULL;
	json_decref(root);
	return text;
}
