// SPDX-License-Identifier: GPL-2.0
// accepted: who cannot have both holds neither, and sleeps longer and longer before the next try
#include <time.h>

#include "transfer.h"

static void back_off(int try, int number)
{
	long us = 500L * (try < 5 ? 1 << try : 32) + 70L * number; /* not in step with the other */
	struct timespec t = { .tv_nsec = us * 1000 };

	nanosleep(&t, NULL);
}

int transfer(struct account *from, struct account *to, long amount)
{
	int moved;

	for (int try = 0;; try++) {
		pthread_mutex_lock(&from->lock);
		if (!pthread_mutex_trylock(&to->lock))
			break;
		pthread_mutex_unlock(&from->lock);
		back_off(try, from->id);
	}
	moved = move_money(from, to, amount);
	pthread_mutex_unlock(&to->lock);
	pthread_mutex_unlock(&from->lock);
	return moved;
}
