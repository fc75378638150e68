// SPDX-License-Identifier: GPL-2.0
// finds: nothing
// Readers share by a rwlock, tokens are handed on by semaphores, all data is plain.
#include <assert.h>
#include <pthread.h>
#include <semaphore.h>

static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
static sem_t ping, pong;
static int board, ball;

static void *player(void *arg)
{
	(void)arg;
	for (int i = 0; i < 3; i++) {
		sem_wait(&ping);
		ball++;
		sem_post(&pong);
		pthread_rwlock_wrlock(&lock);
		board++;
		pthread_rwlock_unlock(&lock);
	}
	return NULL;
}

static void *watcher(void *arg)
{
	int last = 0;

	(void)arg;
	for (int i = 0; i < 3; i++) {
		pthread_rwlock_rdlock(&lock);
		assert(board >= last);
		last = board;
		pthread_rwlock_unlock(&lock);
	}
	return NULL;
}

int main(void)
{
	pthread_t p, w[2];

	sem_init(&ping, 0, 0);
	sem_init(&pong, 0, 0);
	pthread_create(&p, NULL, player, NULL);
	for (int i = 0; i < 2; i++)
		pthread_create(&w[i], NULL, watcher, NULL);
	for (int i = 0; i < 3; i++) {
		ball++;
		sem_post(&ping);
		sem_wait(&pong);
	}
	pthread_join(p, NULL);
	for (int i = 0; i < 2; i++)
		pthread_join(w[i], NULL);
	assert(ball == 6 && board == 3);
	return 0;
}
