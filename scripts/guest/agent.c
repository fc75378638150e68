// SPDX-License-Identifier: GPL-2.0
/*
 * The agent: serves one virtio serial port for ever, one command at a time (channel.h).
 *
 * It never waits for the host while it owes the command something, nor the other way round: every
 * stream is non-blocking behind one poll(). A host process that goes away takes its command with
 * it. The agent runs with real-time priority and is never the OOM killer's victim, so it answers
 * even while a learner's program is eating the machine.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "channel.h"

#define DRAIN_NS \
	500000000ull /* after the exit: how long output of what it left behind is passed on */

static struct {
	const char *device;
	int port, io_signal;
	bool greeted;
	struct command command;
	bool running, exited;
	struct {
		uint32_t kind, value;
	} result;
	uint64_t start_ns, exit_ns;
	uint8_t in[sizeof(struct frame_header) + FRAME_MAX];
	size_t in_n;
	uint8_t out[2 * WINDOW];
	size_t out_n;
	uint8_t stdin_data[WINDOW];
	size_t stdin_n;
	bool stdin_end;
} a;

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000ull + (uint64_t)t.tv_nsec;
}

static size_t room(void)
{
	return sizeof(a.out) - a.out_n;
}

/* The caller has seen to it that there is room. */
static void send_frame(uint8_t type, const void *data, uint32_t n)
{
	struct frame_header h = { .type = type, .length = n };

	if (room() < sizeof(h) + n)
		return;
	memcpy(a.out + a.out_n, &h, sizeof(h));
	memcpy(a.out + a.out_n + sizeof(h), data, n);
	a.out_n += sizeof(h) + n;
}

static void set_result(uint32_t kind, uint32_t value)
{
	a.result.kind = kind;
	a.result.value = value;
}

static void finish_command(void)
{
	if (!a.running)
		return;
	command_close(&a.command);
	a.running = a.exited = false;
	a.stdin_n = 0;
	a.stdin_end = false;
}

static void abandon_command(void)
{
	if (!a.running)
		return;
	command_kill(&a.command);
	if (!a.exited)
		waitpid(a.command.pid, NULL, 0);
	finish_command();
}

/* -- what the host asks for -------------------------------------------------------------------- */

static void on_hello(const uint8_t *data, size_t n)
{
	uint64_t nonce, wall_ns;

	if (n != 48)
		return;
	abandon_command(); /* the command of a host process that is gone */
	a.out_n = 0;
	memcpy(&nonce, data, 8);
	memcpy(&wall_ns, data + 8, 8);
	guest_set_clock(wall_ns);
	guest_reseed(data + 16, 32);
	send_frame('h', &nonce, sizeof(nonce));
	a.greeted = true;
}

static void on_mount(const char *data, size_t n)
{
	struct {
		uint32_t err;
		char what[200];
	} reply = { 0 };
	const char *failed;

	if (!n || data[n - 1])
		return;
	errno = 0;
	failed = guest_mount(data);
	if (failed) {
		reply.err = (uint32_t)errno;
		snprintf(reply.what, sizeof(reply.what), "%s", failed);
	}
	send_frame('m', &reply, (uint32_t)(4 + strlen(reply.what)));
}

static void on_exec(const char *data, size_t n)
{
	struct exec_request q;
	char why[256], text[512];
	int err, len;

	if (n < sizeof(q) || a.running)
		return;
	memcpy(&q, data, sizeof(q));
	err = command_start(&a.command, &q, data + sizeof(q), n - sizeof(q), why, sizeof(why));
	a.running = true;
	a.start_ns = now_ns();
	if (!err)
		return;
	len = snprintf(text, sizeof(text), "oncpu: %s: %s\n", why, strerror(-err));
	send_frame('E', text, (uint32_t)len);
	set_result(RESULT_NOT_STARTED, (uint32_t)-err);
	send_frame('R', &a.result, sizeof(a.result));
	finish_command();
}

static void on_stdin(const uint8_t *data, size_t n)
{
	if (!n)
		a.stdin_end = true;
	if (!a.running || a.exited || n > sizeof(a.stdin_data) - a.stdin_n)
		return; /* nobody reads it any more, or the host broke the window's rule */
	memcpy(a.stdin_data + a.stdin_n, data, n);
	a.stdin_n += n;
}

static void on_frame(uint8_t type, uint8_t *data, size_t n)
{
	uint32_t number = 0;
	uint16_t size[2];

	if (type == 'H')
		on_hello(data, n);
	if (!a.greeted)
		return;
	switch (type) {
	case 'M':
		on_mount((char *)data, n);
		break;
	case 'X':
		on_exec((char *)data, n);
		break;
	case 'I':
		on_stdin(data, n);
		break;
	case 'S':
		memcpy(&number, data, n < 4 ? n : 4);
		if (a.running && !a.exited)
			command_signal(&a.command, (int)number);
		break;
	case 'W':
		memcpy(size, data, n < 4 ? n : 4);
		if (a.running && n == 4)
			command_resize(&a.command, size[0], size[1]);
		break;
	case 'P':
		send_frame('p', NULL, 0);
		break;
	}
}

static void take_frames(void)
{
	struct frame_header h;
	size_t at = 0;

	while (a.in_n - at >= sizeof(h)) {
		memcpy(&h, a.in + at, sizeof(h));
		if (h.length >
		    FRAME_MAX) { /* not a frame: wait for the next hello on a new connection */
			at = a.in_n;
			a.greeted = false;
			break;
		}
		if (a.in_n - at < sizeof(h) + h.length)
			break;
		on_frame(h.type, a.in + at + sizeof(h), h.length);
		at += sizeof(h) + h.length;
	}
	memmove(a.in, a.in + at, a.in_n - at);
	a.in_n -= at;
}

/* -- the streams ------------------------------------------------------------------------------- */

/* false: end of that stream */
static bool pass_output(int fd, uint8_t type)
{
	uint8_t data[16384];
	ssize_t n = read(fd, data, sizeof(data));

	if (n > 0)
		send_frame(type, data, (uint32_t)n);
	return n > 0 || (n < 0 && (errno == EAGAIN || errno == EINTR));
}

static void pass_stdin(void)
{
	ssize_t n = 0;
	uint32_t taken;

	if (a.command.in < 0)
		return;
	if (a.stdin_n) {
		n = write(a.command.in, a.stdin_data, a.stdin_n);
		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			return;
		if (n < 0)
			n = (ssize_t)a.stdin_n; /* nobody reads: swallow */
		memmove(a.stdin_data, a.stdin_data + n, a.stdin_n - (size_t)n);
		a.stdin_n -= (size_t)n;
		taken = (uint32_t)n;
		send_frame('C', &taken, sizeof(taken));
	}
	if (a.stdin_end && !a.stdin_n) {
		close(a.command.in);
		a.command.in = -1;
	}
}

static void on_exit_of_command(void)
{
	siginfo_t s = { 0 };

	if (waitid(P_PIDFD, (id_t)a.command.pidfd, &s, WEXITED) < 0)
		return;
	a.exited = true;
	a.exit_ns = now_ns();
	if (a.result.kind != RESULT_TIME_LIMIT)
		set_result(s.si_code == CLD_EXITED ? RESULT_EXIT : RESULT_SIGNAL,
			   (uint32_t)s.si_status);
	if (a.command.out >= 0)
		fcntl(a.command.out, F_SETFL, O_NONBLOCK);
	if (a.command.err >= 0)
		fcntl(a.command.err, F_SETFL, O_NONBLOCK);
}

static void check_time_limit(void)
{
	uint64_t limit_s = a.running ? a.command.time_limit_s : 0;

	if (!limit_s || a.exited || now_ns() - a.start_ns < limit_s * 1000000000ull)
		return;
	set_result(RESULT_TIME_LIMIT, (uint32_t)limit_s);
	command_kill(&a.command);
}

/* The command is over once it has exited and its output has been passed on. */
static void check_end(bool output_was_idle)
{
	if (!a.exited || room() < 64)
		return;
	if (!output_was_idle && now_ns() - a.exit_ns < DRAIN_NS)
		return;
	send_frame('R', &a.result, sizeof(a.result));
	set_result(RESULT_EXIT, 0);
	finish_command();
}

static bool flush_port(void)
{
	ssize_t n = write(a.port, a.out, a.out_n);

	if (n < 0)
		return errno == EAGAIN || errno == EINTR;
	memmove(a.out, a.out + n, a.out_n - (size_t)n);
	a.out_n -= (size_t)n;
	return true;
}

static bool read_port(void)
{
	ssize_t n = read(a.port, a.in + a.in_n, sizeof(a.in) - a.in_n);

	if (n <= 0)
		return n < 0 && (errno == EAGAIN || errno == EINTR);
	a.in_n += (size_t)n;
	take_frames();
	return true;
}

enum { PORT, OUT, ERR, IN, EXITED, NR_POLLED };

static void fill_poll(struct pollfd *p)
{
	bool passing = a.running && room() > 32768;

	p[PORT] = (struct pollfd){ a.port, (short)(POLLIN | (a.out_n ? POLLOUT : 0)), 0 };
	p[OUT] = (struct pollfd){ passing ? a.command.out : -1, POLLIN, 0 };
	p[ERR] = (struct pollfd){ passing ? a.command.err : -1, POLLIN, 0 };
	p[IN] = (struct pollfd){ a.running && (a.stdin_n || a.stdin_end) ? a.command.in : -1,
				 POLLOUT, 0 };
	p[EXITED] = (struct pollfd){ a.running && !a.exited ? a.command.pidfd : -1, POLLIN, 0 };
}

static void serve_command(const struct pollfd *p)
{
	if (p[OUT].revents && !pass_output(a.command.out, 'O')) {
		close(a.command.out);
		a.command.out = -1;
	}
	if (p[ERR].revents && !pass_output(a.command.err, 'E')) {
		close(a.command.err);
		a.command.err = -1;
	}
	if (p[IN].revents)
		pass_stdin();
	if (p[EXITED].revents)
		on_exit_of_command();
	else if (a.exited)
		check_end(!p[OUT].revents && !p[ERR].revents);
}

/* How long poll() may sleep. */
static int wait_ms(void)
{
	if (a.running && a.exited && room() > 32768)
		return 0; /* whatever output is left is there already */
	return a.running && !a.exited && a.command.time_limit_s ? 200 : -1;
}

/* One host process, from its connection to its end. */
static void serve_connection(void)
{
	struct pollfd p[NR_POLLED];
	int timeout;

	for (;;) {
		fill_poll(p);
		timeout = wait_ms();
		if (poll(p, NR_POLLED, timeout) < 0)
			continue;
		if (p[PORT].revents & POLLHUP)
			return;
		if ((p[PORT].revents & POLLIN) && !read_port())
			return;
		if (a.running)
			serve_command(p);
		check_time_limit();
		if (a.out_n && !flush_port())
			return;
	}
}

/* The driver sends SIGIO when the host connects; looking every 10 s is for the case of a lost one. */
static void wait_for_host(void)
{
	struct pollfd port = { a.port, POLLIN, 0 }, io = { a.io_signal, POLLIN, 0 };
	struct signalfd_siginfo info;

	while (poll(&port, 1, 0) == 1 && (port.revents & POLLHUP))
		if (poll(&io, 1, 10000) == 1 && read(a.io_signal, &info, sizeof(info)) < 0)
			continue;
}

static void be_responsive(void)
{
	struct sched_param first = { .sched_priority = 1 };
	int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);

	sched_setscheduler(0, SCHED_FIFO, &first);
	if (fd >= 0) {
		if (write(fd, "-1000", 5) < 0)
			dprintf(1, "oncpu-agent: oom_score_adj: %s\n", strerror(errno));
		close(fd);
	}
}

static void open_port(void)
{
	a.port = open(a.device, O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (a.port < 0) {
		dprintf(1, "oncpu-agent: %s: %s\n", a.device, strerror(errno));
		_exit(1);
	}
	fcntl(a.port, F_SETOWN, getpid());
	fcntl(a.port, F_SETFL, O_NONBLOCK | O_ASYNC); /* arms SIGIO; open() would not */
}

void agent_serve(const char *device)
{
	sigset_t io;

	a.device = strdup(device);
	sigemptyset(&io);
	sigaddset(&io, SIGIO);
	sigprocmask(SIG_BLOCK, &io, NULL);
	signal(SIGPIPE, SIG_IGN);
	a.io_signal = signalfd(-1, &io, SFD_CLOEXEC | SFD_NONBLOCK);
	be_responsive();
	for (;;) {
		open_port();
		wait_for_host();
		serve_connection();
		abandon_command();
		close(a.port); /* and with it what an earlier host process left unread */
		a.in_n = a.out_n = 0;
		a.greeted = false;
	}
}
