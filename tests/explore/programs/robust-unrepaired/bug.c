// SPDX-License-Identifier: GPL-2.0
// finds: assert
// A dead owner's lock is taken over, and what it left half done is taken as whole.
#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>

static pthread_mutex_t lock;
static int debit, credit;
static atomic_int give_up;

static void lock_books(void)
{
	if (pthread_mutex_lock(&lock) == EOWNERDEAD) {
		pthread_mutex_consistent(&lock);
	}
}

static void *clerk(void *arg)
{
	(void)arg;
	lock_books();
	debit += 5;
	if (atomic_load(&give_up))
		pthread_exit(NULL);
	credit += 5;
	pthread_mutex_unlock(&lock);
	return NULL;
}

static void *auditor(void *arg)
{
	(void)arg;
	lock_books();
	assert(debit == credit);
	pthread_mutex_unlock(&lock);
	return NULL;
}

int main(void)
{
	pthread_mutexattr_t attr;
	pthread_t c, a;

	pthread_mutexattr_init(&attr);
	pthread_mutexattr_setrobust(&attr, PTHREAD_MUTEX_ROBUST);
	pthread_mutex_init(&lock, &attr);
	pthread_create(&c, NULL, clerk, NULL);
	pthread_create(&a, NULL, auditor, NULL);
	atomic_store(&give_up, 1);
	pthread_join(c, NULL);
	pthread_join(a, NULL);
	return 0;
}
