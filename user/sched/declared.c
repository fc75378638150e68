// SPDX-License-Identifier: GPL-2.0
#include <bpf/btf.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "sched/declared.h"

/* Which section the variable is in, and where there. */
static bool locate(const struct btf *btf, uint32_t variable, struct declared *d)
{
	const struct btf_var_secinfo *at;
	const struct btf_type *t;
	uint32_t id;
	int i;

	for (id = 1; id < btf__type_cnt(btf); id++) {
		t = btf__type_by_id(btf, id);
		if (!btf_is_datasec(t))
			continue;
		for (i = 0, at = btf_var_secinfos(t); i < btf_vlen(t); i++, at++) {
			if (at->type != variable)
				continue;
			d->section = btf__name_by_offset(btf, t->name_off);
			d->offset = at->offset;
			d->size = at->size;
			return true;
		}
	}
	return false;
}

/* The tag's text behind kind; NULL: it is none of those. */
static const char *tag_of(const struct btf *btf, const struct btf_type *t, const char *kind)
{
	size_t n = strlen(kind);
	const char *tag;

	if (!btf_is_decl_tag(t) || btf_decl_tag(t)->component_idx != -1 ||
	    !btf_is_var(btf__type_by_id(btf, t->type)))
		return NULL;
	tag = btf__name_by_offset(btf, t->name_off);
	return strncmp(tag, kind, n) ? NULL : tag + n;
}

static const char *name_of(const struct btf *btf, uint32_t id)
{
	return btf__name_by_offset(btf, btf__type_by_id(btf, id)->name_off);
}

static int in_order(const void *a, const void *b)
{
	const struct declared *x = a, *y = b;

	return (x->offset > y->offset) - (x->offset < y->offset);
}

int declared_find(const struct bpf_object *o, const char *kind, struct declared **out, size_t *n)
{
	const struct btf *btf = bpf_object__btf(o);
	struct declared *all;
	uint32_t id;

	*out = NULL;
	*n = 0;
	if (!btf)
		return -ENOENT;
	all = calloc(btf__type_cnt(btf), sizeof(*all));
	if (!all)
		return -ENOMEM;
	for (id = 1; id < btf__type_cnt(btf); id++) {
		const struct btf_type *t = btf__type_by_id(btf, id);
		const char *tag = tag_of(btf, t, kind);

		if (!tag || !locate(btf, t->type, &all[*n]))
			continue;
		all[*n].tag = tag;
		all[(*n)++].name = name_of(btf, t->type);
	}
	qsort(all, *n, sizeof(*all), in_order);
	*out = all;
	return 0;
}

int declared_variable(const struct bpf_object *o, const char *name, struct declared *out)
{
	const struct btf *btf = bpf_object__btf(o);
	uint32_t id;

	for (id = 1; btf && id < btf__type_cnt(btf); id++) {
		if (!btf_is_var(btf__type_by_id(btf, id)) || strcmp(name_of(btf, id), name) ||
		    !locate(btf, id, out))
			continue;
		out->name = name_of(btf, id);
		out->tag = "";
		return 0;
	}
	return -ENOENT;
}

int declared_member(const struct bpf_object *o, const char *type, const char *member,
		    uint32_t *offset)
{
	const struct btf *btf = bpf_object__btf(o);
	int id = btf ? btf__find_by_name_kind(btf, type, BTF_KIND_STRUCT) : -ENOENT, i;
	const struct btf_type *t = id > 0 ? btf__type_by_id(btf, (uint32_t)id) : NULL;

	for (i = 0; t && i < btf_vlen(t); i++) {
		if (strcmp(btf__name_by_offset(btf, btf_members(t)[i].name_off), member))
			continue;
		*offset = btf_member_bit_offset(t, (uint32_t)i) / 8;
		return 0;
	}
	return -ENOENT;
}
