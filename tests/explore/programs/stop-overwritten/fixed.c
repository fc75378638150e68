// SPDX-License-Identifier: GPL-2.0
// finds: nothing
// The worker says that it runs only when it has begun, and so takes back a stop that came first.
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

static atomic_int running = 1;
static atomic_long rounds;

static void *worker(void *arg)
{
	(void)arg;
	while (atomic_load(&running)) {
		atomic_fetch_add(&rounds, 1);
		sched_yield();
	}
	return NULL;
}

int main(void)
{
	pthread_t t;

	pthread_create(&t, NULL, worker, NULL);
	atomic_store(&running, 0);
	pthread_join(t, NULL);
	return 0;
}
