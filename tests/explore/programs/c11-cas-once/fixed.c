// SPDX-License-Identifier: GPL-2.0
// finds: nothing
// A compare-and-swap that fails is not tried again.
#include <assert.h>
#include <stdatomic.h>
#include <threads.h>

static atomic_int votes;

static int vote(void *arg)
{
	int weight = *(int *)arg, seen = atomic_load(&votes);

	while (!atomic_compare_exchange_strong(&votes, &seen, seen + weight))
		;
	return 0;
}

int main(void)
{
	int weight[3] = { 1, 2, 4 };
	thrd_t t[3];

	for (int i = 0; i < 3; i++)
		thrd_create(&t[i], vote, &weight[i]);
	for (int i = 0; i < 3; i++)
		thrd_join(t[i], NULL);
	assert(votes == 7);
	return 0;
}
