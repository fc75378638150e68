// SPDX-License-Identifier: GPL-2.0
// rejected by structure: "whose accounts nobody else wanted"
#include <stdbool.h>

#include "transfer.h"

/* Strictly in the order of coming: who waits holds up all who came later. */
static pthread_mutex_t bank = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static long next, serving;
static bool busy[MAX_ACCOUNTS];
int transfer(struct account *from, struct account *to, long amount)
{
	int moved;
	long mine;
	pthread_mutex_lock(&bank);
	mine = next++;
	while (mine != serving || busy[from->id] || busy[to->id])
		pthread_cond_wait(&changed, &bank);
	serving++;
	busy[from->id] = busy[to->id] = true;
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&bank);
	moved = move_money(from, to, amount);
	pthread_mutex_lock(&bank);
	busy[from->id] = busy[to->id] = false;
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&bank);
	return moved;
}
