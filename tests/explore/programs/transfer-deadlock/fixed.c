// SPDX-License-Identifier: GPL-2.0
// finds: nothing
// Two transfers in opposite directions, each locking its source first.
#include <pthread.h>

struct account {
	pthread_mutex_t lock;
	int balance;
};

static struct account accounts[2] = {
	{ PTHREAD_MUTEX_INITIALIZER, 500 },
	{ PTHREAD_MUTEX_INITIALIZER, 500 },
};

static void transfer(struct account *from, struct account *to, int sum)
{
	pthread_mutex_lock(from < to ? &from->lock : &to->lock);
	pthread_mutex_lock(from < to ? &to->lock : &from->lock);
	from->balance -= sum;
	to->balance += sum;
	pthread_mutex_unlock(&to->lock);
	pthread_mutex_unlock(&from->lock);
}

static void *forth(void *arg)
{
	(void)arg;
	transfer(&accounts[0], &accounts[1], 10);
	return NULL;
}

static void *back(void *arg)
{
	(void)arg;
	transfer(&accounts[1], &accounts[0], 20);
	return NULL;
}

int main(void)
{
	pthread_t a, b;

	pthread_create(&a, NULL, forth, NULL);
	pthread_create(&b, NULL, back, NULL);
	pthread_join(a, NULL);
	pthread_join(b, NULL);
	return accounts[0].balance + accounts[1].balance != 1000;
}
