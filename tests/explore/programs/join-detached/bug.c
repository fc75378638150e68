// SPDX-License-Identifier: GPL-2.0
// finds: join-detached or exit
// The thread detaches itself, and its starter, if quick enough, joins it all the same.
#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

static atomic_int detached;

static void *background(void *arg)
{
	int *work = arg;

	pthread_detach(pthread_self());
	atomic_store(&detached, 1);
	*work = 1;
	return NULL;
}

int main(void)
{
	static int work;
	pthread_t t;

	pthread_create(&t, NULL, background, &work);
	usleep(1000);
	if (!atomic_load(&detached))
		return 0;
	return pthread_join(t, NULL);
}
