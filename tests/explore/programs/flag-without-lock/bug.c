// SPDX-License-Identifier: GPL-2.0
// finds: hang
// The flag is set and signalled without the lock, between the waiter's look and its sleep.
#include <pthread.h>
#include <stdatomic.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static atomic_int quit;

static void *waiter(void *arg)
{
	(void)arg;
	pthread_mutex_lock(&lock);
	while (!atomic_load(&quit))
		pthread_cond_wait(&cond, &lock);
	pthread_mutex_unlock(&lock);
	return NULL;
}

int main(void)
{
	pthread_t t;

	pthread_create(&t, NULL, waiter, NULL);
	atomic_store(&quit, 1);
	pthread_cond_signal(&cond);
	pthread_join(t, NULL);
	return 0;
}
