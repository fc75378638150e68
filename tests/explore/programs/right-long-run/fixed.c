// SPDX-License-Identifier: GPL-2.0
// finds: nothing
// Tens of thousands of steps under one lock, and a spin lock beside it.
#include <assert.h>
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_spinlock_t spin;
static int under_lock, under_spin;

static void *worker(void *arg)
{
	(void)arg;
	for (int i = 0; i < 2000; i++) {
		pthread_mutex_lock(&lock);
		under_lock++;
		pthread_mutex_unlock(&lock);
		pthread_spin_lock(&spin);
		under_spin++;
		pthread_spin_unlock(&spin);
	}
	return NULL;
}

int main(void)
{
	pthread_t t[2];

	pthread_spin_init(&spin, PTHREAD_PROCESS_PRIVATE);
	for (int i = 0; i < 2; i++)
		pthread_create(&t[i], NULL, worker, NULL);
	for (int i = 0; i < 2; i++)
		pthread_join(t[i], NULL);
	assert(under_lock == 4000 && under_spin == 4000);
	return 0;
}
