// SPDX-License-Identifier: GPL-2.0
/* workload QUOTA_MS THREADS MS: a group with so much CPU time in each 100 ms, and in it a hog on each of so many CPUs. */
#include "../play.h"

#include <fcntl.h>
#include <sys/stat.h>

#define ROOT  "/sys/fs/cgroup"
#define GROUP ROOT "/demo-of-a-quota"

static uint64_t ms;

static void put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	must(fd >= 0 && write(fd, text, strlen(text)) > 0, path);
	close(fd);
}

static void *hog(void *arg)
{
	char name[32];

	snprintf(name, sizeof(name), "hog-%ld", (long)arg + 1);
	call_me(name);
	stay_on((int)(long)arg);
	gate();
	oncpu_begin("hog");
	burn_until(clock_ms(CLOCK_MONOTONIC) + ms);
	oncpu_end("hog");
	return NULL;
}

/* What the kernel counted: nr_periods, nr_throttled, throttled_usec. */
static void print_statistics(void)
{
	FILE *f = fopen(GROUP "/cpu.stat", "re");
	char line[128];

	must(f, "read cpu.stat");
	while (fgets(line, sizeof(line), f))
		fputs(line, stdout);
	fclose(f);
}

int main(int argc, char **argv)
{
	long quota = argument(argc, argv, 1), nr = argument(argc, argv, 2), i;
	pthread_t threads[2];
	char text[64];

	must(nr <= 2, "have so many threads");
	ms = (uint64_t)argument(argc, argv, 3);
	put(ROOT "/cgroup.subtree_control", "+cpu");
	must(!mkdir(GROUP, 0755) || errno == EEXIST, "make a control group");
	snprintf(text, sizeof(text), "%ld 100000", quota * 1000);
	put(GROUP "/cpu.max", text);
	snprintf(text, sizeof(text), "%ld", (long)getpid());
	put(GROUP "/cgroup.procs", text);
	gate_for((unsigned int)nr);
	for (i = 0; i < nr; i++)
		threads[i] = start(hog, (void *)i);
	for (i = 0; i < nr; i++)
		join(threads[i]);
	print_statistics();
	put(ROOT "/cgroup.procs", text);
	rmdir(GROUP);
	return 0;
}
