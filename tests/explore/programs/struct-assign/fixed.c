// SPDX-License-Identifier: GPL-2.0
// finds: nothing
// A struct is assigned as a whole, which is no atomic step.
#include <pthread.h>

struct range {
	long from, to, step, flags, seen;
};

static struct range range = { 0, 10, 1, 0, 0 };
static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;

static void *change(void *arg)
{
	struct range next = { 20, 30, 2, 1, 0 };

	(void)arg;
	pthread_rwlock_wrlock(&lock);
	range = next;
	pthread_rwlock_unlock(&lock);
	return NULL;
}

int main(void)
{
	pthread_t t;

	pthread_create(&t, NULL, change, NULL);
	pthread_rwlock_rdlock(&lock);
	struct range mine = range;
	pthread_rwlock_unlock(&lock);
	pthread_join(t, NULL);
	return mine.from > mine.to;
}
