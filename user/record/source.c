// SPDX-License-Identifier: GPL-2.0
#include "record/source.h"

void source_want(struct source *s, const uint32_t *tids, size_t n)
{
	size_t i;

	for (i = 0; s->tasks && i < n; i++)
		if (tids[i] < ONCPU_MAX_TID)
			__atomic_fetch_or(&s->tasks[tids[i] / 64], 1ull << tids[i] % 64,
					  __ATOMIC_RELAXED);
}
