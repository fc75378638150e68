// SPDX-License-Identifier: GPL-2.0
/* oncpu doctor: what this kernel lets oncpu do; each "no" with its mend. */
#include <argp.h>
#include <errno.h>
#include <linux/io_uring.h>
#include <linux/perf_event.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "lib/command.h"

enum answer { NO, YES, OPTIONAL }; /* OPTIONAL: a no that takes nothing essential away */

static bool readable(const char *path)
{
	return access(path, R_OK) == 0;
}

static enum answer ask_root(const char **detail)
{
	*detail = "only root may watch the kernel";
	return geteuid() == 0;
}

static enum answer ask_btf(const char **detail)
{
	*detail = "/sys/kernel/btf/vmlinux: the probes fit themselves to this kernel";
	return readable("/sys/kernel/btf/vmlinux");
}

static enum answer ask_tracepoints(const char **detail)
{
	*detail = "sched, lock and syscall tracepoints";
	return readable("/sys/kernel/tracing/events/sched/sched_switch/id") &&
	       readable("/sys/kernel/tracing/events/lock/contention_begin/id");
}

static enum answer ask_module(const char **detail)
{
	*detail = "/dev/oncpu: the second recorder; without it the probes record alone";
	return readable("/dev/oncpu") ? YES : OPTIONAL;
}

static enum answer ask_sched_ext(const char **detail)
{
	*detail = "SCHED_CLASS_EXT: schedulers that are BPF programs";
	return readable("/sys/kernel/sched_ext/state") ? YES : OPTIONAL;
}

static enum answer ask_io_uring(const char **detail)
{
	struct io_uring_params params = { 0 };
	long fd = syscall(SYS_io_uring_setup, 1, &params);

	*detail = "asynchronous I/O by shared rings";
	if (fd < 0)
		return NO;
	close((int)fd);
	return YES;
}

static enum answer ask_pmu(const char **detail)
{
	struct perf_event_attr attr = { .type = PERF_TYPE_HARDWARE,
					.size = sizeof(attr),
					.config = PERF_COUNT_HW_CPU_CYCLES,
					.disabled = 1 };
	long fd = syscall(SYS_perf_event_open, &attr, 0, -1, -1, 0);

	*detail = "hardware counters: cycles, cache misses";
	if (fd < 0)
		return OPTIONAL;
	close((int)fd);
	return YES;
}

static const struct question {
	const char *what;
	enum answer (*ask)(const char **detail);
	const char *mend;
} questions[] = {
	{ "root", ask_root, "on the host scripts/oncpu uses a guest, in which it is; else: sudo" },
	{ "BTF", ask_btf, "a kernel built with CONFIG_DEBUG_INFO_BTF, as the guest's is" },
	{ "tracepoints", ask_tracepoints, "mount -t tracefs tracefs /sys/kernel/tracing" },
	{ "module", ask_module,
	  "insmod oncpu.ko, built for this kernel (make build; in the guest "
	  "it is /opt/oncpu/module/oncpu.ko)" },
	{ "sched_ext", ask_sched_ext,
	  "Linux 6.12 or newer with CONFIG_SCHED_CLASS_EXT; in the guest: "
	  "scripts/vm build --refresh" },
	{ "io_uring", ask_io_uring, "sysctl kernel.io_uring_disabled=0" },
	{ "PMU", ask_pmu,
	  "none under TCG; under KVM the host must pass it on. Nothing else needs it" },
};

/* true: nothing essential is missing */
static bool ask_all(void)
{
	static const char *const words[] = { [NO] = "no ", [YES] = "yes", [OPTIONAL] = "-- " };
	bool fine = true;
	size_t i;

	for (i = 0; i < sizeof(questions) / sizeof(*questions); i++) {
		const struct question *q = &questions[i];
		const char *detail;
		enum answer answer = q->ask(&detail);

		printf("  %s  %-14s %s\n", words[answer], q->what, detail);
		if (answer != YES)
			printf("       mend: %s\n", q->mend);
		fine = fine && answer != NO;
	}
	return fine;
}

static int doctor(int argc, char **argv)
{
	static const struct argp argp = {
		.doc = "What this kernel lets oncpu do, and how to mend what not."
	};
	struct utsname u;

	argp_parse(&argp, argc, argv, 0, NULL, NULL);
	uname(&u);
	printf("This kernel: %s %s on %ld CPUs (%s); oncpu %s\n", u.sysname, u.release,
	       sysconf(_SC_NPROCESSORS_ONLN), u.machine, ONCPU_VERSION);
	return ask_all() ? EXIT_OK : EXIT_ENVIRON;
}

ONCPU_COMMAND(doctor, { .name = "doctor",
			.args = "",
			.help = "say what this machine can do",
			.run = doctor });
