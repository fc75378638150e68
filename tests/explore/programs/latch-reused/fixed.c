// SPDX-License-Identifier: GPL-2.0
// finds: nothing
// A latch is reset for the next round while a slow waiter of this round has not left yet.
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t all_here = PTHREAD_COND_INITIALIZER;
static int arrived;
static int round_nr;

static void meet(void)
{
	pthread_mutex_lock(&lock);
	int mine = round_nr;
	if (++arrived == 2) {
		arrived = 0;
		round_nr++;
		pthread_cond_broadcast(&all_here);
	}
	while (round_nr == mine)
		pthread_cond_wait(&all_here, &lock);
	pthread_mutex_unlock(&lock);
}

static void *dancer(void *arg)
{
	(void)arg;
	meet();
	meet();
	return NULL;
}

int main(void)
{
	pthread_t t;

	pthread_create(&t, NULL, dancer, NULL);
	meet();
	meet();
	pthread_join(t, NULL);
	return 0;
}
