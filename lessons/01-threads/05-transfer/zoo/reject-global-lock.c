// SPDX-License-Identifier: GPL-2.0
// rejected by structure: "At most 1 thread"
#include "transfer.h"

static pthread_mutex_t bank = PTHREAD_MUTEX_INITIALIZER;

/* Never a deadlock, and never two transfers at a time. */
int transfer(struct account *from, struct account *to, long amount)
{
	pthread_mutex_lock(&bank);
	int moved = move_money(from, to, amount);
	pthread_mutex_unlock(&bank);
	return moved;
}
