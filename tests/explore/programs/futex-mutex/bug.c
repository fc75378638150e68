// SPDX-License-Identifier: GPL-2.0
// finds: hang
// A mutex on a futex whose unlock wakes only if the word says that somebody waits, which nobody writes.
#include <linux/futex.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <unistd.h>

/* 0 free, 1 locked, 2 locked and somebody waits */
static atomic_int word;
static int shared;

static void lock(void)
{
	int v = 0;

	if (atomic_compare_exchange_strong(&word, &v, 1))
		return;
	do
		syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, 1, NULL, NULL, 0);
	while (atomic_exchange(&word, 1) != 0);
}

static void unlock(void)
{
	if (atomic_exchange(&word, 0) == 2)
		syscall(SYS_futex, &word, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

static void *worker(void *arg)
{
	(void)arg;
	for (int i = 0; i < 2; i++) {
		lock();
		shared++;
		unlock();
	}
	return NULL;
}

int main(void)
{
	pthread_t t[3];

	for (int i = 0; i < 3; i++)
		pthread_create(&t[i], NULL, worker, NULL);
	for (int i = 0; i < 3; i++)
		pthread_join(t[i], NULL);
	return shared != 6;
}
