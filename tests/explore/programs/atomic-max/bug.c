// SPDX-License-Identifier: GPL-2.0
// finds: exit
// Every access is atomic; the read-compare-write is not.
#include <pthread.h>
#include <stdatomic.h>

static atomic_int highest;

static void *thermometer(void *arg)
{
	const int *reading = arg;

	for (int i = 0; i < 3; i++) {
		if (reading[i] > atomic_load(&highest))
			atomic_store(&highest, reading[i]);
	}
	return NULL;
}

int main(void)
{
	int readings[3][3] = { { 11, 14, 19 }, { 22, 13, 8 }, { 5, 17, 18 } };
	pthread_t t[3];

	for (int i = 0; i < 3; i++)
		pthread_create(&t[i], NULL, thermometer, readings[i]);
	for (int i = 0; i < 3; i++)
		pthread_join(t[i], NULL);
	return highest == 22 ? 0 : 1;
}
