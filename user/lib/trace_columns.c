// SPDX-License-Identifier: GPL-2.0
/* Records to columns of bytes and back: see trace_columns.h for the layout. */
#include <string.h>

#include "lib/trace_columns.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the trace file is little-endian");
_Static_assert(sizeof(struct oncpu_record) == 32, "the record is 32 bytes");
_Static_assert(sizeof(struct trace_header) == 16, "no hole in the file's header");
_Static_assert(sizeof(struct chunk_header) == 16, "no hole in a chunk's header");
_Static_assert(sizeof(struct records_header) == 16, "no hole in a RECORDS chunk's header");

enum { COLUMN_TIME = 0, COLUMN_TID = 8, COLUMN_TYPE = 12, COLUMN_FLAGS = 13, COLUMN_PAYLOAD = 14 };

/* FNV-1a of the words before it: short, and any single wrong byte changes it. */
uint32_t trace_chunk_check(const struct chunk_header *h)
{
	const unsigned char *p = (const unsigned char *)h;
	uint32_t hash = 2166136261u;
	size_t i;

	for (i = 0; i < offsetof(struct chunk_header, check); i++)
		hash = (hash ^ p[i]) * 16777619u;
	return hash;
}

static void spread(unsigned char *column, uint64_t value, unsigned int bytes, size_t n, size_t i)
{
	unsigned int b;

	for (b = 0; b < bytes; b++)
		column[b * n + i] = (unsigned char)(value >> (8 * b));
}

static uint64_t gather(const unsigned char *column, unsigned int bytes, size_t n, size_t i)
{
	uint64_t value = 0;
	unsigned int b;

	for (b = 0; b < bytes; b++)
		value |= (uint64_t)column[b * n + i] << (8 * b);
	return value;
}

void trace_pack(unsigned char *to, const struct oncpu_record *from, size_t n)
{
	const struct oncpu_record *r;
	uint64_t time_ns = 0;
	uint32_t tid = 0;
	size_t i;

	for (i = 0; i < n; i++) {
		r = &from[i];
		spread(to + COLUMN_TIME * n, r->time_ns - time_ns, 8, n, i);
		spread(to + COLUMN_TID * n, r->tid ^ tid, 4, n, i);
		to[COLUMN_TYPE * n + i] = r->type;
		to[COLUMN_FLAGS * n + i] = r->flags;
		spread(to + COLUMN_PAYLOAD * n, r->raw[0], 8, n, i);
		spread(to + (COLUMN_PAYLOAD + 8) * n, r->raw[1], 8, n, i);
		time_ns = r->time_ns;
		if (r->type == ONCPU_SWITCH)
			tid = r->sched_switch.next_tid;
	}
}

void trace_unpack(struct oncpu_record *to, const unsigned char *from, size_t n)
{
	struct oncpu_record *r;
	uint64_t time_ns = 0;
	uint32_t tid = 0;
	size_t i;

	for (i = 0; i < n; i++) {
		r = &to[i];
		time_ns += gather(from + COLUMN_TIME * n, 8, n, i);
		r->time_ns = time_ns;
		r->tid = (uint32_t)gather(from + COLUMN_TID * n, 4, n, i) ^ tid;
		r->type = from[COLUMN_TYPE * n + i];
		r->flags = from[COLUMN_FLAGS * n + i];
		r->lap = 0;
		r->raw[0] = gather(from + COLUMN_PAYLOAD * n, 8, n, i);
		r->raw[1] = gather(from + (COLUMN_PAYLOAD + 8) * n, 8, n, i);
		if (r->type == ONCPU_SWITCH)
			tid = r->sched_switch.next_tid;
	}
}
