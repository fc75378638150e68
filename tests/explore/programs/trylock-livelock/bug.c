// SPDX-License-Identifier: GPL-2.0
// finds: assert
// Two polite threads take one lock each, find the other's taken, and both step back, again and again.
#include <assert.h>
#include <pthread.h>

static pthread_mutex_t left = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t right = PTHREAD_MUTEX_INITIALIZER;

static void take_both(pthread_mutex_t *mine, pthread_mutex_t *other)
{
	for (int retries = 0;; retries++) {
		assert(retries < 4); /* the watchdog of the house */
		pthread_mutex_lock(mine);
		if (!pthread_mutex_trylock(other))
			return;
		pthread_mutex_unlock(mine);
	}
}

static void *walker(void *arg)
{
	pthread_mutex_t *mine = arg, *other = mine == &left ? &right : &left;

	take_both(mine, other);
	pthread_mutex_unlock(other);
	pthread_mutex_unlock(mine);
	return NULL;
}

int main(void)
{
	pthread_t t[2];

	pthread_create(&t[0], NULL, walker, &left);
	pthread_create(&t[1], NULL, walker, &right);
	pthread_join(t[0], NULL);
	pthread_join(t[1], NULL);
	return 0;
}
