// SPDX-License-Identifier: GPL-2.0
// rejected by structure: "whose accounts nobody else wanted"
#include "transfer.h"

static pthread_mutex_t picking = PTHREAD_MUTEX_INITIALIZER;

/*
 * Only one at a time picks up locks, so no two can each have half of theirs. But who has to wait for
 * one of them keeps all others from theirs meanwhile.
 */
int transfer(struct account *from, struct account *to, long amount)
{
	int moved;

	pthread_mutex_lock(&picking);
	pthread_mutex_lock(&from->lock);
	pthread_mutex_lock(&to->lock);
	pthread_mutex_unlock(&picking);
	moved = move_money(from, to, amount);
	pthread_mutex_unlock(&to->lock);
	pthread_mutex_unlock(&from->lock);
	return moved;
}
