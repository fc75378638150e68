// SPDX-License-Identifier: GPL-2.0
// rejected by hang: "wait"
#include "transfer.h"

static pthread_mutex_t locks[4] = { PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER,
				    PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER };

/* Fewer locks than accounts: 0 and 4 have the same, and who has it waits for himself. */
int transfer(struct account *from, struct account *to, long amount)
{
	int a = from->id % 4, b = to->id % 4;
	int moved;

	pthread_mutex_lock(&locks[a < b ? a : b]);
	pthread_mutex_lock(&locks[a < b ? b : a]);
	moved = move_money(from, to, amount);
	pthread_mutex_unlock(&locks[a]);
	pthread_mutex_unlock(&locks[b]);
	return moved;
}
