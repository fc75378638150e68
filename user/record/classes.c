// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "record/classes.h"

#define CLASS_NAME(name, id, text, on)	     [id] = (text),
#define CLASS_ON(name, id, text, on)	     [id] = (on),
#define TYPE_ROW(name, id, class_name, text) { #name, (id), ONCPU_CLASS_##class_name, (text) },

const char *const class_names[ONCPU_CLASS_END] = { ONCPU_CLASS_TABLE(CLASS_NAME) };

static const bool on_by_default[ONCPU_CLASS_END] = { ONCPU_CLASS_TABLE(CLASS_ON) };

static const struct row {
	const char *name;
	unsigned int type;
	enum oncpu_class class_id;
	const char *event;
} rows[] = { ONCPU_RECORD_TABLE(TYPE_ROW) };

#define NR_ROWS (sizeof(rows) / sizeof(*rows))

bool class_is_default(enum oncpu_class id)
{
	return on_by_default[id];
}

uint64_t types_of_class(enum oncpu_class id)
{
	uint64_t types = 0;
	size_t i;

	for (i = 0; i < NR_ROWS; i++)
		if (rows[i].class_id == id)
			types |= 1ull << rows[i].type;
	return types;
}

uint64_t types_of_default(void)
{
	uint64_t types = 0;
	int id;

	for (id = 0; id < ONCPU_CLASS_END; id++)
		if (on_by_default[id])
			types |= types_of_class((enum oncpu_class)id);
	return types;
}

uint64_t types_of_probes(void)
{
	static const enum oncpu_class elsewhere[] = { ONCPU_CLASS_STACK, ONCPU_CLASS_COUNTER,
						      ONCPU_CLASS_MARK, ONCPU_CLASS_POLICY };
	uint64_t types = ~(1ull << ONCPU_LOST);
	size_t i;

	for (i = 0; i < sizeof(elsewhere) / sizeof(*elsewhere); i++)
		types &= ~types_of_class(elsewhere[i]);
	return types & ((1ull << ONCPU_RECORD_TYPE_END) - 2);
}

uint64_t types_called(const char *row)
{
	size_t i;

	for (i = 0; i < NR_ROWS; i++)
		if (!strcasecmp(rows[i].name, row))
			return 1ull << rows[i].type;
	return 0;
}

static const struct row *row_of(unsigned int type)
{
	size_t i;

	for (i = 0; i < NR_ROWS; i++)
		if (rows[i].type == type)
			return &rows[i];
	return NULL;
}

const char *type_event(unsigned int type)
{
	const struct row *row = row_of(type);

	return row ? row->event : NULL;
}

enum oncpu_class type_class(unsigned int type)
{
	const struct row *row = row_of(type);

	return row ? row->class_id : ONCPU_CLASS_END;
}

/* 0: no class is called so. */
static uint64_t types_named(const char *name, size_t n)
{
	int id;

	if (n == 3 && !strncmp(name, "all", n))
		return ~types_of_class(ONCPU_CLASS_ULOCK); /* dear, so only by --locks=all */
	for (id = 0; id < ONCPU_CLASS_END; id++)
		if (strlen(class_names[id]) == n && !strncmp(class_names[id], name, n))
			return types_of_class((enum oncpu_class)id);
	return 0;
}

int types_parse(uint64_t *types, const char *list, char *why, size_t why_size)
{
	uint64_t result = *list == '+' || *list == '-' ? *types : 0, one;
	const char *name;
	size_t n;
	char how;

	for (name = list; name; name = name[n] ? name + n + 1 : NULL) {
		how = '+';
		if (*name == '+' || *name == '-')
			how = *name++;
		n = strcspn(name, ",");
		one = types_named(name, n);
		if (!one) {
			snprintf(why, why_size,
				 "there is no class of events '%.*s': --events list shows them",
				 (int)n, name);
			return -EINVAL;
		}
		result = how == '+' ? result | one : result & ~one;
	}
	*types = result & ~(1ull << ONCPU_ULOCK_GOT); /* nobody writes these yet */
	return 0;
}
