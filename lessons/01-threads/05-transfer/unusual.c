// SPDX-License-Identifier: GPL-2.0
/*
 * No locks of accounts at all. A clerk takes both accounts in one step or neither, and sleeps while
 * either is busy. Who waits has nothing that another could wait for.
 */
#include <stdbool.h>

#include "transfer.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t some_are_free = PTHREAD_COND_INITIALIZER;
static bool busy[MAX_ACCOUNTS];

int transfer(struct account *from, struct account *to, long amount)
{
	int moved;

	pthread_mutex_lock(&lock);
	while (busy[from->id] || busy[to->id])
		pthread_cond_wait(&some_are_free, &lock);
	busy[from->id] = busy[to->id] = true;
	pthread_mutex_unlock(&lock);

	moved = move_money(from, to, amount);

	pthread_mutex_lock(&lock);
	busy[from->id] = busy[to->id] = false;
	pthread_cond_broadcast(&some_are_free);
	pthread_mutex_unlock(&lock);
	return moved;
}
