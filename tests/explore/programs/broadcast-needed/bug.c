// SPDX-License-Identifier: GPL-2.0
// finds: hang
// The gate is opened with a signal, which lets one of those waiting through.
#include <pthread.h>
#include <stdbool.h>

static struct {
	pthread_mutex_t lock;
	pthread_cond_t opened;
	bool open;
} gate = { PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, false };

static void *visitor(void *arg)
{
	(void)arg;
	pthread_mutex_lock(&gate.lock);
	while (!gate.open)
		pthread_cond_wait(&gate.opened, &gate.lock);
	pthread_mutex_unlock(&gate.lock);
	return NULL;
}

int main(void)
{
	pthread_t t[2];

	for (int i = 0; i < 2; i++)
		pthread_create(&t[i], NULL, visitor, NULL);
	pthread_mutex_lock(&gate.lock);
	gate.open = true;
	pthread_cond_signal(&gate.opened);
	pthread_mutex_unlock(&gate.lock);
	for (int i = 0; i < 2; i++)
		pthread_join(t[i], NULL);
	return 0;
}
