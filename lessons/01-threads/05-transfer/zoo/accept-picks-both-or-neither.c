// SPDX-License-Identifier: GPL-2.0
// accepted: who picks up locks only tries them, so the lock for that is never kept while waiting
#include <stdbool.h>

#include "transfer.h"

static pthread_mutex_t picking = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t given_back = PTHREAD_COND_INITIALIZER;

static bool take_both(struct account *from, struct account *to)
{
	if (pthread_mutex_trylock(&from->lock))
		return false;
	if (!pthread_mutex_trylock(&to->lock))
		return true;
	pthread_mutex_unlock(&from->lock);
	return false;
}

int transfer(struct account *from, struct account *to, long amount)
{
	int moved;

	pthread_mutex_lock(&picking);
	while (!take_both(from, to))
		pthread_cond_wait(&given_back, &picking);
	pthread_mutex_unlock(&picking);
	moved = move_money(from, to, amount);
	pthread_mutex_lock(&picking);
	pthread_mutex_unlock(&from->lock);
	pthread_mutex_unlock(&to->lock);
	pthread_cond_broadcast(&given_back);
	pthread_mutex_unlock(&picking);
	return moved;
}
