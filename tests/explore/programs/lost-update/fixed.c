// SPDX-License-Identifier: GPL-2.0
// finds: nothing
// Two cashiers add their sales to one till.
#include <assert.h>
#include <pthread.h>

static int sales[2][5] = { { 3, 7, 2, 9, 4 }, { 1, 8, 6, 5, 5 } };
static int till;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void *cashier(void *arg)
{
	int *mine = arg;

	for (int i = 0; i < 5; i++) {
		pthread_mutex_lock(&lock);
		till += mine[i];
		pthread_mutex_unlock(&lock);
	}
	return NULL;
}

int main(void)
{
	pthread_t t[2];

	for (int i = 0; i < 2; i++)
		pthread_create(&t[i], NULL, cashier, sales[i]);
	for (int i = 0; i < 2; i++)
		pthread_join(t[i], NULL);
	assert(till == 50);
	return 0;
}
