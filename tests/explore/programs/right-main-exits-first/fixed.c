// SPDX-License-Identifier: GPL-2.0
// finds: nothing
// main ends by pthread_exit; the last thread's end is the program's.
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int left = 3;

static void *worker(void *arg)
{
	(void)arg;
	pthread_mutex_lock(&lock);
	if (--left == 0)
		puts("all done");
	pthread_mutex_unlock(&lock);
	return NULL;
}

int main(void)
{
	pthread_attr_t attr;
	pthread_t t;

	pthread_attr_init(&attr);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	for (int i = 0; i < 3; i++)
		if (pthread_create(&t, &attr, worker, NULL))
			exit(2);
	pthread_attr_destroy(&attr);
	pthread_exit(NULL);
}
