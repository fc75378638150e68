// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "record/kernel.h"

#define KALLSYMS "/proc/kallsyms"
#define FARTHEST (1u << 20) /* no function is longer: what is beyond the last one is none */

struct symbol {
	uint64_t address;
	char *name;
};

struct kernel {
	struct symbol *symbols;
	size_t n, room;
};

static int add(struct kernel *k, uint64_t address, const char *name)
{
	size_t room = k->room ? 2 * k->room : 1u << 16;
	struct symbol *bigger;

	if (k->n == k->room) {
		bigger = reallocarray(k->symbols, room, sizeof(*bigger));
		if (!bigger)
			return -1;
		k->symbols = bigger;
		k->room = room;
	}
	k->symbols[k->n] = (struct symbol){ address, strdup(name) };
	return k->symbols[k->n++].name ? 0 : -1;
}

static int by_address(const void *a, const void *b)
{
	const struct symbol *x = a, *y = b;

	if (x->address != y->address)
		return x->address < y->address ? -1 : 1;
	return strcmp(x->name, y->name);
}

/* Without the privilege to know, every address reads as 0. */
struct kernel *kernel_read(void)
{
	struct kernel *k = calloc(1, sizeof(*k));
	FILE *f = k ? fopen(KALLSYMS, "re") : NULL;
	unsigned long long address;
	char line[512], name[256], type;

	while (f && fgets(line, sizeof(line), f))
		if (sscanf(line, "%llx %c %255s", &address, &type, name) == 3 && address &&
		    strchr("tTwW", type) && add(k, address, name))
			break;
	if (f)
		fclose(f);
	if (k && k->n)
		qsort(k->symbols, k->n, sizeof(*k->symbols), by_address);
	return k;
}

void kernel_free(struct kernel *k)
{
	size_t i;

	for (i = 0; k && i < k->n; i++)
		free(k->symbols[i].name);
	if (k)
		free(k->symbols);
	free(k);
}

const char *kernel_function(const struct kernel *k, uint64_t address, uint64_t *offset)
{
	size_t low = 0, high = k ? k->n : 0, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (k->symbols[middle].address <= address)
			low = middle + 1;
		else
			high = middle;
	}
	if (!low || address - k->symbols[low - 1].address >= FARTHEST)
		return NULL;
	*offset = address - k->symbols[low - 1].address;
	return k->symbols[low - 1].name;
}
