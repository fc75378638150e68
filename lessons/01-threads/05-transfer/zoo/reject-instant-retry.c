// SPDX-License-Identifier: GPL-2.0
// rejected by waiting: "transfer"
#include "transfer.h"

/* Gives the first lock back when the second is taken, and tries again at once, and again. */
int transfer(struct account *from, struct account *to, long amount)
{
	int moved;

	for (;;) {
		pthread_mutex_lock(&from->lock);
		if (!pthread_mutex_trylock(&to->lock))
			break;
		pthread_mutex_unlock(&from->lock);
	}
	moved = move_money(from, to, amount);
	pthread_mutex_unlock(&to->lock);
	pthread_mutex_unlock(&from->lock);
	return moved;
}
