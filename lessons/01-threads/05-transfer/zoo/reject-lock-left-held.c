// SPDX-License-Identifier: GPL-2.0
// rejected by hang: "wait"
#include "transfer.h"

/* The right order, and a way out that leaves both locks behind. */
int transfer(struct account *from, struct account *to, long amount)
{
	struct account *first = from->id < to->id ? from : to;
	struct account *second = first == from ? to : from;

	pthread_mutex_lock(&first->lock);
	pthread_mutex_lock(&second->lock);
	if (!move_money(from, to, amount))
		return 0;
	pthread_mutex_unlock(&second->lock);
	pthread_mutex_unlock(&first->lock);
	return 1;
}
