// SPDX-License-Identifier: GPL-2.0
// finds: race
// A struct is assigned as a whole, which is no atomic step.
#include <pthread.h>

struct range {
	long from, to, step, flags, seen;
};

static struct range range = { 0, 10, 1, 0, 0 };

static void *change(void *arg)
{
	struct range next = { 20, 30, 2, 1, 0 };

	(void)arg;
	range = next;
	return NULL;
}

int main(void)
{
	pthread_t t;

	pthread_create(&t, NULL, change, NULL);
	struct range mine = range;
	pthread_join(t, NULL);
	return mine.from > mine.to;
}
