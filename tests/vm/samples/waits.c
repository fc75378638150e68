// SPDX-License-Identifier: GPL-2.0
/*
 * For the oracle test waits.c: a program whose threads wait, one after the other, for everything that a
 * thread can wait for, known amounts each, and tell by their own clock from when to when and why:
 *
 *   CAUSE KIND TID START_NS END_NS      KIND of the lock, or "-"
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <ftw.h>
#include <linux/futex.h>
#include <liburing.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/select.h>
#include <sys/sem.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <poll.h>
#include <time.h>
#include <unistd.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>

#define WAIT_US 30000
#define MUCH	(64 << 20)

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER, inherit, for_condition;
static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
static pthread_barrier_t barrier;
static sem_t semaphore;
static pthread_t worker;
static int word, pipe_fd[2], full[2], pair[2], event, pty, listener, epoll, message, locked, ready;
static int sem_array, memory;
static pid_t child;
static char byte[4096];
static const char *cold;
static struct io_uring ring;

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

static void nap(void)
{
	usleep(WAIT_US);
}

static void *napper(void *unused)
{
	nap();
	return unused;
}

static struct timespec soon(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	t.tv_nsec += WAIT_US * 1000l;
	t.tv_sec += t.tv_nsec / 1000000000;
	t.tv_nsec %= 1000000000;
	return t;
}

static void hold_mutex(void)
{
	pthread_mutex_lock(&mutex);
}
static void free_mutex(void)
{
	pthread_mutex_unlock(&mutex);
}
static void wait_mutex(void)
{
	pthread_mutex_lock(&mutex);
	pthread_mutex_unlock(&mutex);
}
static void hold_inherit(void)
{
	pthread_mutex_lock(&inherit);
}
static void free_inherit(void)
{
	pthread_mutex_unlock(&inherit);
}
static void wait_inherit(void)
{
	pthread_mutex_lock(&inherit);
	pthread_mutex_unlock(&inherit);
}
static void hold_write(void)
{
	pthread_rwlock_wrlock(&rwlock);
}
static void hold_read(void)
{
	pthread_rwlock_rdlock(&rwlock);
}
static void free_rwlock(void)
{
	pthread_rwlock_unlock(&rwlock);
}
static void wait_read(void)
{
	pthread_rwlock_rdlock(&rwlock);
	pthread_rwlock_unlock(&rwlock);
}
static void wait_write(void)
{
	pthread_rwlock_wrlock(&rwlock);
	pthread_rwlock_unlock(&rwlock);
}
static void post(void)
{
	sem_post(&semaphore);
}
static void wait_semaphore(void)
{
	sem_wait(&semaphore);
}
static void wait_barrier(void)
{
	pthread_barrier_wait(&barrier);
}

static void wait_condition(void)
{
	pthread_mutex_lock(&for_condition);
	while (!ready)
		pthread_cond_wait(&condition, &for_condition);
	ready = 0;
	pthread_mutex_unlock(&for_condition);
}

static void ring_condition(void)
{
	pthread_mutex_lock(&for_condition);
	ready = 1;
	pthread_mutex_unlock(&for_condition);
	pthread_cond_signal(&condition);
}

static void wait_until(void)
{
	struct timespec t = soon();

	pthread_mutex_lock(&for_condition);
	pthread_cond_timedwait(&condition, &for_condition, &t);
	pthread_mutex_unlock(&for_condition);
}

static void wait_word(void)
{
	syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, 0, NULL, NULL, 0);
}
static void wake_word(void)
{
	syscall(SYS_futex, &word, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}
static void start_worker(void)
{
	pthread_create(&worker, NULL, napper, NULL);
}
static void wait_join(void)
{
	pthread_join(worker, NULL);
}
static void wait_pipe(void)
{
	(void)!read(pipe_fd[0], byte, 1);
}
static void fill_pipe(void)
{
	(void)!write(pipe_fd[1], byte, 1);
}
static void wait_room(void)
{
	(void)!write(full[1], byte, sizeof(byte));
}
static void make_room(void)
{
	(void)!read(full[0], byte, sizeof(byte));
}
static void wait_socket(void)
{
	(void)!recv(pair[0], byte, 1, 0);
}
static void read_socket(void)
{
	(void)!read(pair[0], byte, 1);
}
static void fill_socket(void)
{
	(void)!send(pair[1], byte, 1, 0);
}
static void wait_event(void)
{
	(void)!read(event, byte, 8);
}
static void fill_event(void)
{
	(void)!eventfd_write(event, 1);
}
static void wait_device(void)
{
	(void)!read(pty, byte, 1);
}
static void wait_lock(void)
{
	flock(open("/tmp/waits.lock", O_RDWR | O_CLOEXEC), LOCK_EX);
}
static void hold_lock(void)
{
	flock(locked, LOCK_EX);
}
static void free_lock(void)
{
	flock(locked, LOCK_UN);
}
static void wait_message(void)
{
	msgrcv(message, byte, 8, 0, 0);
}

static void fill_device(void)
{
	int fd = open(ptsname(pty), O_RDWR | O_NOCTTY | O_CLOEXEC);

	(void)!write(fd, "x\n", 2);
	usleep(1000);
}

static void fill_message(void)
{
	struct {
		long type;
		char text[8];
	} m = { .type = 1 };

	msgsnd(message, &m, 8, 0);
}

static void wait_accept(void)
{
	close(accept(listener, NULL, NULL));
}

static void connect_to(void)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX, .sun_path = "\0oncpu-waits" };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	connect(fd, (struct sockaddr *)&a, sizeof(a));
	close(fd);
}

static void wait_timer(void)
{
	struct itimerspec t = { .it_value.tv_nsec = WAIT_US * 1000l };
	int fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);

	timerfd_settime(fd, 0, &t, NULL);
	(void)!read(fd, byte, 8);
	close(fd);
}

static void wait_poll(void)
{
	struct pollfd p = { .fd = pipe_fd[0], .events = POLLIN };

	poll(&p, 1, -1);
	wait_pipe();
}

static void wait_select(void)
{
	fd_set set;

	FD_ZERO(&set);
	FD_SET(pipe_fd[0], &set);
	select(pipe_fd[0] + 1, &set, NULL, NULL, NULL);
	wait_pipe();
}

static void wait_epoll(void)
{
	struct epoll_event e;

	epoll_wait(epoll, &e, 1, -1);
	wait_pipe();
}

static void wait_ring(void)
{
	struct io_uring_cqe *done;

	io_uring_prep_read(io_uring_get_sqe(&ring), pipe_fd[0], byte, 1, 0);
	io_uring_submit_and_wait(&ring, 1);
	if (!io_uring_wait_cqe(&ring, &done))
		io_uring_cqe_seen(&ring, done);
}

static void wait_ring_timeout(void)
{
	struct __kernel_timespec t = { .tv_nsec = WAIT_US * 1000l };
	struct io_uring_cqe *done;

	io_uring_wait_cqe_timeout(&ring, &done, &t);
}

static void start_child(void)
{
	child = fork();
	if (!child) {
		nap();
		_exit(0);
	}
}

static void wait_child(void)
{
	waitpid(child, NULL, 0);
}

static void wait_vfork(void)
{
	pid_t pid = vfork();

	if (!pid) {
		usleep(WAIT_US);
		_exit(0);
	}
	waitpid(pid, NULL, 0);
}

static void wait_signal(void)
{
	sigset_t set;
	int nr;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigwait(&set, &nr);
}

static void on_signal(int nr)
{
	(void)nr;
}

static void wait_pause(void)
{
	sigset_t none;

	sigemptyset(&none);
	sigsuspend(&none);
}

static void kill_self(void)
{
	kill(getpid(), SIGUSR1);
}

/* A file that is not in memory, of some length: of the image, nobody's. */
static int find_cold(const char *path, const struct stat *s, int type, struct FTW *unused)
{
	(void)unused;
	if (type != FTW_F || s->st_size < 8 << 20)
		return 0;
	cold = strdup(path);
	return 1;
}

static void wait_disk(void)
{
	int fd = open(cold, O_RDONLY | O_CLOEXEC);

	posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
	posix_fadvise(fd, 0, 0, POSIX_FADV_RANDOM);
	for (off_t at = 0; at < 8 << 20; at += 64 << 10)
		(void)!pread(fd, byte, sizeof(byte), at);
	close(fd);
}

static void wait_fault(void)
{
	int fd = open(cold, O_RDONLY | O_CLOEXEC);
	volatile char *map;

	posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
	map = mmap(NULL, 8 << 20, PROT_READ, MAP_PRIVATE, fd, 0);
	madvise((void *)map, 8 << 20, MADV_RANDOM);
	for (size_t at = 4096; at < 8 << 20; at += 64 << 10)
		byte[0] += map[at];
	munmap((void *)map, 8 << 20);
	close(fd);
}

static void fill_up(void)
{
	while (send(pair[1], byte, sizeof(byte), MSG_DONTWAIT) > 0)
		;
}

static void wait_send(void)
{
	(void)!send(pair[1], byte, sizeof(byte), 0);
}

static void empty(void)
{
	while (recv(pair[0], byte, sizeof(byte), MSG_DONTWAIT) > 0)
		;
}

static void wait_splice(void)
{
	int fd = open("/dev/null", O_WRONLY | O_CLOEXEC);

	splice(pipe_fd[0], NULL, fd, NULL, 1, 0);
	close(fd);
}

static void wait_waitv(void)
{
	struct futex_waitv w = { .uaddr = (uintptr_t)&word,
				 .flags = FUTEX_32 | FUTEX_PRIVATE_FLAG };

	syscall(SYS_futex_waitv, &w, 1, 0, NULL, 0);
}

static void wait_sem_array(void)
{
	struct sembuf down = { .sem_op = -1 };

	semop(sem_array, &down, 1);
}

static void post_sem_array(void)
{
	struct sembuf up = { .sem_op = 1 };

	semop(sem_array, &up, 1);
}

static void wait_signal_or_time(void)
{
	struct timespec t = { .tv_nsec = WAIT_US * 1000l };
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR2);
	sigtimedwait(&set, NULL, &t);
}

static void pin_to_first(void)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(0, &set);
	sched_setaffinity(0, sizeof(set), &set);
}

/* The kernel's lock of a file is held for as long as it is written to. Both on one CPU: else the one
 * that waits would spin for as long as the other one runs. */
static void *write_much(void *buf)
{
	pin_to_first();
	(void)!pwrite(memory, buf, MUCH, 0);
	return NULL;
}

static void start_write(void)
{
	pthread_create(&worker, NULL, write_much, calloc(1, MUCH));
	usleep(5000);
}

static void wait_kernel_lock(void)
{
	pin_to_first();
	(void)!pwrite(memory, byte, 1, 0);
}

static void end_write(void)
{
	pthread_join(worker, NULL);
}

static void nothing(void)
{
}

static const struct work {
	const char *cause, *kind;
	void (*before)(void), (*wait)(void), (*after)(void);
} works[] = {
	{ "futex", "mutex", hold_mutex, wait_mutex, free_mutex },
	{ "futex", "mutex", hold_inherit, wait_inherit, free_inherit },
	{ "futex", "rwlock", hold_write, wait_read, free_rwlock },
	{ "futex", "rwlock", hold_write, wait_write, free_rwlock },
	{ "futex", "rwlock", hold_read, wait_write, free_rwlock },
	{ "futex", "condition", nothing, wait_condition, ring_condition },
	{ "futex", "condition", nothing, wait_until, nothing },
	{ "futex", "semaphore", nothing, wait_semaphore, post },
	{ "futex", "barrier", nothing, wait_barrier, wait_barrier },
	{ "futex", "futex", nothing, wait_word, wake_word },
	{ "join", "-", start_worker, wait_join, nothing },
	{ "sleep", "-", nothing, nap, nothing },
	{ "pipe", "-", nothing, wait_pipe, fill_pipe },
	{ "pipe", "-", nothing, wait_room, make_room },
	{ "socket", "-", nothing, wait_socket, fill_socket },
	{ "socket", "-", nothing, read_socket, fill_socket },
	{ "socket", "-", nothing, wait_accept, connect_to },
	{ "event", "-", nothing, wait_event, fill_event },
	{ "event", "-", nothing, wait_timer, nothing },
	{ "device", "-", nothing, wait_device, fill_device },
	{ "poll", "-", nothing, wait_poll, fill_pipe },
	{ "poll", "-", nothing, wait_select, fill_pipe },
	{ "poll", "-", nothing, wait_epoll, fill_pipe },
	{ "io_uring", "-", nothing, wait_ring, fill_pipe },
	{ "io_uring", "-", nothing, wait_ring_timeout, nothing },
	{ "disk", "-", nothing, wait_disk, nothing },
	{ "page-fault", "-", nothing, wait_fault, nothing },
	{ "child", "-", start_child, wait_child, nothing },
	{ "child", "-", nothing, wait_vfork, nothing },
	{ "signal", "-", nothing, wait_signal, kill_self },
	{ "signal", "-", nothing, wait_pause, kill_self },
	{ "call", "-", hold_lock, wait_lock, free_lock },
	{ "call", "-", nothing, wait_message, fill_message },
	{ "call", "-", nothing, wait_sem_array, post_sem_array },
	{ "kernel-lock", "-", start_write, wait_kernel_lock, end_write },
	{ "signal", "-", nothing, wait_signal_or_time, nothing },
	{ "socket", "-", fill_up, wait_send, empty },
	{ "pipe", "-", nothing, wait_splice, fill_pipe },
	{ "futex", "futex", nothing, wait_waitv, wake_word },
};
#define NR_WORKS (sizeof(works) / sizeof(*works))

static void tell(const char *cause, const char *kind, uint64_t start_ns)
{
	printf("%s %s %d %llu %llu\n", cause, kind, gettid(), (unsigned long long)start_ns,
	       (unsigned long long)now_ns());
	fflush(stdout);
}

static void *waiter(void *of)
{
	const struct work *w = of;
	uint64_t start_ns = now_ns();

	w->wait();
	tell(w->cause, w->kind, start_ns);
	return NULL;
}

/* Whoever is stopped can be any process: it tells of itself. */
static void stopped(void)
{
	pid_t pid = fork();
	uint64_t start_ns = now_ns();

	if (!pid) {
		raise(SIGSTOP);
		tell("stopped", "-", start_ns);
		_exit(0);
	}
	waitpid(pid, NULL, WUNTRACED);
	nap();
	kill(pid, SIGCONT);
	waitpid(pid, NULL, 0);
}

static int listen_on(void)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX, .sun_path = "\0oncpu-waits" };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (bind(fd, (struct sockaddr *)&a, sizeof(a)) || listen(fd, 1))
		return -1;
	return fd;
}

static bool set_up(void)
{
	struct epoll_event e = { .events = EPOLLIN };
	pthread_mutexattr_t a;
	sigset_t set;

	pthread_mutexattr_init(&a);
	pthread_mutexattr_setprotocol(&a, PTHREAD_PRIO_INHERIT);
	pthread_mutex_init(&inherit, &a);
	pthread_barrier_init(&barrier, NULL, 2);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	pthread_sigmask(SIG_BLOCK, &set, NULL); /* only who waits for it takes it */
	signal(SIGUSR1, on_signal);
	event = eventfd(0, EFD_CLOEXEC);
	epoll = epoll_create1(EPOLL_CLOEXEC);
	sem_array = semget(IPC_PRIVATE, 1, 0600);
	memory = memfd_create("waits", MFD_CLOEXEC);
	message = msgget(IPC_PRIVATE, 0600);
	locked = open("/tmp/waits.lock", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	pty = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	listener = listen_on();
	nftw("/usr/lib", find_cold, 16, FTW_PHYS);
	if (pipe2(pipe_fd, O_CLOEXEC) || pipe2(full, O_CLOEXEC) || listener < 0 || locked < 0 ||
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) || grantpt(pty) ||
	    unlockpt(pty) || io_uring_queue_init(4, &ring, 0) || !cold || message < 0)
		return false;
	fcntl(full[1], F_SETPIPE_SZ, sizeof(byte));
	(void)!write(full[1], byte, sizeof(byte));
	return !epoll_ctl(epoll, EPOLL_CTL_ADD, pipe_fd[0], &e);
}

int main(void)
{
	pthread_t t;
	size_t i;

	if (!set_up())
		return 1;
	for (i = 0; i < NR_WORKS; i++) {
		works[i].before();
		pthread_create(&t, NULL, waiter, (void *)&works[i]);
		nap();
		works[i].after();
		pthread_join(t, NULL);
	}
	stopped();
	msgctl(message, IPC_RMID, NULL);
	semctl(sem_array, 0, IPC_RMID);
	return 0;
}
