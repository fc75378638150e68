// SPDX-License-Identifier: GPL-2.0
/* A trace file put together from what was mutated: past checks and frames, into model and views. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zstd.h>

#include "chain.h"
#include "lib/trace_columns.h"
#include "loose.h"

#define ROW 28u

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void put(int fd, const void *data, size_t size)
{
	if (write(fd, data, size) != (ssize_t)size)
		abort();
}

static void put_chunk(int fd, uint32_t kind, const void *raw, size_t size)
{
	size_t room = ZSTD_compressBound(size);
	struct chunk_header h = { .kind = kind, .raw = (uint32_t)size };
	unsigned char *stored = malloc(room);

	h.stored = (uint32_t)ZSTD_compress(stored, room, raw, size, 1);
	h.check = trace_chunk_check(&h);
	put(fd, &h, sizeof(h));
	put(fd, stored, h.stored);
	free(stored);
}

static void take_row(struct oncpu_record *r, const uint8_t *row, uint64_t *now)
{
	uint32_t step;

	memset(r, 0, sizeof(*r));
	memcpy(&step, row, sizeof(step));
	memcpy(&r->tid, row + 4, 4);
	r->type = row[8];
	r->flags = row[9];
	memcpy(r->raw, row + 12, 16);
	/* The highest ones jump: far, and back. */
	*now += step >= 0xffff0000u ? (uint64_t)(int16_t)step << 40 : step;
	r->time_ns = *now;
}

static void put_records(int fd, const uint8_t *data, size_t size)
{
	size_t n = size < 3 ? 0 : (size - 3) / ROW, i;
	struct records_header h = { .n = (uint32_t)n };
	struct oncpu_record *records = calloc(n + 1, sizeof(*records));
	unsigned char *raw = malloc(sizeof(h) + n * TRACE_PACKED_SIZE);
	uint64_t now = 1000000000;

	if (size >= 3) {
		h.source = data[0];
		memcpy(&h.cpu, data + 1, 2);
	}
	for (i = 0; i < n; i++)
		take_row(&records[i], data + 3 + i * ROW, &now);
	memcpy(raw, &h, sizeof(h));
	trace_pack(raw + sizeof(h), records, n);
	put_chunk(fd, CHUNK_RECORDS, raw, sizeof(h) + n * TRACE_PACKED_SIZE);
	free(records);
	free(raw);
}

void loose_write(int fd, const uint8_t *data, size_t size)
{
	struct trace_header header = { .magic = TRACE_MAGIC, .major = TRACE_MAJOR };
	size_t at = 1, length;

	header.flags = size ? data[0] : 0;
	put(fd, &header, sizeof(header));
	for (; at + 3 <= size; at += 3 + length) {
		length = (size_t)data[at + 1] | (size_t)data[at + 2] << 8;
		if (length > size - at - 3)
			length = size - at - 3;
		if (data[at] == CHUNK_RECORDS)
			put_records(fd, data + at + 3, length);
		else
			put_chunk(fd, data[at], data + at + 3, length);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int fd = memfd_create("fuzz", 0);
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	loose_write(fd, data, size);
	chain_run(path);
	close(fd);
	return 0;
}
