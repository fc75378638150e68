// SPDX-License-Identifier: GPL-2.0
/*
 * Futex wakes that found nobody to wake. Of each word only the last wake counts: a table by process
 * and address.
 */
#include <errno.h>
#include <stdlib.h>

#include "model/build.h"

static size_t slot_of(const struct empty_wake *table, size_t size, uint32_t tgid, uint64_t address)
{
	size_t i = ((address >> 2) * 2654435769u + tgid) & (size - 1);

	while (table[i].tid && (table[i].tgid != tgid || table[i].address != address))
		i = (i + 1) & (size - 1);
	return i;
}

static bool grow(struct build *b)
{
	size_t size = b->wakes_size ? 2 * b->wakes_size : 64, i;
	struct empty_wake *table = calloc(size, sizeof(*table));

	if (!table)
		return false;
	for (i = 0; i < b->wakes_size; i++)
		if (b->wakes[i].tid)
			table[slot_of(table, size, b->wakes[i].tgid, b->wakes[i].address)] =
				b->wakes[i];
	free(b->wakes);
	b->wakes = table;
	b->wakes_size = size;
	return true;
}

void wake_record(struct build *b, struct life *l, const struct oncpu_record *r)
{
	struct empty_wake *w;

	if (r->type == ONCPU_FUTEX_WAKE) {
		l->wake_address = r->futex_wake.address;
		handoff_released(l, l->wake_address);
		return;
	}
	if (r->type != ONCPU_FUTEX_WAKE_END || !l->wake_address)
		return;
	if (2 * b->wakes_used >= b->wakes_size && !grow(b)) {
		b->err = -ENOMEM;
		return;
	}
	w = &b->wakes[slot_of(b->wakes, b->wakes_size, l->thread.tgid, l->wake_address)];
	b->wakes_used += !w->tid;
	*w = (struct empty_wake){ .time_ns = r->futex_end.ret == 0 ? r->time_ns : 0,
				  .address = l->wake_address,
				  .tid = l->thread.tid,
				  .tgid = l->thread.tgid };
	l->wake_address = 0;
}

static int by_word(const void *a, const void *b)
{
	const struct empty_wake *x = a, *y = b;

	if (x->tgid != y->tgid)
		return x->tgid < y->tgid ? -1 : 1;
	return (x->address > y->address) - (x->address < y->address);
}

void wakes_finish(struct build *b)
{
	size_t i, n = 0;

	for (i = 0; i < b->wakes_size; i++)
		if (b->wakes[i].time_ns)
			b->wakes[n++] = b->wakes[i];
	if (n)
		qsort(b->wakes, n, sizeof(*b->wakes), by_word);
	b->m->empty_wakes = b->wakes;
	b->m->nr_empty_wakes = n;
	b->wakes = NULL;
}
