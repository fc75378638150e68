// SPDX-License-Identifier: GPL-2.0
// finds: assert
// A transfer is cancelled at a cancellation point in its middle.
#include <assert.h>
#include <pthread.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int left = 100, right;

static void unlock(void *m)
{
	pthread_mutex_unlock(m);
}

static void *mover(void *arg)
{
	(void)arg;
	for (int i = 0; i < 4; i++) {
		pthread_mutex_lock(&lock);
		pthread_cleanup_push(unlock, &lock);
		left -= 10;
		usleep(10);
		right += 10;
		pthread_cleanup_pop(1);
	}
	return NULL;
}

int main(void)
{
	pthread_t t;

	pthread_create(&t, NULL, mover, NULL);
	usleep(15);
	pthread_cancel(t);
	pthread_mutex_lock(&lock);
	assert(left + right == 100);
	pthread_mutex_unlock(&lock);
	pthread_join(t, NULL);
	return 0;
}
