/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the oracle tests share: running oncpu, and looking into what it wrote.
 *
 * Each test is one program, run as root in the guest. It is its own workload, too: called as
 * "TEST --work NAME" it does what is to be recorded (main() of the test).
 *
 *   ONCPU          the oncpu to test (default: the one in PATH)
 *   ONCPU_MODULE   oncpu.ko (default: beside the running kernel's modules, extra/oncpu.ko)
 */
#ifndef ONCPU_TESTS_VM_LIB_H
#define ONCPU_TESTS_VM_LIB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#include "lib/trace.h"

/* An emulated guest on a busy host is slow: the harness's 30 s are too few. Include it first. */
#undef TEST_TIMEOUT_DEFAULT
#define TEST_TIMEOUT_DEFAULT 600

/* Runs a shell command: its exit status, or 128 + signal. */
int run(const char *format, ...) __attribute__((format(printf, 1, 2)));

const char *oncpu(void);	/* what to call */
const char *this_program(void); /* this program, for "--work" */

/* The module: all 0 or -errno. Unloading never waits. */
int module_load(void);
int module_unload(void);

/* Records "TEST --work NAME" with a source ("both"...), its stdout in a file. NULL: failed, told. */
struct trace *record_work(const char *source, const char *work, const char *stdout_path);

/* All records of a source in order of time, and where each was written. free() it. */
struct event {
	const struct oncpu_record *r;
	unsigned int cpu;
};
struct event *events_of(const struct trace *t, enum trace_source source, size_t *n);

/*
 * What one task wrote of a type, between its calling itself "mark-begin" and "mark-end" (so class
 * task must be recorded). Returns how many; out may hold n, or be NULL.
 */
size_t marked_of(const struct event *e, size_t n, unsigned int type,
		 const struct oncpu_record **out);

/* Is tid the subject, or a task that the payload names? */
bool is_about(const struct oncpu_record *r, uint32_t tid);

uint64_t lost_of(const struct trace *t, enum trace_source source);
const struct trace_stream *stream_of(const struct trace *t, enum trace_source source,
				     unsigned int cpu);

/* tid that was given a name in the recording; 0: nobody. */
uint32_t tid_named(const struct event *e, size_t n, const char *comm);

bool is_voluntary(const struct oncpu_record *r); /* a SWITCH that the task asked for by sleeping */

/* Processes that do nothing but wake each other, until load_stop(). */
void load_start(int nr_pairs);
void load_stop(void);

/* One pair of them, for a while: a workload. */
void ping_pong(int nr_rounds);

/*
 * Waits until a thread sleeps in a system call, in this one or in any, and has left its CPU. tgid/tid as
 * the caller's /proc has them.
 */
void wait_asleep_in(pid_t tgid, pid_t tid, long syscall_nr);
void wait_asleep(pid_t tgid, pid_t tid);

/* Waits until a file is there; after 100 s no longer. */
void wait_for(const char *path);

/* Waits until a child has ended: its exit status; 1000 + signal, as a shell's 128 may be its own word. */
int status_of(pid_t pid);

/* Is a task (a tid, "self") under a sched_ext scheduler? 1, 0; -1: the kernel does not say. */
int is_on_ext(const char *pid);

/* Returns when the process has taken it: two of one kind that nobody has taken are one. */
void send_signal(pid_t pid, int sig);

/* Runs a shell command again and again until it succeeds; false: it did not for PATIENCE_S. */
#define PATIENCE_S 100
bool eventually(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* A number of a task's open /proc/.../status, as it is now; -1: it is not there. */
long status_number(FILE *status, const char *name);

void pin(int cpu);

#endif
