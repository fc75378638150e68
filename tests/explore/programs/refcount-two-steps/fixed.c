// SPDX-License-Identifier: GPL-2.0
// finds: nothing
// The count is decremented by one atomic operation and looked at by another.
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

struct file {
	atomic_int users;
	atomic_int closed;
};

static void put(struct file *f)
{
	if (atomic_fetch_sub(&f->users, 1) == 1)
		assert(atomic_fetch_add(&f->closed, 1) == 0);
}

static void *user(void *arg)
{
	put(arg);
	return NULL;
}

int main(void)
{
	static struct file f = { .users = 3 };
	pthread_t t[2];

	for (int i = 0; i < 2; i++)
		pthread_create(&t[i], NULL, user, &f);
	put(&f);
	for (int i = 0; i < 2; i++)
		pthread_join(t[i], NULL);
	assert(f.closed == 1);
	return 0;
}
