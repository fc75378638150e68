// SPDX-License-Identifier: GPL-2.0
// rejected by waiting: "transfer"
#include <sched.h>

#include "transfer.h"

/* The polite livelock: lets others run between two tries, and is on the CPU all the same. */
int transfer(struct account *from, struct account *to, long amount)
{
	struct account *first = from->id < to->id ? from : to;
	struct account *second = first == from ? to : from;
	int moved;

	while (pthread_mutex_trylock(&first->lock))
		sched_yield();
	while (pthread_mutex_trylock(&second->lock))
		sched_yield();
	moved = move_money(from, to, amount);
	pthread_mutex_unlock(&second->lock);
	pthread_mutex_unlock(&first->lock);
	return moved;
}
