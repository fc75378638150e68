// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "record/ring.h"

static size_t whole_pages(size_t bytes)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	return (bytes + page - 1) / page * page;
}

void rings_size(struct rings *r, unsigned int nr_cpus, unsigned int order)
{
	r->nr_cpus = nr_cpus;
	r->order = order;
	r->control_bytes = whole_pages(nr_cpus * sizeof(struct oncpu_ring));
	r->records_bytes = whole_pages(((size_t)nr_cpus << order) * sizeof(struct oncpu_record));
}

int rings_map(struct rings *r, int control_fd, int records_fd, size_t records_offset)
{
	void *p;

	p = mmap(NULL, r->control_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, control_fd, 0);
	if (p == MAP_FAILED)
		return -errno;
	r->control = p;
	p = mmap(NULL, r->records_bytes, PROT_READ, MAP_SHARED, records_fd, (off_t)records_offset);
	if (p == MAP_FAILED)
		return -errno;
	r->records = p;
	r->cpus = calloc(r->nr_cpus, sizeof(*r->cpus));
	return r->cpus ? 0 : -ENOMEM;
}

void rings_unmap(struct rings *r)
{
	if (r->control)
		munmap(r->control, r->control_bytes);
	if (r->records)
		munmap((void *)r->records, r->records_bytes);
	free(r->cpus);
	*r = (struct rings){ .nr_cpus = r->nr_cpus, .order = r->order };
}

uint64_t rings_dropped(const struct rings *r, unsigned int cpu)
{
	return __atomic_load_n(&r->control[cpu].lost, __ATOMIC_RELAXED);
}

uint64_t rings_lost(const struct rings *r, unsigned int cpu)
{
	const struct oncpu_ring *c = &r->control[cpu];
	uint64_t head = __atomic_load_n(&c->head, __ATOMIC_RELAXED);

	return __atomic_load_n(&c->lost, __ATOMIC_RELAXED) + (head > c->tail ? head - c->tail : 0);
}

uint64_t rings_waiting(const struct rings *r)
{
	uint64_t most = 0;
	unsigned int cpu;

	for (cpu = 0; cpu < r->nr_cpus; cpu++) {
		uint64_t head = __atomic_load_n(&r->control[cpu].head, __ATOMIC_RELAXED);
		uint64_t tail = r->control[cpu].tail;

		/* The module's head is a hint and may lag behind what was read already. */
		if (head > tail && head - tail > most)
			most = head - tail;
	}
	return most;
}

static void account(struct rings_cpu *cpu, struct oncpu_record *record)
{
	if (record->time_ns < cpu->last_ns) /* by a conversion between clocks (ring.h) */
		record->time_ns = cpu->last_ns;
	if (record->type == ONCPU_LOST) {
		if (!record->lost.since_ns)
			record->lost.since_ns = cpu->last_ns;
		cpu->told += record->lost.nr;
	}
	cpu->last_ns = record->time_ns;
}

/* Copies whole records, oldest first, gives their room back, and returns their number. */
static uint32_t take(const struct rings *r, unsigned int cpu, struct oncpu_record *buffer)
{
	const uint64_t mask = (1ULL << r->order) - 1;
	const struct oncpu_record *ring = r->records + ((uint64_t)cpu << r->order);
	struct oncpu_ring *control = &r->control[cpu];
	uint64_t tail = control->tail;
	uint32_t n;

	for (n = 0; n < RINGS_BATCH; n++, tail++) {
		const struct oncpu_record *slot = &ring[tail & mask];

		/* Acquire: with this round's lap comes the rest of the record. */
		if (__atomic_load_n(&slot->lap, __ATOMIC_ACQUIRE) != ONCPU_LAP(tail, r->order))
			break;
		buffer[n] = *slot;
		buffer[n].lap = 0;
		account(&r->cpus[cpu], &buffer[n]);
	}
	/* Release: the writer may reuse the slots only after they were copied. */
	__atomic_store_n(&control->tail, tail, __ATOMIC_RELEASE);
	return n;
}

int rings_drain(const struct rings *r, rings_put *put, void *arg, enum trace_source source,
		struct oncpu_record *buffer)
{
	unsigned int cpu;
	uint32_t n;
	int err;

	for (cpu = 0; cpu < r->nr_cpus; cpu++) {
		/* One full batch may hide another, but a busy writer must not keep us here. */
		n = take(r, cpu, buffer);
		if (!n)
			continue;
		err = put(arg, source, cpu, buffer, n);
		if (err)
			return err;
		r->cpus[cpu].written += n;
	}
	return 0;
}

static struct oncpu_record last_lost(const struct rings *r, unsigned int cpu, uint64_t stop_ns)
{
	const struct rings_cpu *c = &r->cpus[cpu];
	uint64_t since_ns = __atomic_load_n(&r->control[cpu].since_ns, __ATOMIC_RELAXED);
	bool known = __atomic_load_n(&r->control[cpu].lost, __ATOMIC_RELAXED) != c->told &&
		     since_ns >= c->last_ns;

	return (struct oncpu_record){
		.type = ONCPU_LOST,
		.time_ns = stop_ns > c->last_ns ? stop_ns : c->last_ns,
		.lost = { .nr = rings_lost(r, cpu) - c->told,
			  .since_ns = known ? since_ns : c->last_ns },
	};
}

int rings_drain_end(const struct rings *r, rings_put *put, void *arg, enum trace_source source,
		    uint64_t stop_ns)
{
	struct oncpu_record record;
	unsigned int cpu;
	int err;

	for (cpu = 0; cpu < r->nr_cpus; cpu++) {
		record = last_lost(r, cpu, stop_ns);
		if (!record.lost.nr)
			continue;
		err = put(arg, source, cpu, &record, 1);
		if (err)
			return err;
		account(&r->cpus[cpu], &record);
		r->cpus[cpu].written++;
	}
	return 0;
}
