// SPDX-License-Identifier: GPL-2.0
// finds: nothing
// Two threads wait for one worker by joining it, which only one of them may.
#include <pthread.h>
#include <stdatomic.h>

static pthread_t worker_thread;
static atomic_int joined;

static void *worker(void *arg)
{
	(void)arg;
	return NULL;
}

static int await_worker(void)
{
	if (atomic_exchange(&joined, 1))
		return 0;
	return pthread_join(worker_thread, NULL);
}

static void *closer(void *arg)
{
	int *err = arg;

	*err = await_worker();
	return NULL;
}

int main(void)
{
	int err[2] = { 0 };
	pthread_t t;

	pthread_create(&worker_thread, NULL, worker, NULL);
	pthread_create(&t, NULL, closer, &err[0]);
	err[1] = await_worker();
	pthread_join(t, NULL);
	return err[0] || err[1];
}
