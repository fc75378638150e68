// SPDX-License-Identifier: GPL-2.0
/*
 * Each class of events, calibrated: what is done 23 times is recorded 23 times, by each source that
 * can record it on this kernel.
 *
 * A workload calls itself "mark-begin" and "mark-end" around what it does.
 */
#include <fcntl.h>
#include <liburing.h>
#include <linux/membarrier.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "lib/lib.h"

#define NR	   23
#define DISK	   "/dev/vdb" /* the guest's disk of what is installed: read only */
#define BLOCK	   4096
#define FRESH	   ((char *)0x200000000000ul)
#define NR_WAITS   3
#define WAIT_NS	   500000000 /* on a busy host it may be a while from the submission to the wait */
#define LOW_PRIO   10
#define HIGH_PRIO  20
#define NR_HAMMERS 6
#define NR_ROUNDS  2000

static void begin(void)
{
	prctl(PR_SET_NAME, "mark-begin");
}

static void end(void)
{
	prctl(PR_SET_NAME, "mark-end");
}

static void nothing(int sig)
{
	(void)sig;
}

static int work_signal(void)
{
	int i;

	signal(SIGUSR1, nothing);
	begin();
	for (i = 0; i < NR; i++)
		kill(getpid(), SIGUSR1);
	end();
	return 0;
}

static int work_block(void)
{
	int fd = open(DISK, O_RDONLY | O_DIRECT), i;
	char *buffer = aligned_alloc(BLOCK, BLOCK);

	if (fd < 0 || !buffer)
		return 1;
	begin();
	for (i = 0; i < NR; i++)
		if (pread(fd, buffer, BLOCK, (off_t)i * 16 * BLOCK) != BLOCK)
			return 1;
	end();
	return 0;
}

static int wait_one(struct io_uring *ring)
{
	struct io_uring_cqe *cqe;
	int err = io_uring_submit_and_wait(ring, 1);

	if (err < 0 || io_uring_wait_cqe(ring, &cqe))
		return 1;
	io_uring_cqe_seen(ring, cqe);
	return 0;
}

/* NOPs are done at once; a read that is to go to a worker; and waits for the time. */
static int work_uring(void)
{
	struct __kernel_timespec pause = { .tv_nsec = WAIT_NS };
	struct io_uring_sqe *sqe;
	struct io_uring ring;
	char byte;
	int i, fd = open("/proc/self/exe", O_RDONLY), err = 0;

	if (io_uring_queue_init(8, &ring, 0))
		return 1;
	begin();
	for (i = 0; i < NR; i++) {
		sqe = io_uring_get_sqe(&ring);
		io_uring_prep_nop(sqe);
		io_uring_sqe_set_data64(sqe, 1000 + (unsigned int)i);
		err |= wait_one(&ring);
	}
	sqe = io_uring_get_sqe(&ring);
	io_uring_prep_read(sqe, fd, &byte, 1, 0);
	sqe->flags |= IOSQE_ASYNC;
	io_uring_sqe_set_data64(sqe, 2000);
	err |= wait_one(&ring);
	for (i = 0; i < NR_WAITS; i++) {
		sqe = io_uring_get_sqe(&ring);
		io_uring_prep_timeout(sqe, &pause, 0, 0);
		io_uring_sqe_set_data64(sqe, 3000);
		err |= wait_one(&ring);
	}
	end();
	io_uring_queue_exit(&ring);
	return err;
}

static int work_fault(void)
{
	char *p = mmap(FRESH, NR * BLOCK, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
	int i;

	if (p != FRESH)
		return 1;
	madvise(p, NR * BLOCK, MADV_NOHUGEPAGE);
	begin();
	for (i = 0; i < NR; i++)
		*(volatile char *)(p + i * BLOCK) = 1;
	end();
	return 0;
}

static void be_realtime(int prio)
{
	struct sched_param param = { .sched_priority = prio };

	if (pthread_setschedparam(pthread_self(), SCHED_FIFO, &param))
		exit(1);
}

static atomic_int stage; /* of a workload's threads */
static atomic_int partner_tid;

static atomic_uint nr_spins;

static void *spin(void *unused)
{
	pin(1);
	be_realtime(LOW_PRIO);
	atomic_store(&partner_tid, gettid());
	atomic_store(&stage, 1);
	while (atomic_load(&stage) != 2)
		atomic_fetch_add(&nr_spins, 1);
	return unused;
}

/* Returns whether the spinner was on its CPU all the time: it was there, and was not put off since. */
static bool barrier_meets_spinner(FILE *status)
{
	long before = status_number(status, "nonvoluntary_ctxt_switches");
	unsigned int spins = atomic_load(&nr_spins);

	while (atomic_load(&nr_spins) == spins)
		;
	syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0);
	return before >= 0 && status_number(status, "nonvoluntary_ctxt_switches") == before;
}

/* The other CPU runs a thread of ours all the time: it must be told each time. */
static int work_ipi(void)
{
	char path[64];
	FILE *status;
	pthread_t t;
	int i = 0;

	pin(0);
	if (syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0))
		return 1;
	pthread_create(&t, NULL, spin, NULL);
	while (atomic_load(&stage) != 1)
		usleep(1000);
	snprintf(path, sizeof(path), "/proc/self/task/%d/status", atomic_load(&partner_tid));
	status = fopen(path, "re");
	if (!status)
		return 1;
	begin();
	while (i < NR)
		i += barrier_meets_spinner(status);
	end();
	atomic_store(&stage, 2);
	fclose(status);
	return pthread_join(t, NULL);
}

static int work_syscall(void)
{
	int i;

	begin();
	for (i = 0; i < NR; i++)
		syscall(SYS_getppid);
	end();
	return 0;
}

static int work_idle(void)
{
	int i;

	begin();
	for (i = 0; i < NR; i++)
		usleep(5000);
	end();
	return 0;
}

static pthread_mutex_t mutex;

static void *want_mutex(void *unused)
{
	int i;

	be_realtime(HIGH_PRIO);
	prctl(PR_SET_NAME, "donor");
	atomic_store(&partner_tid, gettid());
	for (i = 1; i <= NR; i++) {
		while (atomic_load(&stage) != i)
			usleep(1000);
		pthread_mutex_lock(&mutex);
		pthread_mutex_unlock(&mutex);
	}
	return unused;
}

static int work_pi(void)
{
	pthread_mutexattr_t attr;
	pthread_t t;
	int i;

	pthread_mutexattr_init(&attr);
	pthread_mutexattr_setprotocol(&attr, PTHREAD_PRIO_INHERIT);
	pthread_mutex_init(&mutex, &attr);
	begin();
	pthread_create(&t, NULL, want_mutex, NULL);
	for (i = 1; i <= NR; i++) {
		pthread_mutex_lock(&mutex);
		atomic_store(&stage, i);
		while (!atomic_load(&partner_tid))
			usleep(1000);
		wait_asleep_in(getpid(), atomic_load(&partner_tid), SYS_futex);
		pthread_mutex_unlock(&mutex);
	}
	pthread_join(t, NULL);
	end();
	return 0;
}

static void *hammer_mmap(void *unused)
{
	int i;

	for (i = 0; i < NR_ROUNDS; i++)
		munmap(mmap(NULL, BLOCK, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), BLOCK);
	return unused;
}

static int work_lock(void)
{
	pthread_t t[NR_HAMMERS];
	int i;

	for (i = 0; i < NR_HAMMERS; i++)
		pthread_create(&t[i], NULL, hammer_mmap, NULL);
	for (i = 0; i < NR_HAMMERS; i++)
		pthread_join(t[i], NULL);
	return 0;
}

/*
 * Reads of each kind of file sleep until the partner feeds them, and naps until it ends them: its stage is
 * the sleep's number. A nap that ends by itself may do so before it has left its CPU.
 */
static int pipe_fds[2], event_fd;

static void *feed(void *unused)
{
	const uint64_t one = 1;
	int i;

	for (i = 1; i <= 3 * NR; i++) {
		while (atomic_load(&stage) != i)
			usleep(1000);
		wait_asleep_in(getpid(), getpid(), i <= 2 * NR ? SYS_read : SYS_clock_nanosleep);
		if (i > 2 * NR)
			tgkill(getpid(), getpid(), SIGUSR1);
		else if (i <= NR ? write(pipe_fds[1], "", 1) != 1 : write(event_fd, &one, 8) != 8)
			exit(1);
	}
	return unused;
}

static int work_sleep(void)
{
	uint64_t value;
	pthread_t t;
	int i;

	signal(SIGUSR1, nothing);
	event_fd = eventfd(0, 0);
	if (pipe(pipe_fds) || event_fd < 0)
		return 1;
	pthread_create(&t, NULL, feed, NULL);
	begin();
	for (i = 1; i <= 2 * NR; i++) {
		atomic_store(&stage, i);
		if (read(i <= NR ? pipe_fds[0] : event_fd, &value, i <= NR ? 1 : 8) < 1)
			return 1;
	}
	for (; i <= 3 * NR; i++) {
		atomic_store(&stage, i);
		sleep(1000);
	}
	end();
	return pthread_join(t, NULL);
}

static const struct {
	const char *name;
	int (*run)(void);
} works[] = {
	{ "signal", work_signal }, { "block", work_block }, { "uring", work_uring },
	{ "fault", work_fault },   { "ipi", work_ipi },	    { "syscall", work_syscall },
	{ "idle", work_idle },	   { "pi", work_pi },	    { "lock", work_lock },
	{ "sleep", work_sleep },
};

static int work(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(works) / sizeof(*works); i++)
		if (!strcmp(works[i].name, name))
			return works[i].run();
	return 99;
}

FIXTURE(events)
{
	struct trace *t;
	struct event *e;
	size_t n;
	const struct oncpu_record **found;
	size_t nr_found;
};

FIXTURE_VARIANT(events)
{
	const char *name;
	enum trace_source source;
};

FIXTURE_VARIANT_ADD(events, bpf){ .name = "bpf", .source = TRACE_BPF };
FIXTURE_VARIANT_ADD(events, module){ .name = "module", .source = TRACE_MODULE };

FIXTURE_SETUP(events)
{
	memset(self, 0, sizeof(*self));
	if (variant->source == TRACE_MODULE && module_load())
		SKIP(return, "no module for this kernel");
}

FIXTURE_TEARDOWN(events)
{
	free(self->e);
	free(self->found);
	trace_free(self->t);
}

/* Records a workload with these classes; false: this kernel, or the source, knows no such type. */
static bool record_events(struct __test_metadata *_metadata, FIXTURE_DATA(events) * self,
			  const FIXTURE_VARIANT(events) * variant, const char *classes,
			  const char *name, uint64_t types)
{
	char options[128];

	snprintf(options, sizeof(options), "%s --events task,%s", variant->name, classes);
	self->t = record_work(options, name, NULL);
	ASSERT_NE(NULL, self->t);
	if (self->t->missing[variant->source] & types)
		return false;
	EXPECT_EQ(0, lost_of(self->t, variant->source));
	self->e = events_of(self->t, variant->source, &self->n);
	self->found = calloc(self->n + 1, sizeof(*self->found));
	return true;
}

#define RECORD(classes, name, types)                                                \
	do {                                                                        \
		if (!record_events(_metadata, self, variant, classes, name, types)) \
			SKIP(return, "not recorded here: " classes);                \
	} while (0)

static void find(FIXTURE_DATA(events) * self, unsigned int type)
{
	self->nr_found = marked_of(self->e, self->n, type, self->found);
}

#define BIT(type) (1ull << ONCPU_##type)

TEST_F(events, signals)
{
	uint32_t tid;
	size_t i;

	RECORD("signal", "signal", BIT(SIGNAL));
	find(self, ONCPU_SIGNAL);
	tid = tid_named(self->e, self->n, "mark-begin");
	EXPECT_EQ(NR, self->nr_found);
	for (i = 0; i < self->nr_found; i++) {
		EXPECT_EQ(tid, self->found[i]->signal.tid);
		EXPECT_EQ(SIGUSR1, self->found[i]->signal.nr);
		EXPECT_EQ(SI_USER, self->found[i]->signal.code);
		EXPECT_EQ(0, self->found[i]->signal.result);
	}
	find(self, ONCPU_SIGNAL_DELIVER);
	EXPECT_EQ(NR, self->nr_found);
	for (i = 0; i < self->nr_found; i++)
		EXPECT_EQ(SIGUSR1, self->found[i]->signal.nr);
}

/* Every request is completed, by an interrupt above whomever: so look at all of them. */
static size_t completions_of(const struct event *e, size_t n, const struct oncpu_record *issue)
{
	size_t i, found = 0;

	for (i = 0; i < n; i++)
		found += e[i].r->type == ONCPU_BLOCK_COMPLETE &&
			 e[i].r->block.sector == issue->block.sector &&
			 e[i].r->block.dev == issue->block.dev &&
			 e[i].r->block.bytes == issue->block.bytes &&
			 e[i].r->time_ns >= issue->time_ns;
	return found;
}

TEST_F(events, block_reads)
{
	size_t i;

	if (access(DISK, R_OK))
		SKIP(return, "no " DISK " here");
	RECORD("block,sched", "block", BIT(BLOCK_ISSUE));
	find(self, ONCPU_BLOCK_ISSUE);
	EXPECT_EQ(NR, self->nr_found);
	for (i = 0; i < self->nr_found; i++) {
		EXPECT_EQ(BLOCK, self->found[i]->block.bytes);
		EXPECT_EQ(i * 16 * BLOCK / 512, self->found[i]->block.sector);
		EXPECT_EQ(1, completions_of(self->e, self->n, self->found[i]));
	}
	find(self, ONCPU_SWITCH);
	for (i = 0; i < self->nr_found; i++) {
		if (!is_voluntary(self->found[i]))
			continue;
		EXPECT_TRUE(self->found[i]->flags & ONCPU_SWITCH_IOWAIT);
		EXPECT_EQ(SYS_pread64, self->found[i]->sched_switch.syscall);
		EXPECT_EQ(S_IFBLK >> 12, self->found[i]->flags >> ONCPU_SWITCH_FILE_SHIFT);
	}
}

static size_t nr_called(FIXTURE_DATA(events) * self, unsigned int type, uint64_t user_data)
{
	size_t i, found = 0;

	for (i = 0; i < self->n; i++) /* the worker's are among them */
		found += self->e[i].r->type == type && self->e[i].r->uring.user_data == user_data;
	return found;
}

TEST_F(events, uring_requests)
{
	size_t i;

	RECORD("uring", "uring", BIT(URING_SUBMIT));
	find(self, ONCPU_URING_SUBMIT);
	EXPECT_EQ(NR + 1 + NR_WAITS, self->nr_found);
	for (i = 0; i < NR && i < self->nr_found; i++) {
		EXPECT_EQ(1000 + i, self->found[i]->uring.user_data);
		EXPECT_EQ(IORING_OP_NOP, self->found[i]->flags);
		EXPECT_EQ(self->found[0]->uring.ring, self->found[i]->uring.ring);
		EXPECT_EQ(1, nr_called(self, ONCPU_URING_COMPLETE, 1000 + i));
	}
	EXPECT_EQ(1, nr_called(self, ONCPU_URING_ASYNC, 2000));
	EXPECT_EQ(1, nr_called(self, ONCPU_URING_COMPLETE, 2000));
	EXPECT_EQ(NR_WAITS, nr_called(self, ONCPU_URING_COMPLETE, 3000));
	find(self, ONCPU_URING_WAIT);
	EXPECT_LE(NR_WAITS, self->nr_found);
	EXPECT_GE(NR_WAITS + 1, self->nr_found); /* the worker may be done before we look */
	for (i = 0; i < self->nr_found; i++)
		EXPECT_EQ(1, self->found[i]->uring.res);
}

TEST_F(events, faults_on_fresh_pages)
{
	size_t i, k = 0;

	RECORD("fault", "fault", BIT(FAULT));
	find(self, ONCPU_FAULT);
	for (i = 0; i < self->nr_found; i++) {
		char *at = (char *)self->found[i]->fault.address;

		if (at < FRESH || at >= FRESH + NR * BLOCK)
			continue;
		EXPECT_EQ(FRESH + k * BLOCK, at);
		EXPECT_NE(0, self->found[i]->fault.ip);
		k++;
	}
	EXPECT_EQ(NR, k);
}

TEST_F(events, membarriers_interrupt_the_other_cpu)
{
	size_t i, k = 0;

	if (sysconf(_SC_NPROCESSORS_ONLN) < 2)
		SKIP(return, "one CPU");
	RECORD("ipi", "ipi", BIT(IPI));
	find(self, ONCPU_IPI);
	for (i = 0; i < self->nr_found; i++) {
		EXPECT_NE(0, self->found[i]->ipi.caller);
		k += self->found[i]->ipi.cpu == 1 && self->found[i]->ipi.nr == 1;
	}
	EXPECT_LE(NR, k); /* one may also be sent to reschedule */
	EXPECT_GT(2 * NR, k);
}

TEST_F(events, system_calls)
{
	size_t i, k = 0;

	RECORD("syscall", "syscall", BIT(SYSCALL));
	find(self, ONCPU_SYSCALL);
	for (i = 0; i < self->nr_found; i++)
		k += self->found[i]->syscall.nr == SYS_getppid;
	EXPECT_EQ(NR, k);
	find(self, ONCPU_SYSCALL_END);
	for (i = 0, k = 0; i < self->nr_found; i++)
		k += self->found[i]->syscall.nr == SYS_getppid &&
		     self->found[i]->syscall.arg0 == self->found[NR]->syscall.arg0;
	EXPECT_EQ(NR, k);
}

/* On each CPU every beginning has its end. Returns how many were whole. */
static size_t count_pairs(struct __test_metadata *_metadata, const struct trace_stream *s,
			  unsigned int first, unsigned int last)
{
	const struct oncpu_record *open = NULL;
	size_t i, n = 0;

	for (i = 0; i < s->n; i++) {
		const struct oncpu_record *r = &s->records[i];

		if (r->type == first) {
			EXPECT_EQ(NULL, open);
			open = r;
		} else if (r->type == last && open) { /* the first may have begun before us */
			EXPECT_EQ(open->irq.nr, r->irq.nr);
			open = NULL;
			n++;
		}
	}
	return n;
}

TEST_F(events, interrupts_end)
{
	size_t i, nr_irqs = 0, nr_softirqs = 0;

	if (access(DISK, R_OK))
		SKIP(return, "no " DISK " here");
	RECORD("irq", "block", BIT(IRQ) | BIT(SOFTIRQ));
	for (i = 0; i < self->t->nr_streams; i++) {
		nr_irqs += count_pairs(_metadata, &self->t->streams[i], ONCPU_IRQ, ONCPU_IRQ_END);
		nr_softirqs += count_pairs(_metadata, &self->t->streams[i], ONCPU_SOFTIRQ,
					   ONCPU_SOFTIRQ_END);
	}
	EXPECT_LE(NR, nr_irqs); /* each read sleeps until one comes */
	EXPECT_LT(0, nr_softirqs);
}

TEST_F(events, idle_is_entered_and_left)
{
	const struct trace_stream *s;
	size_t i, k, left = 0;

	RECORD("idle", "idle", BIT(IDLE));
	for (i = 0; i < self->t->nr_streams; i++) {
		s = &self->t->streams[i];
		uint32_t before = 0;
		bool known = false;

		for (k = 0; k < s->n; k++) {
			if (s->records[k].type != ONCPU_IDLE)
				continue;
			EXPECT_EQ(0, s->records[k].tid);
			if (known)
				EXPECT_NE(before == ONCPU_IDLE_LEAVE,
					  s->records[k].idle.state == ONCPU_IDLE_LEAVE);
			before = s->records[k].idle.state;
			known = true;
			left += before == ONCPU_IDLE_LEAVE;
		}
	}
	EXPECT_LT(0, left);
}

TEST_F(events, priority_is_inherited_and_given_back)
{
	size_t i, given = 0, back = 0;
	uint32_t holder, donor;

	RECORD("sched", "pi", BIT(PI_SETPRIO));
	holder = tid_named(self->e, self->n, "mark-begin");
	donor = tid_named(self->e, self->n, "donor");
	for (i = 0; i < self->n; i++) {
		const struct oncpu_record *r = self->e[i].r;

		if (r->type != ONCPU_PI_SETPRIO || r->pi.tid != holder)
			continue;
		if (r->pi.donor == donor) {
			EXPECT_EQ(donor, r->tid);
			EXPECT_EQ(99 - HIGH_PRIO, r->pi.new_prio);
			given++;
		} else {
			EXPECT_EQ(0, r->pi.donor);
			EXPECT_EQ(99 - HIGH_PRIO, r->pi.old_prio);
			EXPECT_EQ(120, r->pi.new_prio);
			back++;
		}
	}
	EXPECT_EQ(NR, given);
	EXPECT_EQ(NR, back);
}

TEST_F(events, kernel_locks_are_released)
{
	size_t i, nr[ONCPU_RECORD_TYPE_END] = {};

	RECORD("lock", "lock", BIT(LOCK_BEGIN));
	for (i = 0; i < self->n; i++)
		nr[self->e[i].r->type]++;
	EXPECT_LT(NR, nr[ONCPU_LOCK_BEGIN]);
	if (!(self->t->missing[variant->source] & BIT(LOCK_RELEASE)))
		EXPECT_LT(0, nr[ONCPU_LOCK_RELEASE]);
}

/* A task that sleeps: in which call, for what kind of file? */
TEST_F(events, sleeps_tell_call_and_file)
{
	size_t i, in_pipe = 0, in_event = 0, in_nap = 0;

	RECORD("sched", "sleep", BIT(SWITCH));
	if (variant->source == TRACE_MODULE && self->t->missing[TRACE_MODULE])
		SKIP(return, "the module is of before this");
	find(self, ONCPU_SWITCH);
	for (i = 0; i < self->nr_found; i++) {
		const struct oncpu_record *r = self->found[i];
		unsigned int kind = r->flags >> ONCPU_SWITCH_FILE_SHIFT;

		if (!is_voluntary(r)) {
			EXPECT_EQ(-1, r->sched_switch.syscall);
			continue;
		}
		if (r->sched_switch.syscall == SYS_read && kind == S_IFIFO >> 12)
			in_pipe++;
		else if (r->sched_switch.syscall == SYS_read && kind == ONCPU_SWITCH_FILE_ANON)
			in_event++;
		else if (r->sched_switch.syscall == SYS_clock_nanosleep && kind == 0)
			in_nap++;
	}
	EXPECT_EQ(NR, in_pipe);
	EXPECT_EQ(NR, in_event);
	EXPECT_EQ(NR, in_nap);
}

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "--work"))
		return work(argv[2]);
	return test_harness_run(argc, argv);
}
