// SPDX-License-Identifier: GPL-2.0
/*
 * Calls that may block in the kernel. While the descriptor has nothing, the thread is one that cannot
 * run, and the others do; only when nobody else can does the process wait in the kernel, too.
 */
#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "runtime.h"

static int poll_now(struct pollfd *fds, nfds_t n, int ms)
{
	return REAL(poll, fds, n, ms);
}

static bool has_something(struct thread *t)
{
	struct pollfd p = { .fd = (int)t->op.addr, .events = (short)t->op.arg };

	return poll_now(&p, 1, 0) != 0 || time_is_up(t) || t->cancelled;
}

static void wait_for(struct thread *t, int fd, int events, uint64_t pc)
{
	op_set(t, OP_KERNEL, (uint64_t)(unsigned)fd, 0, pc);
	t->op.arg = events;
	t->op.ready = has_something;
	point(t);
	spin_changed(t);
	cancel_point(t);
}

/* Nobody can run, and somebody waits for a descriptor: so does the process. */
bool kernel_wait(void)
{
	struct pollfd fds[MAX_THREADS] = { 0 };
	nfds_t n = 0;
	int i;

	for (i = 0; i < nr_threads; i++)
		if (threads[i].state == THREAD_LIVE && threads[i].op.ready == has_something)
			fds[n++] = (struct pollfd){ .fd = (int)threads[i].op.addr,
						    .events = (short)threads[i].op.arg };
	return n && poll_now(fds, n, 1000) > 0;
}

INSTEAD ssize_t read(int fd, void *buf, size_t n)
{
	struct thread *t = self();

	if (t)
		wait_for(t, fd, POLLIN, HERE());
	return REAL(read, fd, buf, n);
}

INSTEAD ssize_t write(int fd, const void *buf, size_t n)
{
	struct thread *t = self();

	if (t && fd > 2)
		wait_for(t, fd, POLLOUT, HERE());
	return REAL(write, fd, buf, n);
}

INSTEAD ssize_t recv(int fd, void *buf, size_t n, int flags)
{
	struct thread *t = self();

	if (t && !(flags & MSG_DONTWAIT))
		wait_for(t, fd, POLLIN, HERE());
	return REAL(recv, fd, buf, n, flags);
}

INSTEAD ssize_t send(int fd, const void *buf, size_t n, int flags)
{
	struct thread *t = self();

	if (t && !(flags & MSG_DONTWAIT))
		wait_for(t, fd, POLLOUT, HERE());
	return REAL(send, fd, buf, n, flags);
}

INSTEAD int accept(int fd, struct sockaddr *restrict addr, socklen_t *restrict size)
{
	struct thread *t = self();

	if (t)
		wait_for(t, fd, POLLIN, HERE());
	return REAL(accept, fd, addr, size);
}

/* With several descriptors: looked at now and then, like any that yields. */
INSTEAD int poll(struct pollfd *fds, nfds_t n, int ms)
{
	uint64_t until;
	int found_now;

	IN_RUN(t)
	return REAL(poll, fds, n, ms);
	until = virtual_ns + (uint64_t)ms * 1000000ull;
	if (n == 1 && ms < 0)
		wait_for(t, fds[0].fd, fds[0].events, HERE());
	for (;;) {
		found_now = poll_now(fds, n, 0);
		if (found_now || !ms || (ms > 0 && virtual_ns >= until))
			return found_now;
		op_set(t, OP_SLEEP, 0, 0, HERE());
		t->yielded = true;
		point(t);
		virtual_ns += 1000000;
	}
}
