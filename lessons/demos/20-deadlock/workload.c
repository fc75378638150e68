// SPDX-License-Identifier: GPL-2.0
/*
 * workload opposite|ordered THREADS SEED: as many locks as threads, in a ring. Each thread takes its own and the next
 * one's, works, and gives them back, ROUNDS times. ordered: of the two it takes the one with the smaller number first.
 */
#include "../play.h"

#define ROUNDS 100
#define MOST   4

static pthread_mutex_t locks[MOST];
static long nr_threads, seed;
static bool ordered;

static void *mover(void *arg)
{
	long self = (long)arg, next = (self + 1) % nr_threads;
	long first = ordered && next < self ? next : self, second = first == self ? next : self;
	unsigned short dice[3] = { (unsigned short)seed, (unsigned short)self, 17 };
	char name[32];
	int i;

	snprintf(name, sizeof(name), "mover-%ld", self + 1);
	call_me(name);
	gate();
	for (i = 0; i < ROUNDS; i++) {
		oncpu_begin("move");
		pthread_mutex_lock(&locks[first]);
		burn_ms(1);
		pthread_mutex_lock(&locks[second]);
		burn_ms(1);
		pthread_mutex_unlock(&locks[second]);
		pthread_mutex_unlock(&locks[first]);
		oncpu_end("move");
		burn_ms((uint64_t)nrand48(dice) % 12);
	}
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t threads[MOST];
	long i;

	ordered = argc > 1 && !strcmp(argv[1], "ordered");
	nr_threads = argument(argc, argv, 2);
	seed = argument(argc, argv, 3);
	must(nr_threads <= MOST, "have so many threads");
	gate_for((unsigned int)nr_threads);
	for (i = 0; i < nr_threads; i++)
		pthread_mutex_init(&locks[i], NULL);
	for (i = 0; i < nr_threads; i++)
		threads[i] = start(mover, (void *)i);
	for (i = 0; i < nr_threads; i++)
		join(threads[i]);
	printf("rounds %d\n", ROUNDS);
	return 0;
}
