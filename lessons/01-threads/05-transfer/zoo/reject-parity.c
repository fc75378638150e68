// SPDX-License-Identifier: GPL-2.0
// rejected by pert: "lock"
#include "transfer.h"

/* Even numbers before odd ones: for two odd or two even accounts that is no order. */
int transfer(struct account *from, struct account *to, long amount)
{
	struct account *first = to->id % 2 < from->id % 2 ? to : from;
	struct account *second = first == from ? to : from;
	int moved;

	pthread_mutex_lock(&first->lock);
	pthread_mutex_lock(&second->lock);
	moved = move_money(from, to, amount);
	pthread_mutex_unlock(&second->lock);
	pthread_mutex_unlock(&first->lock);
	return moved;
}
