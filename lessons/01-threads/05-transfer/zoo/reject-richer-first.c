// SPDX-License-Identifier: GPL-2.0
// rejected by pert: "accounts"
#include "transfer.h"

/* An order by what changes: read without a lock, and another when the other clerk reads it. */
int transfer(struct account *from, struct account *to, long amount)
{
	struct account *first = from->balance > to->balance ? from : to;
	struct account *second = first == from ? to : from;
	int moved;

	pthread_mutex_lock(&first->lock);
	pthread_mutex_lock(&second->lock);
	moved = move_money(from, to, amount);
	pthread_mutex_unlock(&second->lock);
	pthread_mutex_unlock(&first->lock);
	return moved;
}
