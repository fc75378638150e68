// SPDX-License-Identifier: GPL-2.0
// finds: unlock-by-another or double-unlock or assert
// A lock that was not had in time is worked under and unlocked all the same.
#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <time.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int inside;

static void *slow(void *arg)
{
	(void)arg;
	pthread_mutex_lock(&lock);
	inside++;
	usleep(1000);
	inside--;
	pthread_mutex_unlock(&lock);
	return NULL;
}

static void *hasty(void *arg)
{
	struct timespec until;

	(void)arg;
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_nsec += 500000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000;
	}
	pthread_mutex_timedlock(&lock, &until);
	assert(++inside == 1);
	inside--;
	pthread_mutex_unlock(&lock);
	return NULL;
}

int main(void)
{
	pthread_t a, b;

	pthread_create(&a, NULL, slow, NULL);
	pthread_create(&b, NULL, hasty, NULL);
	pthread_join(a, NULL);
	pthread_join(b, NULL);
	return 0;
}
