// SPDX-License-Identifier: GPL-2.0
// rejected by pert: "at any two accounts"
#include "transfer.h"

/* An order of five places for six accounts and more. */
int transfer(struct account *from, struct account *to, long amount)
{
	struct account *a = from->id % 5 <= to->id % 5 ? from : to;
	struct account *b = a == from ? to : from;
	int moved;

	pthread_mutex_lock(&a->lock);
	pthread_mutex_lock(&b->lock);
	moved = move_money(from, to, amount);
	pthread_mutex_unlock(&b->lock);
	pthread_mutex_unlock(&a->lock);
	return moved;
}
