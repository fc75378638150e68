// SPDX-License-Identifier: GPL-2.0
// finds: nothing
// Latitude and longitude are read under the lock, but one at a time.
#include <assert.h>
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int latitude = 10, longitude = 110;

static void move(int d)
{
	pthread_mutex_lock(&lock);
	latitude += d;
	longitude += d;
	pthread_mutex_unlock(&lock);
}

static void *ship(void *arg)
{
	(void)arg;
	for (int i = 1; i <= 4; i++)
		move(i);
	return NULL;
}

static void *radar(void *arg)
{
	(void)arg;
	for (int i = 0; i < 2; i++) {
		pthread_mutex_lock(&lock);
		int la = latitude, lo = longitude;
		pthread_mutex_unlock(&lock);
		assert(lo - la == 100);
	}
	return NULL;
}

int main(void)
{
	pthread_t t[2];

	pthread_create(&t[0], NULL, ship, NULL);
	pthread_create(&t[1], NULL, radar, NULL);
	pthread_join(t[0], NULL);
	pthread_join(t[1], NULL);
	return 0;
}
