// SPDX-License-Identifier: GPL-2.0
// rejected by output: "calls"
#include "transfer.h"

/* No deadlock, for it goes without where it would have to wait: the money is not moved. */
int transfer(struct account *from, struct account *to, long amount)
{
	int moved = 0;

	if (pthread_mutex_trylock(&from->lock))
		return 0;
	if (!pthread_mutex_trylock(&to->lock)) {
		moved = move_money(from, to, amount);
		pthread_mutex_unlock(&to->lock);
	}
	pthread_mutex_unlock(&from->lock);
	return moved;
}
