// SPDX-License-Identifier: GPL-2.0
/*
 * Where the program's main() would begin: a fork server, which for each request of the explorer makes
 * a child that runs main() once. Without an explorer the program runs once, quietly.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runtime.h"
#include "strategy.h"

extern char __executable_start;

struct shared *shm;
bool alone;

typedef int main_function(int, char **, char **);
static main_function *program_main;

/* Three numbers, by hand: the C library's functions for it differ between versions. */
static bool parse_environment(int *fds)
{
	const char *s = getenv(EXPLORE_ENV);
	int i;

	if (!s)
		return false;
	for (i = 0; i < 3; i++) {
		for (fds[i] = 0; *s >= '0' && *s <= '9'; s++)
			fds[i] = 10 * fds[i] + (*s - '0');
		if (*s == ',')
			s++;
	}
	return true;
}

static void reset_answer(void)
{
	shm->started = 1;
	shm->finished = shm->nr_findings = shm->nr_waits = shm->nr_threads = 0;
	shm->nr_steps = shm->nr_choices = shm->nr_segments = shm->nr_events = 0;
	shm->nr_pairs = shm->nr_profile = shm->diverged = 0;
	shm->hash = 14695981039346656037ull;
	shm->base = (uint64_t)(uintptr_t)&__executable_start;
}

/* A write of -1 to a broken pipe and the like: without the explorer there is nothing left to do. */
static int serve(const int *fds)
{
	char request;
	int status;
	pid_t child;

	for (;;) {
		if (REAL(read, fds[1], &request, 1) != 1)
			_exit(0);
		reset_answer();
		lseek(0, 0, SEEK_SET);
		child = REAL(fork);
		if (!child)
			return 0;
		shm->child = child;
		status = -1;
		if (child > 0)
			waitpid(child, &status, 0);
		if (REAL(write, fds[2], &status, sizeof(status)) != sizeof(status))
			_exit(0);
	}
}

static void run_alone(void)
{
	shm = pages(sizeof(*shm));
	alone = true;
	shm->max_steps = UINT32_MAX;
	reset_answer();
}

static void connect_explorer(const int *fds)
{
	shm = mmap(NULL, sizeof(*shm), PROT_READ | PROT_WRITE, MAP_SHARED, fds[0], 0);
	if (shm == MAP_FAILED || shm->stamp != EXPLORE_STAMP || shm->size != sizeof(*shm))
		_exit(3);
	close(fds[0]);
	if (!fds[1]) {
		reset_answer();
		return;
	}
	serve(fds);
	close(fds[1]);
	close(fds[2]);
}

static void begin(void)
{
	struct thread *t = &threads[0];

	my_thread = current = t;
	t->state = THREAD_LIVE;
	t->real = pthread_self();
	t->creator = NOBODY;
	t->name = 1;
	t->clock[0] = t->made_clock[0] = 1;
	nr_threads = nr_live = 1;
	found_signals();
	strategy_begin();
	choose_begin();
	time_begin();
	controlled = true;
}

/* The end of the program: from here on nobody else runs. */
static void on_exit_of_program(void)
{
	if (my_thread && shm && !shm->finished)
		tell_end();
}

static int instead_of_main(int argc, char **argv, char **envp)
{
	int fds[3];

	if (parse_environment(fds))
		connect_explorer(fds);
	else
		run_alone();
	unsetenv(EXPLORE_ENV);
	atexit(on_exit_of_program);
	begin();
	return run_main(&threads[0], program_main, argc, argv, envp);
}

INSTEAD int __libc_start_main(main_function *main, int argc, char **argv, void (*init)(void),
			      void (*fini)(void), void (*rtld_fini)(void), void *stack_end)
{
	static int (*start)(main_function *, int, char **, void (*)(void), void (*)(void),
			    void (*)(void), void *);

	program_main = main;
	*(void **)&start = real("__libc_start_main");
	return start(instead_of_main, argc, argv, init, fini, rtld_fini, stack_end);
}
