// SPDX-License-Identifier: GPL-2.0
/*
 * workload SERVER_MS MS: on CPU 0 a hog of SCHED_FIFO that never sleeps, and an ordinary thread that would like to
 * run. The deadline server of that CPU has SERVER_MS in each second. Where the kernel has none it prints so.
 */
#include "../play.h"

#include <sys/mount.h>

#define DEBUG  "/sys/kernel/debug"
#define SERVER DEBUG "/sched/fair_server/cpu0/runtime"

static uint64_t ms;

static void *hog(void *arg)
{
	call_me("hog");
	stay_on(0);
	be(SCHED_FIFO, 50);
	gate();
	oncpu_begin("rules");
	burn_until(clock_ms(CLOCK_MONOTONIC) + ms);
	oncpu_end("rules");
	return arg;
}

static void *ordinary(void *arg)
{
	call_me("ordinary");
	stay_on(0);
	gate();
	burn_until(clock_ms(CLOCK_MONOTONIC) + ms);
	return arg;
}

static void give_server(long server_ms)
{
	FILE *f;

	if (access(SERVER, W_OK))
		mount("debugfs", DEBUG, "debugfs", 0, NULL);
	f = fopen(SERVER, "we");
	printf("server %d\n", f != NULL);
	if (!f)
		return;
	fprintf(f, "%ld\n", server_ms * 1000000);
	must(!fclose(f), "give the server that time");
}

int main(int argc, char **argv)
{
	pthread_t a, b;

	stay_on(1);
	give_server(argument(argc, argv, 1));
	ms = (uint64_t)argument(argc, argv, 2);
	gate_for(2);
	b = start(ordinary, NULL);
	a = start(hog, NULL);
	join(a);
	join(b);
	return 0;
}
