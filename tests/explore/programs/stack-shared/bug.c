// SPDX-License-Identifier: GPL-2.0
// finds: assert
// A local of main is shared by pointer; it is no less shared for being on a stack.
#include <assert.h>
#include <pthread.h>

struct tally {
	int heads, tails, tosses;
};

static void *toss(void *arg)
{
	struct tally *t = arg;

	for (int i = 0; i < 4; i++) {
		if (i & 1)
			t->heads++;
		else
			t->tails++;
		t->tosses++;
	}
	return NULL;
}

int main(void)
{
	struct tally all = { 0 };
	pthread_t t[2];

	for (int i = 0; i < 2; i++)
		pthread_create(&t[i], NULL, toss, &all);
	for (int i = 0; i < 2; i++)
		pthread_join(t[i], NULL);
	assert(all.heads + all.tails == all.tosses);
	return 0;
}
