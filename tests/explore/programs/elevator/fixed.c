// SPDX-License-Identifier: GPL-2.0
// finds: nothing
// Doors and motor each wait for the other's flag, and a call button pressed at one moment stops both.
#include <pthread.h>
#include <stdbool.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static bool doors_open, moving, called;

static void *doors(void *arg)
{
	(void)arg;
	pthread_mutex_lock(&lock);
	while (moving)
		pthread_cond_wait(&changed, &lock);
	doors_open = true;
	pthread_mutex_unlock(&lock);
	pthread_mutex_lock(&lock);
	while (!called)
		pthread_cond_wait(&changed, &lock);
	doors_open = false;
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&lock);
	return NULL;
}

static void *motor(void *arg)
{
	(void)arg;
	pthread_mutex_lock(&lock);
	while (doors_open)
		pthread_cond_wait(&changed, &lock);
	moving = true;
	called = false;
	pthread_mutex_unlock(&lock);
	pthread_mutex_lock(&lock);
	moving = false;
	called = true;
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&lock);
	return NULL;
}

static void *button(void *arg)
{
	(void)arg;
	pthread_mutex_lock(&lock);
	called = true;
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&lock);
	return NULL;
}

int main(void)
{
	void *(*role[])(void *) = { doors, motor, button };
	pthread_t t[3];

	for (int i = 0; i < 3; i++)
		pthread_create(&t[i], NULL, role[i], NULL);
	for (int i = 0; i < 3; i++)
		pthread_join(t[i], NULL);
	return 0;
}
