// SPDX-License-Identifier: GPL-2.0
/*
 * The BPF probes as a source. Events that the running kernel does not have are not probed.
 */
#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "record/counters.h"
#include "record/futex_links.h"
#include "record/percpu.h"
#include "record/programs.h"
#include "record/skeleton.h"
#include "record/source.h"
#include "record/ulock_links.h"

#define BTF_PATH    "/sys/kernel/btf/vmlinux"
#define EVENTS_PATH "/sys/kernel/tracing/events"

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
	else if (access(EVENTS_PATH, R_OK))
		snprintf(why, size,
			 "the kernel's events are not there (%s): mount -t tracefs tracefs "
			 "/sys/kernel/tracing",
			 EVENTS_PATH);
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

static void set_options(struct oncpu_bpf *skel, unsigned int nr_cpus,
			const struct source_options *o)
{
	skel->rodata->order = o->order;
	skel->rodata->types = o->types;
	skel->rodata->filter = o->filter;
	skel->rodata->on_all_cpus = !o->cpus;
	if (o->cpus)
		memcpy(skel->rodata->on_cpus, o->cpus, sizeof(skel->rodata->on_cpus));
	skel->rodata->stacks_at_futex = o->stacks_at_futex;
	skel->rodata->stacks_at_switch = o->stacks_at_switch;
	bpf_map__set_max_entries(skel->maps.control, nr_cpus);
	bpf_map__set_max_entries(skel->maps.records, nr_cpus << o->order);
}

static void prepare_counters(struct oncpu_bpf *skel, const struct counters *c)
{
	if (!c->nr)
		return;
	skel->rodata->nr_counters = (__u32)c->nr;
	skel->rodata->nr_counter_cpus = c->nr_cpus;
	bpf_map__set_max_entries(skel->maps.counters, (__u32)c->nr * c->nr_cpus);
}

static int connect_counters(struct oncpu_bpf *skel, const struct counters *c)
{
	__u32 i;
	int err = 0;

	for (i = 0; i < c->nr * c->nr_cpus && !err; i++)
		if (c->fds[i] >= 0)
			err = bpf_map__update_elem(skel->maps.counters, &i, sizeof(i), &c->fds[i],
						   sizeof(c->fds[i]), 0);
	return err;
}

/* Two programs do the same; by_rq: the one for kernels that hide where their variables are. */
static int choose_context(struct oncpu_bpf *skel, bool by_rq)
{
	struct percpu percpu;
	int err = percpu_read(&percpu);

	if (err || (by_rq && !percpu.has_distance))
		return err ? err : -EOPNOTSUPP;
	skel->rodata->hardirq_mask = percpu.hardirq_mask;
	skel->rodata->count_from_rq = percpu.count_from_rq;
	bpf_program__set_autoload(by_rq ? skel->progs.on_waking : skel->progs.also_on_waking,
				  false);
	return 0;
}

/* One for each map and program, one for each link. libbpf gives the lack of them many names. */
static int check_files(const struct oncpu_bpf *skel)
{
	int used = dup(STDERR_FILENO);
	rlim_t wanted = used < 0 ? 0 : (rlim_t)used;
	struct bpf_program *prog;
	struct rlimit limit;
	struct bpf_map *map;

	if (used < 0)
		return errno == EBADF ? 0 : -errno;
	close(used);
	bpf_object__for_each_map(map, skel->obj) wanted += 1;
	bpf_object__for_each_program(prog, skel->obj) wanted += bpf_program__autoload(prog) ? 2 : 0;
	return !getrlimit(RLIMIT_NOFILE, &limit) && limit.rlim_cur < wanted ? -EMFILE : 0;
}

static int load(struct source *s, const struct source_options *o, int nr_cpus, bool by_rq)
{
	struct oncpu_bpf *skel = oncpu_bpf__open();
	int err;

	s->skel = skel;
	s->program = o->program;
	if (!skel)
		return -errno;
	err = programs_choose(skel, o, &s->recorded);
	if (!err)
		err = choose_context(skel, by_rq);
	if (!err)
		err = check_files(skel);
	if (err)
		return err;
	futex_links_prepare(skel);
	set_options(skel, (unsigned int)nr_cpus, o);
	prepare_counters(skel, s->counters);
	return oncpu_bpf__load(skel);
}

static int open_rings(struct source *s, const struct source_options *o)
{
	struct oncpu_bpf *skel;
	int nr_cpus, err;

	if (access(EVENTS_PATH, R_OK))
		return -errno;
	nr_cpus = libbpf_num_possible_cpus();
	if (nr_cpus < 0)
		return nr_cpus;
	err = load(s, o, nr_cpus, false);
	if (err == -ENOENT) { /* of a variable */
		oncpu_bpf__destroy(s->skel);
		err = load(s, o, nr_cpus, true);
	}
	if (!err)
		err = connect_counters(s->skel, s->counters);
	if (err)
		return err;
	skel = s->skel;
	s->tasks = (uint64_t *)skel->bss->wanted_tids;
	source_want(s, o->tids, o->nr_tids);
	rings_size(&s->rings, (unsigned int)nr_cpus, o->order);
	return rings_map(&s->rings, bpf_map__fd(skel->maps.control),
			 bpf_map__fd(skel->maps.records), 0);
}

static int bpf_open(struct source *s, const struct source_options *o, char *why, size_t why_size)
{
	int err;

	libbpf_set_print(quiet);
	err = open_rings(s, o);
	if (err)
		explain(err, o->order, why, why_size);
	return err;
}

static int bpf_start(struct source *s)
{
	struct oncpu_bpf *skel = s->skel;
	int err = oncpu_bpf__attach(skel);

	if (!err && s->recorded & 1ull << ONCPU_FUTEX_WAIT)
		err = futex_links_attach(&s->futex, skel);
	if (!err && s->recorded & 1ull << ONCPU_ULOCK_RELEASE)
		err = ulock_links_attach(&s->ulock, skel, s->program);
	skel->bss->recording = !err;
	return err;
}

/* What these miss, the programs that they stand in for have not (bpf/lib/nested.bpf.h). */
static bool stands_in(const struct oncpu_bpf *skel, const struct bpf_program *prog)
{
	return prog == skel->progs.also_on_lock_begin || prog == skel->progs.also_on_lock_end ||
	       prog == skel->progs.also_on_lock_release;
}

/* A program that would run inside itself (an interrupt, a preemption) is skipped by the kernel. */
static uint64_t count_missed(struct oncpu_bpf *skel)
{
	uint64_t missed = 0, made_good = skel->bss->stood_in;
	struct bpf_program *prog;

	bpf_object__for_each_program(prog, skel->obj)
	{
		struct bpf_prog_info info = {};
		__u32 size = sizeof(info);

		if (bpf_program__fd(prog) < 0 || stands_in(skel, prog) ||
		    bpf_prog_get_info_by_fd(bpf_program__fd(prog), &info, &size))
			continue;
		missed += info.recursion_misses;
		if (info.recursion_misses && getenv("ONCPU_DEBUG"))
			fprintf(stderr, "%s missed %llu\n", bpf_program__name(prog),
				(unsigned long long)info.recursion_misses);
	}
	return missed > made_good ? missed - made_good : 0;
}

static int bpf_stop(struct source *s)
{
	((struct oncpu_bpf *)s->skel)->bss->recording = false;
	s->missed = futex_links_detach(s->futex);
	s->futex = NULL;
	ulock_links_detach(s->ulock);
	s->ulock = NULL;
	oncpu_bpf__detach(s->skel);
	s->missed += count_missed(s->skel);
	return 0;
}

static void bpf_close(struct source *s)
{
	rings_unmap(&s->rings);
	futex_links_detach(s->futex); /* where the start failed half-way */
	s->futex = NULL;
	ulock_links_detach(s->ulock);
	s->ulock = NULL;
	oncpu_bpf__destroy(s->skel);
	s->skel = NULL;
}

const struct source_ops source_bpf = {
	.name = "bpf",
	.id = TRACE_BPF,
	.why_missing = "this kernel has no such tracepoint",
	.open = bpf_open,
	.start = bpf_start,
	.stop = bpf_stop,
	.close = bpf_close,
};
