// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <sys/mman.h>

#include "record/source.h"

int source_map(struct source *s, int control_fd, int records_fd, size_t records_offset)
{
	void *p;

	p = mmap(NULL, s->control_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, control_fd, 0);
	if (p == MAP_FAILED)
		return -errno;
	s->rings.control = p;
	p = mmap(NULL, s->records_bytes, PROT_READ, MAP_SHARED, records_fd, (off_t)records_offset);
	if (p == MAP_FAILED)
		return -errno;
	s->rings.records = p;
	return 0;
}

void source_want(struct source *s, const uint32_t *tids, size_t n)
{
	size_t i;

	for (i = 0; s->tasks && i < n; i++)
		if (tids[i] < ONCPU_MAX_TID)
			__atomic_fetch_or(&s->tasks[tids[i] / 64], 1ull << tids[i] % 64,
					  __ATOMIC_RELAXED);
}

void source_unmap(struct source *s)
{
	if (s->rings.control)
		munmap(s->rings.control, s->control_bytes);
	if (s->rings.records)
		munmap((void *)s->rings.records, s->records_bytes);
	s->rings.control = NULL;
	s->rings.records = NULL;
}
