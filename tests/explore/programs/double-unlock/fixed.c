// SPDX-License-Identifier: GPL-2.0
// finds: nothing
// The error path unlocks, and so does the caller on any failure.
#include <pthread.h>
#include <stdbool.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int stock = 3;

static bool reserve(int n)
{
	if (stock < n) {
		return false;
	}
	stock -= n;
	return true;
}

static void *order(void *arg)
{
	bool *ok = arg;

	pthread_mutex_lock(&lock);
	*ok = reserve(2);
	pthread_mutex_unlock(&lock);
	return NULL;
}

static void *restock(void *arg)
{
	(void)arg;
	pthread_mutex_lock(&lock);
	stock += 2;
	pthread_mutex_unlock(&lock);
	return NULL;
}

int main(void)
{
	bool ok[2];
	pthread_t t[3];

	pthread_create(&t[0], NULL, order, &ok[0]);
	pthread_create(&t[1], NULL, restock, NULL);
	pthread_create(&t[2], NULL, order, &ok[1]);
	for (int i = 0; i < 3; i++)
		pthread_join(t[i], NULL);
	return stock < 0;
}
