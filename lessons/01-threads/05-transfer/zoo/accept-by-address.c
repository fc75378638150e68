// SPDX-License-Identifier: GPL-2.0
// accepted: any order that all agree on does, as the addresses of the accounts
#include <stdint.h>

#include "transfer.h"

static void lock_both(pthread_mutex_t *a, pthread_mutex_t *b)
{
	if ((uintptr_t)a < (uintptr_t)b) {
		pthread_mutex_lock(a);
		pthread_mutex_lock(b);
	} else {
		pthread_mutex_lock(b);
		pthread_mutex_lock(a);
	}
}

int transfer(struct account *from, struct account *to, long amount)
{
	lock_both(&from->lock, &to->lock);
	int moved = move_money(from, to, amount);
	pthread_mutex_unlock(&from->lock);
	pthread_mutex_unlock(&to->lock);
	return moved;
}
