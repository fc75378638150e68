// SPDX-License-Identifier: GPL-2.0
// finds: nothing
// The thread detaches itself, and its starter, if quick enough, joins it all the same.
#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

static atomic_int detached;
static atomic_int done;

static void *background(void *arg)
{
	int *work = arg;

	pthread_detach(pthread_self());
	atomic_store(&detached, 1);
	*work = 1;
	atomic_store(&done, 1);
	return NULL;
}

int main(void)
{
	static int work;
	pthread_t t;

	pthread_create(&t, NULL, background, &work);
	while (!atomic_load(&done))
		usleep(1000);
	return !atomic_load(&detached);
}
