// SPDX-License-Identifier: GPL-2.0
// finds: nothing
// Of twenty threads two share a mailbox, and only one order of their three steps loses a letter.
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

#define N 20

static atomic_int mailbox[N], letters;

static void *post(void *arg)
{
	int n = *(int *)arg;
	int box = n;
	int before = atomic_load(&mailbox[box]);

	atomic_fetch_add(&letters, 1);
	atomic_store(&mailbox[box], before + 1);
	return NULL;
}

int main(void)
{
	int id[N], sum = 0;
	pthread_t t[N];

	for (int i = 0; i < N; i++) {
		id[i] = i;
		pthread_create(&t[i], NULL, post, &id[i]);
	}
	for (int i = 0; i < N; i++)
		pthread_join(t[i], NULL);
	for (int i = 0; i < N; i++)
		sum += mailbox[i];
	assert(sum == letters);
	return 0;
}
