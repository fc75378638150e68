// SPDX-License-Identifier: GPL-2.0
/*
 * Programs for the test storm.c, as they are written every day: of threads, of processes with memory or
 * files in common, of io_uring. Each has a bug that next to never shows, and a twin that is right:
 *
 *   storm NAME [right]      exit status 0: all went well
 *
 * None knows that it is watched.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <liburing.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define SURELY 50000 /* us: as long as people sleep to be sure that another is done */

static bool right; /* the twin */

static struct common {
	pthread_mutex_t accounts, journal;
	sem_t made;
	volatile long balance, value;
} *common;

static void make_common(void)
{
	pthread_mutexattr_t shared;

	common = mmap(NULL, sizeof(*common), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		      0);
	if (common == MAP_FAILED)
		exit(99);
	pthread_mutexattr_init(&shared);
	pthread_mutexattr_setpshared(&shared, PTHREAD_PROCESS_SHARED);
	pthread_mutex_init(&common->accounts, &shared);
	pthread_mutex_init(&common->journal, &shared);
	sem_init(&common->made, 1, 0);
}

static void compute(long n)
{
	volatile long i;

	for (i = 0; i < n; i++)
		;
}

/* How many children did not end well. */
static int await_children(void)
{
	int status, nr_bad = 0;

	while (wait(&status) > 0)
		nr_bad += status != 0;
	return nr_bad;
}

/* -- processes ------------------------------------------------------------------------------ */

/* The parent uses what the child has surely made by now. */
static int order(void)
{
	if (!fork()) {
		compute(2000);
		common->value = 42;
		sem_post(&common->made);
		_exit(0);
	}
	if (right)
		sem_wait(&common->made);
	else
		usleep(SURELY);
	if (common->value != 42)
		return 1;
	return await_children();
}

#define DEPOSITS 50

static void deposit(void)
{
	int i;

	for (i = 0; i < DEPOSITS; i++) {
		long seen;

		if (right)
			pthread_mutex_lock(&common->accounts);
		seen = common->balance;
		compute(10000); /* the interest */
		common->balance = seen + 1;
		if (right)
			pthread_mutex_unlock(&common->accounts);
		compute(2000);
	}
}

/* Two add to a sum in shared memory; they start a while apart, so they next to never meet. */
static int lost_update(void)
{
	if (!fork()) {
		deposit();
		_exit(0);
	}
	usleep(SURELY);
	deposit();
	return await_children() || common->balance != 2 * DEPOSITS;
}

/* Who finds no lock file makes one, and serves: unless somebody came between the two calls. */
static void serve_alone(const char *lock_path)
{
	int fd = -1;

	compute(2000);
	if (right)
		fd = open(lock_path, O_CREAT | O_EXCL | O_WRONLY, 0600);
	else if (access(lock_path, F_OK))
		fd = open(lock_path, O_CREAT | O_WRONLY, 0600);
	if (fd < 0)
		return;
	common->value++;
	close(fd);
}

static int lock_file(void)
{
	char path[64];
	int nr_bad;

	snprintf(path, sizeof(path), "/tmp/lock-file.%d", getpid());
	if (!fork()) {
		serve_alone(path);
		_exit(0);
	}
	usleep(SURELY);
	serve_alone(path);
	nr_bad = await_children();
	unlink(path);
	return nr_bad || common->value != 1;
}

/* A transfer locks the accounts, then the journal; the audit does it the other way round. */
static void transfer(void)
{
	pthread_mutex_lock(&common->accounts);
	common->balance++;
	getppid();
	pthread_mutex_lock(&common->journal);
	common->value++;
	pthread_mutex_unlock(&common->journal);
	pthread_mutex_unlock(&common->accounts);
}

static void audit(void)
{
	pthread_mutex_lock(right ? &common->accounts : &common->journal);
	getppid();
	pthread_mutex_lock(right ? &common->journal : &common->accounts);
	common->value += common->balance;
	pthread_mutex_unlock(&common->accounts);
	pthread_mutex_unlock(&common->journal);
}

static int deadlock(void)
{
	if (!fork()) {
		transfer();
		_exit(0);
	}
	usleep(SURELY);
	audit();
	return await_children();
}

/* -- threads -------------------------------------------------------------------------------- */

static struct settings {
	int level;
} *settings;

static void *serve(void *unused)
{
	(void)unused;
	if (right)
		sem_wait(&common->made);
	usleep(SURELY); /* opens its sockets */
	return settings->level == 3 ? NULL : "wrong";
}

/* The thread is there before what it needs, and is slow to start. */
static int publish(void)
{
	pthread_t thread;
	void *complaint;

	if (pthread_create(&thread, NULL, serve, NULL))
		return 99;
	settings = calloc(1, sizeof(*settings));
	settings->level = 3;
	sem_post(&common->made);
	pthread_join(thread, &complaint);
	return complaint != NULL;
}

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t finished = PTHREAD_COND_INITIALIZER;
static bool is_finished;

static void *finish(void *unused)
{
	usleep(SURELY);
	pthread_mutex_lock(&lock);
	is_finished = true;
	pthread_cond_signal(&finished);
	pthread_mutex_unlock(&lock);
	return unused;
}

/* Waits for the signal, not for what it stands for: where that was first, it waits for ever. */
static int lost_wakeup(void)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, finish, NULL))
		return 99;
	pthread_mutex_lock(&lock);
	if (right) {
		while (!is_finished)
			pthread_cond_wait(&finished, &lock);
	} else {
		pthread_cond_wait(&finished, &lock);
	}
	pthread_mutex_unlock(&lock);
	pthread_join(thread, NULL);
	return 0;
}

/* -- io_uring ------------------------------------------------------------------------------- */

/* What is handed to the kernel to be written is surely written when the next message is made. */
static int ring(void)
{
	char message[2] = "1", got[2] = "";
	struct io_uring_sqe *sqe;
	struct io_uring_cqe *cqe;
	struct io_uring ring;
	int ends[2], i;

	if (pipe(ends) || io_uring_queue_init(4, &ring, 0))
		return 99;
	for (i = 0; i < 2; i++) {
		message[0] = i ? '2' : '1';
		sqe = io_uring_get_sqe(&ring);
		io_uring_prep_write(sqe, ends[1], message, 1, 0);
		sqe->flags |= IOSQE_ASYNC;
		if (io_uring_submit(&ring) != 1)
			return 99;
		if (right && io_uring_wait_cqe(&ring, &cqe))
			return 99;
		usleep(SURELY); /* works on the next */
	}
	if (read(ends[0], got, 1) != 1 || read(ends[0], got + 1, 1) != 1)
		return 99;
	io_uring_queue_exit(&ring);
	return got[0] != '1' || got[1] != '2';
}

static const struct {
	const char *name;
	int (*run)(void);
} programs[] = {
	{ "order", order },	  { "lost-update", lost_update }, { "lock-file", lock_file },
	{ "deadlock", deadlock }, { "publish", publish },	  { "lost-wakeup", lost_wakeup },
	{ "ring", ring },
};

int main(int argc, char **argv)
{
	size_t i;

	right = argc > 2;
	make_common();
	for (i = 0; argc > 1 && i < sizeof(programs) / sizeof(*programs); i++)
		if (!strcmp(argv[1], programs[i].name))
			return programs[i].run();
	fprintf(stderr, "usage: storm NAME [right]\n");
	return 99;
}
