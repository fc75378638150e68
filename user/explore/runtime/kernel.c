// SPDX-License-Identifier: GPL-2.0
/*
 * Reads and writes of descriptors. While there is nothing to read, the thread is one that cannot run
 * and the others do: poll() tells, so that it is the same in each replay. Other calls that block are
 * in away.c.
 */
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "runtime.h"

/* What goes through the kernel orders: whoever takes something out knows what was done before it was
 * put in. Which channel it went through is not told apart. */
static struct object channels;

void kernel_put(struct thread *t)
{
	clock_release(t, &channels, false);
}

void kernel_got(struct thread *t)
{
	clock_acquire(t, &channels, false);
}

static int poll_now(struct pollfd *fds, nfds_t n, int ms)
{
	return REAL(poll, fds, n, ms);
}

static bool has_something(struct thread *t)
{
	struct pollfd p = { .fd = (int)t->op.addr, .events = (short)t->op.arg };

	return poll_now(&p, 1, 0) != 0 || t->cancelled;
}

static void wait_for(struct thread *t, int fd, int events, uint64_t pc)
{
	op_set(t, OP_KERNEL, (uint64_t)(unsigned)fd, 0, pc);
	t->op.arg = events;
	t->op.ready = has_something;
	point(t);
	spin_changed(t);
	cancel_point(t);
	if (events == POLLOUT)
		kernel_put(t);
	else
		kernel_got(t);
}

/* Nobody can run, and somebody waits for a descriptor: so does the process, for a while. */
bool kernel_wait(void)
{
	struct pollfd fds[MAX_THREADS] = { 0 };
	nfds_t n = 0;
	int i;

	for (i = 0; i < nr_threads; i++)
		if (threads[i].state == THREAD_LIVE && threads[i].op.ready == has_something)
			fds[n++] = (struct pollfd){ .fd = (int)threads[i].op.addr,
						    .events = (short)threads[i].op.arg };
	return n && poll_now(fds, n, 500) > 0;
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
