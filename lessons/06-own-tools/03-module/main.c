// SPDX-License-Identifier: GPL-2.0
/*
 * Four threads that keep two CPUs switching: left-0 and left-1 wake each other on CPU 0, right-0 and
 * right-1 on the last CPU, 60 times each.
 *
 *	module turns    also without an argument
 */
#include <oncpu/mark.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TURNS 60

struct player {
	const char *name;
	int cpu, hear, say;
	pthread_t thread;
};

static void turn(const struct player *p)
{
	char c = 'x';

	if (read(p->hear, &c, 1) != 1 || write(p->say, &c, 1) != 1)
		exit(1);
}

static void *play(void *arg)
{
	const struct player *p = arg;
	cpu_set_t cpu;

	pthread_setname_np(pthread_self(), p->name);
	CPU_ZERO(&cpu);
	CPU_SET(p->cpu, &cpu);
	pthread_setaffinity_np(pthread_self(), sizeof(cpu), &cpu);
	oncpu_begin("play");
	for (int i = 0; i < TURNS; i++)
		turn(p);
	oncpu_end("play");
	return NULL;
}

/* Each hears what the other says; somebody has to begin. */
static void match(struct player *first, struct player *second)
{
	int there[2], back[2];

	if (pipe(there) || pipe(back) || write(back[1], "x", 1) != 1) {
		perror("module: pipe");
		exit(1);
	}
	*first = (struct player){ first->name, first->cpu, back[0], there[1], 0 };
	*second = (struct player){ second->name, second->cpu, there[0], back[1], 0 };
}

int main(int argc, char **argv)
{
	int last = (int)sysconf(_SC_NPROCESSORS_ONLN) - 1, i;
	struct player players[] = {
		{ .name = "left-0" },
		{ .name = "left-1" },
		{ .name = "right-0", .cpu = last },
		{ .name = "right-1", .cpu = last },
	};

	if (argc > 1 && strcmp(argv[1], "turns"))
		return fprintf(stderr, "usage: module turns\n"), 2;
	match(&players[0], &players[1]);
	match(&players[2], &players[3]);
	for (i = 0; i < 4; i++)
		if (pthread_create(&players[i].thread, NULL, play, &players[i])) {
			perror("module: thread");
			return 1;
		}
	for (i = 0; i < 4; i++)
		pthread_join(players[i].thread, NULL);
	printf("turns %d\n", 4 * TURNS);
	return 0;
}
