// SPDX-License-Identifier: GPL-2.0
// rejected by output: "at_once"
#include "transfer.h"

/* Each lock for a moment, one after the other, and the money moves when neither is held. */
int transfer(struct account *from, struct account *to, long amount)
{
	pthread_mutex_lock(&from->lock);
	pthread_mutex_unlock(&from->lock);
	pthread_mutex_lock(&to->lock);
	int moved = move_money(from, to, amount);
	pthread_mutex_unlock(&to->lock);
	return moved;
}
