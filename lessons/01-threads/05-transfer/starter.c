// SPDX-License-Identifier: GPL-2.0
#include "transfer.h"

/* Nobody else is at either account while the money moves. What can two clerks do to each other? */
int transfer(struct account *from, struct account *to, long amount)
{
	int moved;

	pthread_mutex_lock(&from->lock);
	pthread_mutex_lock(&to->lock);
	moved = move_money(from, to, amount);
	pthread_mutex_unlock(&to->lock);
	pthread_mutex_unlock(&from->lock);
	return moved;
}
