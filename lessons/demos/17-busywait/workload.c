// SPDX-License-Identifier: GPL-2.0
/*
 * workload busy|nap|epoll|uring MESSAGES NUMBER: a sender writes to a pipe now and then, and a receiver waits for it: it
 * looks all the time; it sleeps NUMBER ms between two looks; in epoll; or by io_uring, whose ring a kernel thread
 * polls that sleeps after NUMBER ms without work.
 */
#include "../play.h"

#include <fcntl.h>
#include <linux/io_uring.h>
#include <sys/epoll.h>
#include <sys/mman.h>

#define GAP_MS 50

static long messages, number;
static int ends[2];

static void *sender(void *arg)
{
	char byte = 1;
	long i;

	call_me("sender");
	gate();
	for (i = 0; i < messages; i++) {
		sleep_ms(GAP_MS);
		oncpu_point("sent", (uint64_t)i);
		must(write(ends[1], &byte, 1) == 1, "write to the pipe");
	}
	return arg;
}

static bool look(void)
{
	char byte;

	if (read(ends[0], &byte, 1) != 1)
		return false;
	oncpu_point("heard", 0);
	return true;
}

static void receive_busy(void)
{
	long n = 0;

	while (n < messages)
		n += look();
}

static void receive_napping(void)
{
	long n = 0;

	while (n < messages) {
		n += look();
		sleep_ms((uint64_t)number);
	}
}

static void receive_epoll(void)
{
	struct epoll_event e = { .events = EPOLLIN };
	int set = epoll_create1(EPOLL_CLOEXEC);
	long n = 0;

	must(set >= 0 && !epoll_ctl(set, EPOLL_CTL_ADD, ends[0], &e), "wait for the pipe");
	while (n < messages)
		if (epoll_wait(set, &e, 1, -1) == 1)
			n += look();
	close(set);
}

/* As much of io_uring as one read at a time needs. */
static struct {
	int fd;
	struct io_uring_params p;
	struct io_uring_sqe *sqes;
	char *sq, *cq;
} ring;

static uint32_t *sq_word(uint32_t offset)
{
	return (uint32_t *)(void *)(ring.sq + offset);
}

static uint32_t *cq_word(uint32_t offset)
{
	return (uint32_t *)(void *)(ring.cq + offset);
}

static void *map(size_t size, uint64_t offset)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, ring.fd,
		       (off_t)offset);

	must(p != MAP_FAILED, "map the ring");
	return p;
}

static void open_ring(void)
{
	ring.p = (struct io_uring_params){ .flags = IORING_SETUP_SQPOLL,
					   .sq_thread_idle = (uint32_t)number };
	ring.fd = (int)syscall(SYS_io_uring_setup, 4, &ring.p);
	if (ring.fd < 0) {
		printf("uring 0\n");
		exit(0);
	}
	ring.sq =
		map(ring.p.sq_off.array + ring.p.sq_entries * sizeof(uint32_t), IORING_OFF_SQ_RING);
	ring.cq = map(ring.p.cq_off.cqes + ring.p.cq_entries * sizeof(struct io_uring_cqe),
		      IORING_OFF_CQ_RING);
	ring.sqes = map(ring.p.sq_entries * sizeof(*ring.sqes), IORING_OFF_SQES);
}

static void enter(unsigned int submit, unsigned int wait, unsigned int flags)
{
	long err;

	do
		err = syscall(SYS_io_uring_enter, ring.fd, submit, wait, flags, NULL, 0);
	while (err < 0 && errno == EINTR);
	must(err >= 0, "enter the ring");
}

static void submit_read(char *byte)
{
	uint32_t *tail = sq_word(ring.p.sq_off.tail), at = *tail & (ring.p.sq_entries - 1);

	ring.sqes[at] = (struct io_uring_sqe){
		.opcode = IORING_OP_READ, .fd = ends[0], .addr = (uintptr_t)byte, .len = 1
	};
	sq_word(ring.p.sq_off.array)[at] = at;
	__atomic_store_n(tail, *tail + 1, __ATOMIC_SEQ_CST);
	if (__atomic_load_n(sq_word(ring.p.sq_off.flags), __ATOMIC_SEQ_CST) & IORING_SQ_NEED_WAKEUP)
		enter(1, 0, IORING_ENTER_SQ_WAKEUP);
}

static void wait_for_completion(void)
{
	uint32_t *head = cq_word(ring.p.cq_off.head), *tail = cq_word(ring.p.cq_off.tail);
	struct io_uring_cqe *cqes = (void *)(ring.cq + ring.p.cq_off.cqes);

	while (*head == __atomic_load_n(tail, __ATOMIC_ACQUIRE))
		enter(0, 1, IORING_ENTER_GETEVENTS);
	must(cqes[*head & (ring.p.cq_entries - 1)].res == 1, "read by the ring");
	__atomic_store_n(head, *head + 1, __ATOMIC_RELEASE);
	oncpu_point("heard", 0);
}

static void receive_uring(void)
{
	char byte;
	long n;

	for (n = 0; n < messages; n++) {
		submit_read(&byte);
		wait_for_completion();
	}
}

static void *receiver(void *arg)
{
	call_me("receiver");
	gate();
	oncpu_begin("receive");
	((void (*)(void))arg)();
	oncpu_end("receive");
	return NULL;
}

int main(int argc, char **argv)
{
	const char *kind = argc > 1 ? argv[1] : "";
	pthread_t threads[2];
	void (*how)(void) = !strcmp(kind, "busy")    ? receive_busy
			    : !strcmp(kind, "nap")   ? receive_napping
			    : !strcmp(kind, "epoll") ? receive_epoll
						     : receive_uring;

	messages = argument(argc, argv, 2);
	number = argument(argc, argv, 3);
	must(!pipe2(ends, O_CLOEXEC), "make a pipe");
	if (how == receive_uring)
		open_ring();
	else
		must(!fcntl(ends[0], F_SETFL, O_NONBLOCK), "read without waiting");
	gate_for(2);
	threads[0] = start(receiver, (void *)how);
	threads[1] = start(sender, NULL);
	join(threads[0]);
	join(threads[1]);
	printf("uring 1\n");
	return 0;
}
