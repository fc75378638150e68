// SPDX-License-Identifier: GPL-2.0
// rejected by structure: "created 0 threads"
#include "fetch_all.h"

void fetch_all(const int *ids, int n, long *values)
{
	while (n--)
		values[n] = slow_read(ids[n]);
}
