// SPDX-License-Identifier: GPL-2.0
/*
 * Locks that are held for known times, known times over:
 *
 *	busy	two threads, 10 times each, 2 ms and more
 *	quiet	1,000 times with nobody else about; 2 times around a wait of 1500 ms for a condition, which
 *		is not held meanwhile; and 1 time by who ends that
 *	table	read 5 times by two readers at once, written 3 times
 *	never	tried 7 times while another has it, whose one hold is all there is
 */
#include <pthread.h>
#include <unistd.h>

static pthread_mutex_t busy = PTHREAD_MUTEX_INITIALIZER, quiet = PTHREAD_MUTEX_INITIALIZER,
		       never = PTHREAD_MUTEX_INITIALIZER;
static pthread_rwlock_t table = PTHREAD_RWLOCK_INITIALIZER;
static pthread_cond_t ready = PTHREAD_COND_INITIALIZER;
static int go, waits, nr_there;

/* From when both are there. */
static void *work(void *arg)
{
	__atomic_fetch_add(&nr_there, 1, __ATOMIC_SEQ_CST);
	while (__atomic_load_n(&nr_there, __ATOMIC_SEQ_CST) < 2)
		usleep(100);
	for (int i = 0; i < 10; i++) {
		pthread_mutex_lock(&busy);
		usleep(2000);
		pthread_mutex_unlock(&busy);
	}
	return arg;
}

static void *wait_for_it(void *arg)
{
	pthread_mutex_lock(&quiet);
	__atomic_store_n(&waits, 1, __ATOMIC_SEQ_CST);
	while (!go)
		pthread_cond_wait(&ready, &quiet);
	pthread_mutex_unlock(&quiet);
	return arg;
}

static void *try(void *arg)
{
	for (int i = 0; i < 7; i++)
		if (!pthread_mutex_trylock(&never))
			return NULL;
	return arg;
}

static void *read_it(void *arg)
{
	pthread_rwlock_rdlock(&table);
	usleep(1000);
	pthread_rwlock_unlock(&table);
	return arg;
}

int main(void)
{
	pthread_t t[3];

	pthread_create(&t[0], NULL, work, NULL);
	pthread_create(&t[1], NULL, work, NULL);
	pthread_create(&t[2], NULL, wait_for_it, NULL);
	while (!__atomic_load_n(&waits, __ATOMIC_SEQ_CST))
		usleep(1000);
	usleep(1500000);
	pthread_mutex_lock(&quiet);
	go = 1;
	pthread_cond_signal(&ready);
	pthread_mutex_unlock(&quiet);
	for (int i = 0; i < 3; i++)
		pthread_join(t[i], NULL);
	for (int i = 0; i < 1000; i++) {
		pthread_mutex_lock(&quiet);
		pthread_mutex_unlock(&quiet);
	}
	for (int i = 0; i < 2; i++)
		pthread_create(&t[i], NULL, read_it, NULL);
	for (int i = 0; i < 2; i++)
		pthread_join(t[i], NULL);
	for (int i = 0; i < 3; i++) {
		read_it(NULL);
		pthread_rwlock_wrlock(&table);
		pthread_rwlock_unlock(&table);
	}
	pthread_mutex_lock(&never);
	pthread_create(&t[0], NULL, try, NULL);
	pthread_join(t[0], NULL);
	pthread_mutex_unlock(&never);
	return 0;
}
