// SPDX-License-Identifier: GPL-2.0
// finds: assert
// A wait that ran into its time limit is taken for one that was signalled.
#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <time.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static int *answer;

static void *oracle(void *arg)
{
	static int v = 42;

	(void)arg;
	pthread_mutex_lock(&lock);
	answer = &v;
	pthread_cond_signal(&cond);
	pthread_mutex_unlock(&lock);
	return NULL;
}

int main(void)
{
	struct timespec until;
	pthread_t t;

	pthread_create(&t, NULL, oracle, NULL);
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += 1;
	pthread_mutex_lock(&lock);
	if (!answer)
		pthread_cond_timedwait(&cond, &lock, &until);
	assert(answer);
	pthread_mutex_unlock(&lock);
	pthread_join(t, NULL);
	return 0;
}
