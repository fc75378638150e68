// SPDX-License-Identifier: GPL-2.0
// rejected by hang or pert: "wait"
#include "transfer.h"

/* An order that depends on the direction is none, whichever it is. */
int transfer(struct account *from, struct account *to, long amount)
{
	pthread_mutex_lock(&to->lock);
	pthread_mutex_lock(&from->lock);
	int moved = move_money(from, to, amount);
	pthread_mutex_unlock(&from->lock);
	pthread_mutex_unlock(&to->lock);
	return moved;
}
