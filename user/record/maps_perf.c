// SPDX-License-Identifier: GPL-2.0
/* What the kernel tells of mappings, forks and execs: one event that counts nothing, a CPU. */
#include <errno.h>
#include <linux/perf_event.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "record/maps_part.h"

#define RING_BYTES (256u << 10) /* some 2,000 mappings between two drains */

struct perf_ring {
	int fd;
	struct perf_event_mmap_page *page; /* the data follows it */
};

struct mmap2_record {
	struct perf_event_header header;
	uint32_t pid, tid;
	uint64_t addr, len, pgoff;
	uint32_t major, minor;
	uint64_t inode, generation;
	uint32_t prot, flags;
	char path[];
};

struct fork_record {
	struct perf_event_header header;
	uint32_t pid, ppid, tid, ptid;
	uint64_t time;
};

struct comm_record {
	struct perf_event_header header;
	uint32_t pid, tid;
};

static int open_event(int cpu)
{
	struct perf_event_attr attr = {
		.size = sizeof(attr),
		.type = PERF_TYPE_SOFTWARE,
		.config = PERF_COUNT_SW_DUMMY,
		.sample_type = PERF_SAMPLE_TIME,
		.mmap = 1,
		.mmap2 = 1,
		.comm = 1,
		.comm_exec = 1,
		.task = 1,
		.sample_id_all = 1,
		.use_clockid = 1,
		.clockid = CLOCK_MONOTONIC,
	};

	return (int)syscall(SYS_perf_event_open, &attr, -1, cpu, -1, PERF_FLAG_FD_CLOEXEC);
}

/* 0 also where that CPU is off line. */
static int open_ring(struct maps *m, int cpu)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	struct perf_ring *r = &m->rings[m->nr_rings];
	void *p;

	r->fd = open_event(cpu);
	if (r->fd < 0)
		return errno == ENODEV ? 0 : -errno;
	m->nr_rings++;
	p = mmap(NULL, page + RING_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, r->fd, 0);
	if (p == MAP_FAILED)
		return -errno;
	r->page = p;
	return 0;
}

int maps_perf_open(struct maps *m)
{
	int nr_cpus = (int)sysconf(_SC_NPROCESSORS_CONF), cpu, err = 0;

	m->rings = calloc((size_t)nr_cpus, sizeof(*m->rings));
	if (!m->rings)
		return -ENOMEM;
	for (cpu = 0; cpu < nr_cpus && !err; cpu++)
		err = open_ring(m, cpu);
	return err;
}

static int take_mmap(struct maps *m, const struct mmap2_record *r, uint64_t time_ns)
{
	struct map_event e = { .kind = MAP_MMAP,
			       .tid = r->tid,
			       .tgid = r->pid,
			       .time_ns = time_ns,
			       .start = r->addr,
			       .end = r->addr + r->len,
			       .offset = r->pgoff };
	int err;

	if (!(r->prot & PROT_EXEC) || r->path[0] != '/')
		return 0;
	e.path = strdup(r->path);
	if (!e.path)
		return -ENOMEM;
	err = maps_add_event(m, &e);
	if (err)
		free(e.path);
	return err;
}

static int take_fork(struct maps *m, const struct fork_record *r)
{
	struct map_event e = { .kind = MAP_FORK,
			       .tid = r->tid,
			       .tgid = r->pid,
			       .parent_tgid = r->ppid,
			       .time_ns = r->time };

	return maps_add_event(m, &e);
}

static int take_comm(struct maps *m, const struct comm_record *r, uint64_t time_ns)
{
	struct map_event e = {
		.kind = MAP_EXEC, .tid = r->tid, .tgid = r->pid, .time_ns = time_ns
	};

	return r->header.misc & PERF_RECORD_MISC_COMM_EXEC ? maps_add_event(m, &e) : 0;
}

static void take(struct maps *m, const void *record, size_t size)
{
	const struct perf_event_header *h = record;
	uint64_t time_ns, lost;
	int err = 0;

	memcpy(&time_ns, (const char *)record + size - sizeof(time_ns), sizeof(time_ns));
	switch (h->type) {
	case PERF_RECORD_MMAP2:
		err = take_mmap(m, record, time_ns);
		break;
	case PERF_RECORD_FORK:
		err = take_fork(m, record);
		break;
	case PERF_RECORD_COMM:
		err = take_comm(m, record, time_ns);
		break;
	case PERF_RECORD_LOST: /* header, id, number */
		memcpy(&lost, (const char *)record + sizeof(*h) + 8, sizeof(lost));
		m->nr_lost += lost;
	}
	m->nr_lost += err != 0;
}

/* Of the ring from byte at on, over its end, too. */
static void copy_out(void *to, const char *data, uint64_t at, size_t size)
{
	size_t from = at % RING_BYTES, first = RING_BYTES - from;

	if (first > size)
		first = size;
	memcpy(to, data + from, first);
	memcpy((char *)to + first, data, size - first);
}

static void drain_ring(struct maps *m, struct perf_ring *r)
{
	const char *data = (const char *)r->page + r->page->data_offset;
	uint64_t head = __atomic_load_n(&r->page->data_head, __ATOMIC_ACQUIRE);
	uint64_t tail = r->page->data_tail;
	struct perf_event_header h;
	static uint64_t record[(1u << 16) / sizeof(uint64_t)]; /* header.size is 16 bits */

	while (tail < head) {
		copy_out(&h, data, tail, sizeof(h));
		if (h.size < sizeof(h))
			break;
		copy_out(record, data, tail, h.size);
		take(m, record, h.size);
		tail += h.size;
	}
	__atomic_store_n(&r->page->data_tail, tail, __ATOMIC_RELEASE);
}

void maps_perf_drain(struct maps *m)
{
	int i;

	for (i = 0; i < m->nr_rings; i++)
		if (m->rings[i].page)
			drain_ring(m, &m->rings[i]);
}

void maps_perf_close(struct maps *m)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	int i;

	for (i = 0; i < m->nr_rings; i++) {
		if (m->rings[i].page)
			munmap(m->rings[i].page, page + RING_BYTES);
		close(m->rings[i].fd);
	}
	free(m->rings);
	m->rings = NULL;
	m->nr_rings = 0;
}
