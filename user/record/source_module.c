// SPDX-License-Identifier: GPL-2.0
/*
 * The module as a source: /dev/oncpu, see <oncpu/ioctl.h>.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <oncpu/ioctl.h>
#include "record/source.h"

static void explain_open(int err, char *why, size_t size)
{
	if (err == -ENOENT || err == -ENODEV || err == -ENXIO)
		snprintf(why, size,
			 "the module is not loaded (no %s): load it with 'insmod .../oncpu.ko', or "
			 "record with --source bpf",
			 ONCPU_DEVICE);
	else if (err == -EBUSY)
		snprintf(why, size,
			 "%s is busy: another oncpu records; wait for it, or record with "
			 "--source bpf",
			 ONCPU_DEVICE);
	else if (err == -EACCES || err == -EPERM)
		snprintf(why, size, "%s is root's: run it as root (sudo oncpu record ...)",
			 ONCPU_DEVICE);
	else
		snprintf(why, size, "cannot open %s: %s", ONCPU_DEVICE, strerror(-err));
}

static void explain_setup(int err, unsigned int order, char *why, size_t size)
{
	if (err == -ENOMEM)
		snprintf(why, size,
			 "no memory for the module's rings: choose less than --buffer %u", order);
	else if (err == -ENODEV)
		snprintf(why, size, "this machine has none of the CPUs to record on");
	else
		snprintf(why, size,
			 "the module refuses to record (%s): it is of another version; "
			 "'rmmod oncpu' and insmod the one that came with this oncpu",
			 strerror(-err));
}

static int set_up(struct source *s, const struct source_options *o, struct oncpu_setup *setup)
{
	*setup = (struct oncpu_setup){
		.version = ONCPU_ABI_VERSION,
		.order = o->order,
		.types = o->types,
		.filter = o->filter,
		.stacks_at_futex = o->stacks_at_futex,
		.stacks_at_switch = o->stacks_at_switch,
		.cpus = (uintptr_t)o->cpus,
		.cpus_bytes = o->cpus ? TRACE_MAX_CPUS / 8 : 0,
	};
	if (ioctl(s->fd, ONCPU_IOC_SETUP, setup))
		return -errno;
	s->rings.nr_cpus = setup->nr_cpus;
	s->rings.order = o->order;
	s->recorded = setup->recorded;
	s->rings.control_bytes = setup->control_bytes;
	s->rings.records_bytes = setup->records_bytes;
	return 0;
}

static int map(struct source *s, const struct source_options *o, const struct oncpu_setup *setup)
{
	void *p;
	int err = rings_map(&s->rings, s->fd, s->fd, setup->control_bytes);

	if (err || !setup->tasks_bytes)
		return err;
	p = mmap(NULL, setup->tasks_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, s->fd,
		 (off_t)(setup->control_bytes + setup->records_bytes));
	if (p == MAP_FAILED)
		return -errno;
	s->tasks = p;
	source_want(s, o->tids, o->nr_tids);
	return 0;
}

static int module_open(struct source *s, const struct source_options *o, char *why, size_t why_size)
{
	struct oncpu_setup setup;
	int err;

	s->fd = open(ONCPU_DEVICE, O_RDWR | O_CLOEXEC);
	if (s->fd < 0) {
		err = -errno;
		explain_open(err, why, why_size);
		return err;
	}
	err = set_up(s, o, &setup);
	if (err) {
		explain_setup(err, o->order, why, why_size);
		return err;
	}
	err = map(s, o, &setup);
	if (err)
		snprintf(why, why_size, "cannot map the module's rings: %s", strerror(-err));
	return err;
}

static int module_start(struct source *s)
{
	return ioctl(s->fd, ONCPU_IOC_START) ? -errno : 0;
}

static int module_stop(struct source *s)
{
	return ioctl(s->fd, ONCPU_IOC_STOP) ? -errno : 0;
}

static void module_close(struct source *s)
{
	rings_unmap(&s->rings);
	if (s->tasks)
		munmap(s->tasks, ONCPU_TASKS_BYTES);
	s->tasks = NULL;
	if (s->fd >= 0)
		close(s->fd);
	s->fd = -1;
}

const struct source_ops source_module = {
	.name = "module",
	.id = TRACE_MODULE,
	.why_missing = "this kernel has no such tracepoint, or this module does not know it",
	.open = module_open,
	.start = module_start,
	.stop = module_stop,
	.close = module_close,
};
