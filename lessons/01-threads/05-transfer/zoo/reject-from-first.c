// SPDX-License-Identifier: GPL-2.0
// rejected by hang or pert: "wait"
#include "transfer.h"

/* The starter's own order: two who move money in opposite directions wait for each other. */
int transfer(struct account *from, struct account *to, long amount)
{
	pthread_mutex_lock(&from->lock);
	pthread_mutex_lock(&to->lock);
	int moved = move_money(from, to, amount);
	pthread_mutex_unlock(&to->lock);
	pthread_mutex_unlock(&from->lock);
	return moved;
}
