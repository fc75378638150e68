// SPDX-License-Identifier: GPL-2.0
// accepted: who finds the second lock taken gives the first back, and sleeps for that second one
#include "transfer.h"

int transfer(struct account *from, struct account *to, long amount)
{
	struct account *first = from, *second = to, *t;
	int moved;

	pthread_mutex_lock(&first->lock);
	while (pthread_mutex_trylock(&second->lock)) {
		pthread_mutex_unlock(&first->lock);
		t = first;
		first = second;
		second = t;
		pthread_mutex_lock(&first->lock);
	}
	moved = move_money(from, to, amount);
	pthread_mutex_unlock(&from->lock);
	pthread_mutex_unlock(&to->lock);
	return moved;
}
