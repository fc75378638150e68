// SPDX-License-Identifier: GPL-2.0
// finds: nothing
// The second order is taken only on a reload that comes while a request is counted.
#include <pthread.h>
#include <stdbool.h>

static pthread_mutex_t config = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t requests = PTHREAD_MUTEX_INITIALIZER;
static int in_flight, limit = 4, reloads;

static void *serve(void *arg)
{
	(void)arg;
	for (int i = 0; i < 3; i++) {
		pthread_mutex_lock(&requests);
		in_flight++;
		pthread_mutex_unlock(&requests);
		pthread_mutex_lock(&requests);
		in_flight--;
		pthread_mutex_unlock(&requests);
	}
	return NULL;
}

static void *reload(void *arg)
{
	(void)arg;
	pthread_mutex_lock(&config);
	pthread_mutex_lock(&requests);
	bool busy = in_flight > 0;
	pthread_mutex_unlock(&requests);
	if (busy) {
		pthread_mutex_lock(&requests);
		limit = in_flight;
		pthread_mutex_unlock(&requests);
	}
	reloads++;
	pthread_mutex_unlock(&config);
	return NULL;
}

int main(void)
{
	pthread_t t[2];

	pthread_create(&t[0], NULL, serve, NULL);
	pthread_create(&t[1], NULL, reload, NULL);
	pthread_join(t[0], NULL);
	pthread_join(t[1], NULL);
	return in_flight != 0;
}
