// SPDX-License-Identifier: GPL-2.0
/*
 * work NAME N: the workloads of `make bench`, each N operations of it.
 *
 *   pipe1      two processes hand a byte to and fro, on one CPU
 *   pipe2      ... on two CPUs
 *   messaging  20 tasks send to 20 others over pipes, as hackbench has it
 *   locks      8 threads want one mutex, and sleep for it
 *   paced      as pipe1, but 10,000 switches a second: each is a hundredth of a second of them
 *   loop       one thread counts: N times the 4 instructions of spin(), for proving a measure
 *
 * Prints what the operations took and how many events they were, start and end left out:
 *   ns T cpu_ns C switches S wakings W
 * CPU time says more than time where the machine is busy with others, too. A switch that was asked
 * for comes with a waking. The marks tell the instruction counter of an
 * emulator (count.c) when it begins and ends; on a real CPU they do nothing.
 */
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define NR_MESSAGING 20
#define NR_THREADS   8
#define MESSAGE	     100
#define PACED_HZ     100
#define PACED_TRIPS  50

static long nr; /* operations */

/* A no-op whose displacement nobody else would choose. */
#define MARK(number) __asm__ volatile(".byte 0x0f,0x1f,0x84,0x00; .long " #number ::: "memory")

static uint64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec;
}

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static void pin(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		die("sched_setaffinity");
}

static void make_pipe(int fds[2])
{
	if (pipe(fds))
		die("pipe");
}

static void give(int fd, size_t size)
{
	static const char bytes[MESSAGE];

	if (write(fd, bytes, size) != (ssize_t)size)
		die("write");
}

static void take(int fd, size_t size)
{
	char bytes[MESSAGE];
	size_t done = 0;
	ssize_t n;

	while (done < size) {
		n = read(fd, bytes + done, size - done);
		if (n <= 0)
			die("read");
		done += (size_t)n;
	}
}

static void ping_pong(int here, int there)
{
	int to[2], back[2];
	long i;

	make_pipe(to);
	make_pipe(back);
	if (fork() == 0) {
		pin(there);
		for (i = 0; i < nr; i++) {
			take(to[0], 1);
			give(back[1], 1);
		}
		_exit(0);
	}
	pin(here);
	for (i = 0; i < nr; i++) {
		give(to[1], 1);
		take(back[0], 1);
	}
}

static void on_one_cpu(void)
{
	ping_pong(0, 0);
}

static void on_two_cpus(void)
{
	ping_pong(0, 1);
}

/* Each sender sends to each receiver in turn. */
static void messaging(void)
{
	int fds[NR_MESSAGING][2], go[2], i;
	char byte;
	long k;

	make_pipe(go);
	for (i = 0; i < NR_MESSAGING; i++)
		make_pipe(fds[i]);
	for (i = 0; i < 2 * NR_MESSAGING; i++) {
		if (fork() != 0)
			continue;
		close(go[1]);
		if (read(go[0], &byte, 1)) /* until the pipe is closed: all are there */
			_exit(1);
		for (k = 0; k < nr * NR_MESSAGING; k++)
			if (i < NR_MESSAGING)
				give(fds[k % NR_MESSAGING][1], MESSAGE);
			else
				take(fds[i - NR_MESSAGING][0], MESSAGE);
		_exit(0);
	}
	close(go[0]);
	close(go[1]);
}

/* A round trip is two switches; what a slow machine does not manage in its time is not made up for. */
static void paced(void)
{
	struct timespec pause = { .tv_nsec = 1000000000 / PACED_HZ };
	int to[2], back[2], i;
	uint64_t began_ns, took_ns;
	long k;

	make_pipe(to);
	make_pipe(back);
	if (fork() == 0) {
		pin(0);
		for (k = 0; k < nr * PACED_TRIPS; k++) {
			take(to[0], 1);
			give(back[1], 1);
		}
		_exit(0);
	}
	pin(0);
	for (k = 0; k < nr; k++) {
		began_ns = now_ns();
		for (i = 0; i < PACED_TRIPS; i++) {
			give(to[1], 1);
			take(back[0], 1);
		}
		took_ns = now_ns() - began_ns;
		pause.tv_nsec = 1000000000 / PACED_HZ - (long)took_ns;
		if (pause.tv_nsec > 0)
			nanosleep(&pause, NULL);
	}
}

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void *lock_and_unlock(void *unused)
{
	long i;

	for (i = 0; i < nr; i++) {
		pthread_mutex_lock(&mutex);
		sched_yield();
		pthread_mutex_unlock(&mutex);
	}
	return unused;
}

static void locks(void)
{
	pthread_t t[NR_THREADS];
	int i;

	for (i = 0; i < NR_THREADS; i++)
		if (pthread_create(&t[i], NULL, lock_and_unlock, NULL))
			die("pthread_create");
	for (i = 0; i < NR_THREADS; i++)
		pthread_join(t[i], NULL);
}

static void spin(void)
{
	unsigned long i = (unsigned long)nr;

	__asm__ volatile("1: nop; nop; sub $1, %0; jnz 1b" : "+r"(i)::"cc");
}

static const struct {
	const char *name;
	void (*run)(void);
} works[] = {
	{ "pipe1", on_one_cpu }, { "pipe2", on_two_cpus }, { "messaging", messaging },
	{ "locks", locks },	 { "loop", spin },	   { "paced", paced },
};

struct use {
	uint64_t cpu_ns;
	long switches, wakings;
};

static void add_use(int who, struct use *use)
{
	struct rusage u;

	getrusage(who, &u);
	use->switches += u.ru_nvcsw + u.ru_nivcsw;
	use->wakings += u.ru_nvcsw;
	use->cpu_ns += (uint64_t)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1000000000u +
		       (uint64_t)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) * 1000u;
}

int main(int argc, char **argv)
{
	struct use use = {};
	uint64_t start_ns;
	size_t i;

	for (i = 0; i < sizeof(works) / sizeof(works[0]); i++) {
		if (argc != 3 || strcmp(argv[1], works[i].name) != 0)
			continue;
		nr = atol(argv[2]);
		MARK(0x6f6e6301);
		start_ns = now_ns();
		works[i].run();
		while (wait(NULL) > 0)
			;
		start_ns = now_ns() - start_ns;
		MARK(0x6f6e6302);
		add_use(RUSAGE_SELF, &use);
		add_use(RUSAGE_CHILDREN, &use);
		printf("ns %llu cpu_ns %llu switches %ld wakings %ld\n",
		       (unsigned long long)start_ns, (unsigned long long)use.cpu_ns, use.switches,
		       use.wakings);
		return 0;
	}
	fprintf(stderr, "usage: work pipe1|pipe2|messaging|locks|paced|loop N\n");
	return 2;
}
