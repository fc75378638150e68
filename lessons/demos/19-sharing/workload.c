// SPDX-License-Identifier: GPL-2.0
/* workload APART TIMES: two threads on two CPUs add to a number each, so many thousand times; the numbers are so many bytes apart. */
#include "../play.h"

#define MOST 256

static _Alignas(MOST) char memory[2 * MOST];
static long apart, thousands;

static void *counter(void *arg)
{
	long self = (long)arg, i, k;
	volatile long *mine = (volatile long *)(void *)(memory + self * apart);

	call_me(self ? "second" : "first");
	stay_on((int)self);
	gate();
	oncpu_begin("count");
	for (i = 0; i < thousands; i++)
		for (k = 0; k < 1000; k++)
			++*mine;
	oncpu_end("count");
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t threads[2];
	long i;

	apart = argument(argc, argv, 1);
	thousands = argument(argc, argv, 2);
	must(apart >= (long)sizeof(long) && apart <= MOST && apart % (long)sizeof(long) == 0,
	     "put two numbers so far apart");
	gate_for(2);
	for (i = 0; i < 2; i++)
		threads[i] = start(counter, (void *)i);
	for (i = 0; i < 2; i++)
		join(threads[i]);
	for (i = 0; i < 2; i++)
		printf("number-%ld %ld\n", i, *(long *)(void *)(memory + i * apart));
	return 0;
}
