// SPDX-License-Identifier: GPL-2.0
#include <dwarf.h>
#include <stdio.h>
#include <string.h>

#include <oncpu/record.h>
#include "record/types.h"

#define DEEPEST 32 /* types within types: broken DWARF may have loops */

struct way {
	uint64_t offset;
	char *path;
	size_t size;
	int depth;
};

bool type_of(Dwarf_Die *die, Dwarf_Die *type)
{
	Dwarf_Attribute attr;

	return dwarf_attr_integrate(die, DW_AT_type, &attr) && dwarf_formref_die(&attr, type);
}

uint64_t type_size(Dwarf_Die *type)
{
	Dwarf_Word size;

	return dwarf_aggregate_size(type, &size) ? 0 : size;
}

static unsigned int kind_of(const char *type)
{
	static const struct {
		const char *name;
		unsigned int kind;
	} types[] = {
		{ "pthread_mutex_t", ONCPU_ULOCK_MUTEX },
		{ "mtx_t", ONCPU_ULOCK_MUTEX },
		{ "pthread_rwlock_t", ONCPU_ULOCK_RWLOCK },
		{ "pthread_cond_t", ONCPU_ULOCK_COND },
		{ "cnd_t", ONCPU_ULOCK_COND },
		{ "sem_t", ONCPU_ULOCK_SEM },
		{ "pthread_barrier_t", ONCPU_ULOCK_BARRIER },
		{ "pthread_spinlock_t", ONCPU_ULOCK_SPINLOCK },
		{ "pthread_once_t", ONCPU_ULOCK_ONCE },
		{ "once_flag", ONCPU_ULOCK_ONCE },
	};
	size_t i;

	for (i = 0; type && i < sizeof(types) / sizeof(*types); i++)
		if (!strcmp(types[i].name, type))
			return types[i].kind;
	return 0;
}

static void append(struct way *w, const char *text)
{
	size_t length = strlen(w->path);

	snprintf(w->path + length, w->size - length, "%s", text);
}

static unsigned int follow(Dwarf_Die *type, struct way *w);

static bool contains(Dwarf_Die *member, uint64_t offset, uint64_t *start, Dwarf_Die *type)
{
	Dwarf_Attribute attr;
	Dwarf_Word at = 0;

	if (dwarf_attr_integrate(member, DW_AT_data_member_location, &attr) &&
	    dwarf_formudata(&attr, &at))
		return false;
	*start = at;
	return type_of(member, type) && offset >= at && offset - at < type_size(type);
}

/* Of a union's members the one that is a lock is meant, or else none: it is not known which. */
static unsigned int follow_member(Dwarf_Die *type, struct way *w)
{
	bool is_union = dwarf_tag(type) == DW_TAG_union_type;
	Dwarf_Die member, inner;
	unsigned int kind = 0;
	uint64_t start;
	struct way try;
	char path[128];

	if (dwarf_child(type, &member))
		return 0;
	do {
		if ((dwarf_tag(&member) != DW_TAG_member &&
		     dwarf_tag(&member) != DW_TAG_inheritance) ||
		    !contains(&member, w->offset, &start, &inner))
			continue;
		path[0] = '\0';
		try = (struct way){ w->offset - start, path, sizeof(path), w->depth };
		if (dwarf_tag(&member) == DW_TAG_member && dwarf_diename(&member)) {
			append(&try, ".");
			append(&try, dwarf_diename(&member));
		}
		kind = follow(&inner, &try);
		if (!kind && is_union)
			continue;
		append(w, path);
		w->offset = try.offset;
		return kind;
	} while (!dwarf_siblingof(&member, &member));
	return 0;
}

/* How many elements a dimension has; 0: not known. */
static uint64_t count_of(Dwarf_Die *range)
{
	Dwarf_Attribute attr;
	Dwarf_Word n;

	if (dwarf_attr_integrate(range, DW_AT_count, &attr) && !dwarf_formudata(&attr, &n))
		return n;
	if (dwarf_attr_integrate(range, DW_AT_upper_bound, &attr) && !dwarf_formudata(&attr, &n))
		return n + 1;
	return 0;
}

static unsigned int follow_element(Dwarf_Die *type, struct way *w)
{
	uint64_t whole = type_size(type), n;
	Dwarf_Die range, element;
	char index[32];

	if (dwarf_child(type, &range) || !type_of(type, &element))
		return 0;
	do {
		if (dwarf_tag(&range) != DW_TAG_subrange_type)
			continue;
		n = count_of(&range);
		if (!n || whole < n)
			return 0;
		whole /= n; /* bytes of one step in this dimension */
		snprintf(index, sizeof(index), "[%llu]", (unsigned long long)(w->offset / whole));
		append(w, index);
		w->offset %= whole;
	} while (!dwarf_siblingof(&range, &range));
	return follow(&element, w);
}

static unsigned int follow(Dwarf_Die *type, struct way *w)
{
	unsigned int kind;
	Dwarf_Die inner;

	if (++w->depth > DEEPEST)
		return 0;
	switch (dwarf_tag(type)) {
	case DW_TAG_typedef:
		kind = kind_of(dwarf_diename(type));
		if (kind)
			return kind;
		return type_of(type, &inner) ? follow(&inner, w) : 0;
	case DW_TAG_const_type:
	case DW_TAG_volatile_type:
	case DW_TAG_atomic_type:
		return type_of(type, &inner) ? follow(&inner, w) : 0;
	case DW_TAG_structure_type:
	case DW_TAG_class_type:
	case DW_TAG_union_type:
		return follow_member(type, w);
	case DW_TAG_array_type:
		return follow_element(type, w);
	default:
		return 0;
	}
}

unsigned int type_path(Dwarf_Die *type, uint64_t *offset, char *path, size_t size)
{
	struct way w = { .offset = *offset, .path = path, .size = size };
	unsigned int kind;

	path[0] = '\0';
	kind = follow(type, &w);
	*offset = w.offset;
	return kind;
}
