// SPDX-License-Identifier: GPL-2.0
// finds: nothing
// The balance is checked in one critical section and changed in the next.
#include <assert.h>
#include <pthread.h>
#include <stdbool.h>

struct account {
	pthread_mutex_t lock;
	int balance;
};

static struct account joint = { PTHREAD_MUTEX_INITIALIZER, 100 };

static bool withdraw(struct account *a, int sum)
{
	pthread_mutex_lock(&a->lock);
	bool enough = a->balance >= sum;
	if (enough)
		a->balance -= sum;
	pthread_mutex_unlock(&a->lock);
	return enough;
}

static void *spouse(void *arg)
{
	withdraw(&joint, *(int *)arg);
	return NULL;
}

int main(void)
{
	int sums[2] = { 70, 60 };
	pthread_t t[2];

	for (int i = 0; i < 2; i++)
		pthread_create(&t[i], NULL, spouse, &sums[i]);
	for (int i = 0; i < 2; i++)
		pthread_join(t[i], NULL);
	assert(joint.balance >= 0);
	return 0;
}
