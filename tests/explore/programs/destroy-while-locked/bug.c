// SPDX-License-Identifier: GPL-2.0
// finds: destroy-in-use
// The mutex is destroyed once the flag is up, while its last holder still has it.
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

static pthread_mutex_t lock;
static atomic_int done;

static void *worker(void *arg)
{
	int *result = arg;

	pthread_mutex_lock(&lock);
	*result = 17;
	atomic_store(&done, 1);
	pthread_mutex_unlock(&lock);
	return NULL;
}

int main(void)
{
	int result = 0;
	pthread_t t;

	pthread_mutex_init(&lock, NULL);
	pthread_create(&t, NULL, worker, &result);
	while (!atomic_load(&done))
		sched_yield();
	pthread_mutex_destroy(&lock);
	pthread_join(t, NULL);
	return result != 17;
}
