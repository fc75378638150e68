// SPDX-License-Identifier: GPL-2.0
// finds: deadlock or hang
// Two jobs need two permits each and take them one by one from the same two.
#include <pthread.h>
#include <semaphore.h>

static sem_t permits;

static void *big_job(void *arg)
{
	int *work = arg;

	sem_wait(&permits);
	sem_wait(&permits);
	*work += 1;
	sem_post(&permits);
	sem_post(&permits);
	return NULL;
}

int main(void)
{
	int work[2] = { 0 };
	pthread_t t[2];

	sem_init(&permits, 0, 2);
	for (int i = 0; i < 2; i++)
		pthread_create(&t[i], NULL, big_job, &work[i]);
	for (int i = 0; i < 2; i++)
		pthread_join(t[i], NULL);
	sem_destroy(&permits);
	return work[0] + work[1] != 2;
}
