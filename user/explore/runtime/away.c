// SPDX-License-Identifier: GPL-2.0
/*
 * Calls that may block in the kernel where nothing tells beforehand whether they will: for their time
 * the thread gives up its turn. Before each choice it is made sure of each thread that is away whether
 * it sleeps in there (the kernel says so in /proc) or is on its way back, so that replays agree.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runtime.h"

#define MAX_LOOKS 2000

static bool is_back(struct thread *t)
{
	return !__atomic_load_n(&t->away, __ATOMIC_ACQUIRE);
}

static int append(char *to, const char *s)
{
	int n = 0;

	for (; s[n]; n++)
		to[n] = s[n];
	return n;
}

static int append_number(char *to, int value)
{
	char digits[12];
	int n = 0, i;

	do
		digits[n++] = (char)('0' + value % 10);
	while (value /= 10);
	for (i = 0; i < n; i++)
		to[i] = digits[n - 1 - i];
	return n;
}

/* "TID (NAME) S ...": the state stands behind the last bracket. */
static char state_of(int tid)
{
	char path[64], text[256];
	int n = append(path, "/proc/self/task/"), fd, i;

	n += append_number(path + n, tid);
	n += append(path + n, "/stat");
	path[n] = '\0';
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 'S';
	n = (int)REAL(read, fd, text, sizeof(text) - 1);
	close(fd);
	for (i = n - 1; i > 0 && text[i] != ')';)
		i--;
	return i > 0 && i + 2 < n ? text[i + 2] : 'S';
}

static void settle(struct thread *t)
{
	struct timespec moment = { 0, 20000 };
	int looks;

	for (looks = 0; looks < MAX_LOOKS && !is_back(t); looks++) {
		char state = t->tid ? state_of(t->tid) : 'R';

		if (state == 'S' || state == 'D')
			return;
		REAL(nanosleep, &moment, NULL);
	}
}

static int nr_away;

/* True: somebody is away, who may come back. */
bool away_settle(void)
{
	int i;

	if (!nr_away)
		return false;
	for (i = 0; i < nr_threads; i++)
		if (threads[i].state == THREAD_LIVE && threads[i].away && &threads[i] != my_thread)
			settle(&threads[i]);
	return true;
}

void away_begin(struct thread *t, uint64_t pc)
{
	static long (*call)(long, ...);

	if (!call)
		*(void **)&call = real("syscall");
	op_set(t, OP_KERNEL, 0, 0, pc);
	point(t);
	kernel_put(t);
	t->tid = (int)call(SYS_gettid);
	t->op.ready = is_back;
	t->away = 1;
	t->was_away = true;
	nr_away++;
	leave_turn(t);
}

void away_end(struct thread *t)
{
	int err = errno;

	__atomic_store_n(&t->away, 0, __ATOMIC_SEQ_CST);
	return_to_turn(t);
	nr_away--;
	kernel_got(t);
	spin_changed(t);
	cancel_point(t);
	errno = err;
}

#define AWAY(type, name, params, ...)                   \
	INSTEAD type name params                        \
	{                                               \
		struct thread *t = self();              \
		type result;                            \
                                                        \
		if (!t)                                 \
			return REAL(name, __VA_ARGS__); \
		away_begin(t, HERE());                  \
		result = REAL(name, __VA_ARGS__);       \
		away_end(t);                            \
		return result;                          \
	}

AWAY(int, sigwait, (const sigset_t *restrict set, int *restrict sig), set, sig)
AWAY(int, sigwaitinfo, (const sigset_t *restrict set, siginfo_t *restrict info), set, info)
AWAY(int, sigtimedwait,
     (const sigset_t *restrict set, siginfo_t *restrict info, const struct timespec *restrict ts),
     set, info, ts)
AWAY(int, sigsuspend, (const sigset_t *set), set)
AWAY(int, select,
     (int n, fd_set *restrict r, fd_set *restrict w, fd_set *restrict x,
      struct timeval *restrict tv),
     n, r, w, x, tv)
AWAY(int, ppoll, (struct pollfd * fds, nfds_t n, const struct timespec *ts, const sigset_t *set),
     fds, n, ts, set)
AWAY(int, epoll_wait, (int ep, struct epoll_event *events, int n, int ms), ep, events, n, ms)
AWAY(int, accept, (int fd, struct sockaddr *restrict addr, socklen_t *restrict size), fd, addr,
     size)
AWAY(int, connect, (int fd, const struct sockaddr *addr, socklen_t size), fd, addr, size)
AWAY(ssize_t, recvmsg, (int fd, struct msghdr *m, int flags), fd, m, flags)
AWAY(ssize_t, sendmsg, (int fd, const struct msghdr *m, int flags), fd, m, flags)
AWAY(ssize_t, readv, (int fd, const struct iovec *v, int n), fd, v, n)
AWAY(ssize_t, writev, (int fd, const struct iovec *v, int n), fd, v, n)
AWAY(ssize_t, recvfrom,
     (int fd, void *restrict buf, size_t n, int flags, struct sockaddr *restrict addr,
      socklen_t *restrict size),
     fd, buf, n, flags, addr, size)
AWAY(pid_t, waitpid, (pid_t pid, int *status, int options), pid, status, options)
AWAY(int, flock, (int fd, int what), fd, what)

INSTEAD int pause(void)
{
	struct thread *t = self();

	if (t)
		away_begin(t, HERE());
	REAL(pause);
	if (t)
		away_end(t);
	return -1;
}

INSTEAD int poll(struct pollfd *fds, nfds_t n, int ms)
{
	int result;

	IN_RUN(t)
	return REAL(poll, fds, n, ms);
	if (!n && ms >= 0) {
		struct timespec ts = { ms / 1000, ms % 1000 * 1000000l };

		return nanosleep(&ts, NULL);
	}
	away_begin(t, HERE());
	result = REAL(poll, fds, n, ms);
	away_end(t);
	return result;
}

INSTEAD int pthread_kill(pthread_t p, int sig)
{
	struct thread *t = self(), *other = t ? thread_of(p) : NULL;

	if (other) {
		op_set(t, OP_SIGNAL, (uint64_t)(uintptr_t)other, 0, HERE());
		point(t);
		kernel_put(t);
	}
	return REAL(pthread_kill, p, sig);
}
