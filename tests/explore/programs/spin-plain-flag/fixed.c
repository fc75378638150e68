// SPDX-License-Identifier: GPL-2.0
// finds: nothing
// A plain int is spun on: at -O2 the loop may never look again.
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

static atomic_int ready;
static int answer;

static void *producer(void *arg)
{
	(void)arg;
	answer = 42;
	ready = 1;
	return NULL;
}

int main(void)
{
	pthread_t t;

	pthread_create(&t, NULL, producer, NULL);
	while (!ready)
		;
	printf("%d\n", answer);
	pthread_join(t, NULL);
	return answer != 42;
}
