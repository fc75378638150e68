// SPDX-License-Identifier: GPL-2.0
/*
 * Writes a trace of any size, to see what size costs: traces FILE RECORDS. A program of 64 threads on
 * 4 CPUs that lock 24 locks, wake each other, nap and are put off their CPUs, by a generator of
 * numbers that begins alike each time: as many records give the same file.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/trace.h"

#define NR_CPUS	   4
#define NR_THREADS 64
#define NR_LOCKS   24
#define FIRST_TID  1000
#define START_NS   1000000000ull
#define PER_CHUNK  4096
#define STEP_NS	   3000

enum doing { RUNS, READY, IN_FUTEX, NAPS };

static struct task {
	enum doing doing;
	bool returns; /* from a futex wait, at its next turn */
	uint64_t lock;
} tasks[NR_THREADS];

static struct cpu {
	uint64_t ns;
	int running; /* -1: idle */
	uint32_t n;
	struct oncpu_record records[PER_CHUNK];
} cpus[NR_CPUS];

static struct trace_writer *writer;
static uint64_t seed = 23, written;
static uint32_t owner_of[NR_LOCKS];
static int err;

static unsigned int any(unsigned int below)
{
	seed = seed * 6364136223846793005ull + 1442695040888963407ull;
	return (unsigned int)(seed >> 33) % below;
}

static void flush(unsigned int cpu)
{
	if (cpus[cpu].n && !err)
		err = trace_writer_records(writer, TRACE_BPF, cpu, cpus[cpu].records, cpus[cpu].n);
	cpus[cpu].n = 0;
}

static void put(unsigned int cpu, struct oncpu_record r)
{
	struct cpu *c = &cpus[cpu];

	c->ns += 200 + any(STEP_NS);
	r.time_ns = c->ns;
	c->records[c->n++] = r;
	written++;
	if (c->n == PER_CHUNK)
		flush(cpu);
}

static uint32_t tid_of(int task)
{
	return task < 0 ? 0 : FIRST_TID + (uint32_t)task;
}

/* Each thread stays on its CPU: task % NR_CPUS. -1: none of that CPU does that. */
static int one_of(unsigned int cpu, enum doing doing)
{
	unsigned int i, from = any(NR_THREADS / NR_CPUS);

	for (i = 0; i < NR_THREADS / NR_CPUS; i++) {
		int task = (int)((from + i) % (NR_THREADS / NR_CPUS) * NR_CPUS + cpu);

		if (tasks[task].doing == doing)
			return task;
	}
	return -1;
}

static void switch_to_next(unsigned int cpu, uint32_t state, uint8_t flags, int call)
{
	int prev = cpus[cpu].running, next = one_of(cpu, READY);

	if (next == prev && flags)
		return;
	put(cpu, (struct oncpu_record){ .type = ONCPU_SWITCH,
					.tid = tid_of(prev),
					.flags = flags,
					.sched_switch = { .next_tid = tid_of(next),
							  .prev_state = state,
							  .prev_prio = 120,
							  .next_prio = 120,
							  .syscall = (int16_t)call } });
	cpus[cpu].running = next;
	if (next < 0)
		return;
	tasks[next].doing = RUNS;
	if (tasks[next].returns)
		put(cpu,
		    (struct oncpu_record){ .type = ONCPU_FUTEX_WAIT_END, .tid = tid_of(next) });
	tasks[next].returns = false;
}

static void wake(unsigned int cpu, int task, uint8_t flags)
{
	unsigned int home = (unsigned int)task % NR_CPUS;

	put(cpu,
	    (struct oncpu_record){ .type = ONCPU_WAKING,
				   .tid = tid_of(cpus[cpu].running),
				   .flags = flags,
				   .wake = { .tid = tid_of(task), .cpu = home, .prio = 120 } });
	if (cpus[home].ns < cpus[cpu].ns)
		cpus[home].ns = cpus[cpu].ns; /* it runs after it was woken */
	tasks[task].doing = READY;
}

/* Of a lock that is waited for: never one who waits for a lock itself, so that none is a deadlock. */
static uint32_t holder(unsigned int lock, int waiter)
{
	int task = (int)(owner_of[lock] - FIRST_TID);

	while (!owner_of[lock] || task == waiter || tasks[task].doing == IN_FUTEX) {
		task = (int)any(NR_THREADS);
		owner_of[lock] = tid_of(task);
	}
	return owner_of[lock];
}

static void wait_for_lock(unsigned int cpu)
{
	unsigned int lock = any(NR_LOCKS);
	int task = cpus[cpu].running;

	tasks[task] = (struct task){ IN_FUTEX, true, 0x7f0000001000 + 0x40ull * lock };
	put(cpu,
	    (struct oncpu_record){ .type = ONCPU_FUTEX_WAIT,
				   .tid = tid_of(task),
				   .flags = ONCPU_FUTEX_OWNER | ONCPU_FUTEX_PRIVATE,
				   .futex_wait = { tasks[task].lock, 2, holder(lock, task) } });
	switch_to_next(cpu, 1, 0, 202);
}

static void release(unsigned int cpu)
{
	int task = one_of(any(NR_CPUS), IN_FUTEX);
	uint32_t me = tid_of(cpus[cpu].running);
	uint64_t address;

	if (task < 0)
		return;
	address = tasks[task].lock;
	put(cpu, (struct oncpu_record){ .type = ONCPU_FUTEX_WAKE,
					.tid = me,
					.flags = 1 | ONCPU_FUTEX_PRIVATE,
					.futex_wake = { address, 1, 0 } });
	wake(cpu, task, 0);
	put(cpu, (struct oncpu_record){
			 .type = ONCPU_FUTEX_WAKE_END, .tid = me, .futex_end = { .ret = 1 } });
	owner_of[(address - 0x7f0000001000) / 0x40] = tid_of(task);
}

static void do_something(unsigned int cpu)
{
	unsigned int what = any(100);
	int task;

	if (cpus[cpu].running < 0 || what < 15) {
		task = one_of(cpu, NAPS);
		task = task < 0 ? one_of(cpu, IN_FUTEX) : task;
		if (task >= 0)
			wake(cpu, task, ONCPU_WAKE_HARDIRQ);
		if (cpus[cpu].running < 0)
			switch_to_next(cpu, 0, 0, -1);
	} else if (what < 45) {
		wait_for_lock(cpu);
	} else if (what < 80) {
		release(cpu);
	} else if (what < 90) {
		tasks[cpus[cpu].running].doing = NAPS;
		switch_to_next(cpu, 1, 0, 230);
	} else {
		tasks[cpus[cpu].running].doing = READY;
		switch_to_next(cpu, 0, ONCPU_SWITCH_PREEMPTED, -1);
	}
}

/* The CPU whose clock is behind. */
static unsigned int next_cpu(void)
{
	unsigned int i, first = 0;

	for (i = 1; i < NR_CPUS; i++)
		if (cpus[i].ns < cpus[first].ns)
			first = i;
	return first;
}

static char *meta(void)
{
	size_t size;
	char *text;
	FILE *f = open_memstream(&text, &size);
	int i;

	fprintf(f, "{\"oncpu\":\"bench\",\"command\":[\"./many\"],\"target_tid\":%d,", FIRST_TID);
	fprintf(f, "\"machine\":{\"kernel\":\"none\",\"cpus\":%d},\"start_ns\":%llu,\"tasks\":[",
		NR_CPUS, START_NS);
	for (i = 0; i < NR_THREADS; i++)
		fprintf(f, "%s{\"tid\":%d,\"tgid\":%d,\"ppid\":1,\"comm\":\"many\"}", i ? "," : "",
			FIRST_TID + i, FIRST_TID);
	fputs("]}", f);
	fclose(f);
	return text;
}

int main(int argc, char **argv)
{
	uint64_t want = argc == 3 ? strtoull(argv[2], NULL, 10) : 0;
	char end[64], *begin = meta();
	unsigned int i;

	if (!want || trace_writer_open(&writer, argv[1], begin)) {
		fprintf(stderr, "usage: traces FILE RECORDS\n");
		return 2;
	}
	for (i = 0; i < NR_CPUS; i++)
		cpus[i] = (struct cpu){ .ns = START_NS, .running = -1 };
	for (i = 0; i < NR_THREADS; i++)
		tasks[i].doing = READY;
	while (written < want)
		do_something(next_cpu());
	for (i = 0; i < NR_CPUS; i++)
		flush(i);
	snprintf(end, sizeof(end), "{\"end_ns\":%llu,\"exit\":{\"code\":0}}",
		 (unsigned long long)cpus[next_cpu()].ns + 1000000);
	err = err ?: trace_writer_finish(writer, end);
	trace_writer_close(writer);
	free(begin);
	return err ? 1 : 0;
}
