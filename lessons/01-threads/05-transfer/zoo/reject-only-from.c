// SPDX-License-Identifier: GPL-2.0
// rejected by output: "at_once"
#include "transfer.h"

/* One lock cannot be taken in the wrong order. But who guards the account that the money goes to? */
int transfer(struct account *from, struct account *to, long amount)
{
	pthread_mutex_lock(&from->lock);
	int moved = move_money(from, to, amount);
	pthread_mutex_unlock(&from->lock);
	return moved;
}
