// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <string.h>

#include "record/kernel_types.h"
#include "record/percpu.h"

#define SECTION		 ".data..percpu"
#define HARDIRQ_MASK_OLD 0x000f0000u
#define HARDIRQ_MASK_NEW 0x0f000000u /* since the count holds nested interrupt disables, too */
#define NEW_CAME_WITH	 "local_interrupt_disable_state"

static const struct btf_var_secinfo *find(const struct btf *btf, const struct btf_type *section,
					  const char *name)
{
	const struct btf_var_secinfo *v = btf_var_secinfos(section);
	unsigned int i;

	for (i = 0; i < btf_vlen(section); i++, v++) {
		const struct btf_type *var = btf__type_by_id(btf, v->type);

		if (var && !strcmp(btf__name_by_offset(btf, var->name_off), name))
			return v;
	}
	return NULL;
}

static void find_distance(struct percpu *p, const struct btf *btf)
{
	int id = btf__find_by_name_kind(btf, SECTION, BTF_KIND_DATASEC);
	const struct btf_type *section = id > 0 ? btf__type_by_id(btf, (__u32)id) : NULL;
	const struct btf_var_secinfo *rq, *count;

	if (!section)
		return;
	rq = find(btf, section, "runqueues");
	count = find(btf, section, "__preempt_count");
	if (!count)
		count = find(btf, section, "pcpu_hot");
	if (!rq || !count)
		return;
	p->count_from_rq = (int64_t)count->offset - (int64_t)rq->offset;
	p->has_distance = true;
}

int percpu_read(struct percpu *p)
{
	const struct btf *btf = kernel_types();

	*p = (struct percpu){ .hardirq_mask = HARDIRQ_MASK_OLD };
	if (!btf)
		return -errno;
	if (btf__find_by_name_kind(btf, NEW_CAME_WITH, BTF_KIND_VAR) > 0)
		p->hardirq_mask = HARDIRQ_MASK_NEW;
	find_distance(p, btf);
	return 0;
}
