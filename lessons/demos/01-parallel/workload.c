// SPDX-License-Identifier: GPL-2.0
/* workload CPUS WORKERS MS: so many workers with so much work each, on the first so many CPUs. */
#include "../play.h"

static uint64_t work_ms;

static void *run(void *arg)
{
	char name[16];

	snprintf(name, sizeof(name), "worker-%ld", (long)arg);
	call_me(name);
	gate();
	oncpu_begin("work");
	burn_ms(work_ms);
	oncpu_end("work");
	return NULL;
}

static void use_cpus(long n)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	while (n-- > 0)
		CPU_SET((size_t)n, &set);
	must(!sched_setaffinity(0, sizeof(set), &set), "use these CPUs");
}

int main(int argc, char **argv)
{
	long workers = argument(argc, argv, 2), i;
	pthread_t threads[16];

	use_cpus(argument(argc, argv, 1));
	work_ms = (uint64_t)argument(argc, argv, 3);
	gate_for((unsigned int)workers);
	for (i = 0; i < workers; i++)
		threads[i] = start(run, (void *)(i + 1));
	for (i = 0; i < workers; i++)
		join(threads[i]);
	return 0;
}
