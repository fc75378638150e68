// SPDX-License-Identifier: GPL-2.0
/* All take their locks in one order, that of the accounts' numbers: who waits, waits for a higher one. */
#include "transfer.h"

int transfer(struct account *from, struct account *to, long amount)
{
	struct account *first = from->id < to->id ? from : to;
	struct account *second = first == from ? to : from;
	int moved;

	pthread_mutex_lock(&first->lock);
	pthread_mutex_lock(&second->lock);
	moved = move_money(from, to, amount);
	pthread_mutex_unlock(&second->lock);
	pthread_mutex_unlock(&first->lock);
	return moved;
}
