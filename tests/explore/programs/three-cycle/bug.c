// SPDX-License-Identifier: GPL-2.0
// finds: deadlock
// Three stages, each holding its own lock while it takes the next one's.
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t stage[3] = {
	PTHREAD_MUTEX_INITIALIZER,
	PTHREAD_MUTEX_INITIALIZER,
	PTHREAD_MUTEX_INITIALIZER,
};
static int load[3];

static void *hand_on(void *arg)
{
	int me = *(int *)arg, next = (me + 1) % 3;
	int first = me, second = next;

	for (int i = 0; i < 2; i++) {
		pthread_mutex_lock(&stage[first]);
		load[first]++;
		pthread_mutex_lock(&stage[second]);
		load[second]++;
		pthread_mutex_unlock(&stage[second]);
		pthread_mutex_unlock(&stage[first]);
	}
	return NULL;
}

int main(void)
{
	int id[3] = { 0, 1, 2 };
	pthread_t t[3];

	for (int i = 0; i < 3; i++)
		pthread_create(&t[i], NULL, hand_on, &id[i]);
	for (int i = 0; i < 3; i++)
		pthread_join(t[i], NULL);
	printf("%d %d %d\n", load[0], load[1], load[2]);
	return 0;
}
