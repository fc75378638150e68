// SPDX-License-Identifier: GPL-2.0
/*
 * The BPF probes as a source. Events that the running kernel does not have are not probed.
 */
#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "record/source.h"

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wshadow"
#include "oncpu.skel.h"
#pragma GCC diagnostic pop

#define BTF_PATH "/sys/kernel/btf/vmlinux"

/* Numbers that the C library's headers may be too old to know. */
#ifndef SYS_futex_waitv
#define SYS_futex_waitv 449
#endif
#ifndef SYS_futex_wake
#define SYS_futex_wake	  454
#define SYS_futex_wait	  455
#define SYS_futex_requeue 456
#endif

static int quiet(enum libbpf_print_level level, const char *format, va_list args)
{
	if (!getenv("ONCPU_DEBUG"))
		return 0;
	(void)level;
	return vfprintf(stderr, format, args);
}

static void explain(int err, unsigned int order, char *why, size_t size)
{
	if (geteuid() != 0 && (err == -EPERM || err == -EACCES))
		snprintf(why, size,
			 "recording with eBPF is root's: run it as root "
			 "(sudo oncpu record ...)");
	else if (access(BTF_PATH, R_OK))
		snprintf(why, size,
			 "this kernel has no BTF (%s): boot one with CONFIG_DEBUG_INFO_BTF, or "
			 "record in the lab VM",
			 BTF_PATH);
	else if (err == -EPERM || err == -EACCES)
		snprintf(why, size,
			 "the kernel refuses eBPF: CAP_BPF and CAP_PERFMON are needed, "
			 "and no lockdown; in a container, record on the host");
	else if (err == -ENOMEM)
		snprintf(why, size, "no memory for the rings: choose less than --buffer %u", order);
	else
		snprintf(why, size,
			 "cannot load the eBPF probes: %s (ONCPU_DEBUG=1 shows what libbpf says)",
			 strerror(-err));
}

static void choose_programs(struct oncpu_bpf *skel)
{
	struct bpf_program *prog;

	bpf_object__for_each_program(prog, skel->obj)
	{
		const char *event = strchr(bpf_program__section_name(prog), '/');

		if (event && libbpf_find_vmlinux_btf_id(event + 1, BPF_TRACE_RAW_TP) <= 0)
			bpf_program__set_autoload(prog, false);
	}
}

static void set_options(struct oncpu_bpf *skel, unsigned int nr_cpus, unsigned int order)
{
	skel->rodata->order = order;
	skel->rodata->nr_futex = SYS_futex;
	skel->rodata->nr_futex_wait = SYS_futex_wait;
	skel->rodata->nr_futex_waitv = SYS_futex_waitv;
	skel->rodata->nr_futex_wake = SYS_futex_wake;
	skel->rodata->nr_futex_requeue = SYS_futex_requeue;
	bpf_map__set_max_entries(skel->maps.control, nr_cpus);
	bpf_map__set_max_entries(skel->maps.records, nr_cpus << order);
}

static size_t whole_pages(size_t bytes)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	return (bytes + page - 1) / page * page;
}

static int load(struct source *s, unsigned int order)
{
	struct oncpu_bpf *skel;
	int nr_cpus, err;

	nr_cpus = libbpf_num_possible_cpus();
	if (nr_cpus < 0)
		return nr_cpus;
	skel = oncpu_bpf__open();
	if (!skel)
		return -errno;
	s->skel = skel;
	choose_programs(skel);
	set_options(skel, (unsigned int)nr_cpus, order);
	err = oncpu_bpf__load(skel);
	if (err)
		return err;
	s->rings.nr_cpus = (unsigned int)nr_cpus;
	s->rings.order = order;
	s->control_bytes = whole_pages(s->rings.nr_cpus * sizeof(struct oncpu_ring));
	s->records_bytes =
		whole_pages(((size_t)s->rings.nr_cpus << order) * sizeof(struct oncpu_record));
	return source_map(s, bpf_map__fd(skel->maps.control), bpf_map__fd(skel->maps.records), 0);
}

static int bpf_open(struct source *s, unsigned int order, char *why, size_t why_size)
{
	int err;

	libbpf_set_print(quiet);
	err = load(s, order);
	if (err)
		explain(err, order, why, why_size);
	return err;
}

static int bpf_start(struct source *s)
{
	return oncpu_bpf__attach(s->skel);
}

/* A probe that would run inside itself (an interrupt, a preemption) is skipped by the kernel. */
static uint64_t count_missed(struct oncpu_bpf *skel)
{
	struct bpf_program *prog;
	uint64_t missed = 0;

	bpf_object__for_each_program(prog, skel->obj)
	{
		struct bpf_prog_info info = {};
		__u32 size = sizeof(info);

		if (bpf_program__fd(prog) >= 0 &&
		    !bpf_prog_get_info_by_fd(bpf_program__fd(prog), &info, &size))
			missed += info.recursion_misses;
	}
	return missed;
}

static int bpf_stop(struct source *s)
{
	oncpu_bpf__detach(s->skel);
	s->missed = count_missed(s->skel);
	return 0;
}

static void bpf_close(struct source *s)
{
	source_unmap(s);
	oncpu_bpf__destroy(s->skel);
	s->skel = NULL;
}

const struct source_ops source_bpf = {
	.name = "bpf",
	.id = TRACE_BPF,
	.open = bpf_open,
	.start = bpf_start,
	.stop = bpf_stop,
	.close = bpf_close,
};
