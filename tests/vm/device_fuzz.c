// SPDX-License-Identifier: GPL-2.0
/*
 * /dev/oncpu is asked for everything that nobody sane would ask it for: random ioctls, mappings,
 * protections and orders of all that, from several threads of several processes that share its file.
 * The kernel must not complain (the runner looks into its log), nobody may come to write what is
 * only to be read, and afterwards the device must work as ever.
 *
 *   ONCPU_GUEST_STRESS_S   how long; 15 s are the default, minutes find more
 *   ONCPU_GUEST_SEED       the seed to start from again; it is printed. Threads race, so the same
 *                          seed makes the same calls, but not in the same order.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <oncpu/ioctl.h>
#include <oncpu/ring.h>

#include "kselftest_harness.h"
#include "lib/lib.h"

#define NR_PROCESSES	  3
#define NR_THREADS	  3
#define NR_MAPS		  8

#define CALLS_A_RECORDING 200
#define PAGE		  4096ul
#define LONGEST_S	  3600
#define WROTE		  42 /* exit status: somebody came to write to the records */

struct shared {			  /* by all processes */
	struct oncpu_setup setup; /* the last that worked; torn, at times: all the better */
	unsigned long nr_calls, nr_good, nr_setups, nr_starts;
	unsigned long epoch; /* counts up when all are to let go of the recording they have */
};

struct process { /* its threads take the file from each other */
	int fd;
	unsigned long epoch; /* that the file is of */
};

struct fuzzer {
	uint64_t random;
	struct shared *shared;
	struct process *process;
	int pipe[2];
	time_t until;
	unsigned long epoch;
	struct {
		char *at;
		size_t size;
		bool records;
	} maps[NR_MAPS];
};

static uint64_t next(struct fuzzer *f) /* splitmix64 */
{
	uint64_t z = f->random += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

static uint64_t below(struct fuzzer *f, uint64_t n)
{
	return next(f) % n;
}

static bool chance(struct fuzzer *f, unsigned int one_in)
{
	return !below(f, one_in);
}

static void count(struct fuzzer *f, bool good)
{
	__atomic_fetch_add(&f->shared->nr_calls, 1, __ATOMIC_RELAXED);
	__atomic_fetch_add(&f->shared->nr_good, good, __ATOMIC_RELAXED);
}

static void *bad_address(struct fuzzer *f)
{
	static const uintptr_t bad[] = {
		0, 1, 0x1000, 0x7ffffffff000, 0xffff888000000000, -4096ul
	};

	return (void *)bad[below(f, sizeof(bad) / sizeof(*bad))];
}

static void do_setup(struct fuzzer *f)
{
	uint64_t cpus[4] = { next(f), next(f), 0, 0 };
	struct oncpu_setup setup = {
		.version = ONCPU_ABI_VERSION,
		.order = (uint32_t)(ONCPU_MIN_ORDER + below(f, 5)),
		.types = chance(f, 10) ? ~0ull
				       : next(f) & next(f) & next(f), /* many take long to START */
	};
	bool good;

	if (chance(f, 2))
		setup.filter.flags = (uint32_t)below(f, 64);
	if (chance(f, 2))
		setup.filter.self_tgid = (uint32_t)getpid();
	if (chance(f, 3)) {
		setup.cpus = (uintptr_t)(chance(f, 4) ? bad_address(f) : cpus);
		setup.cpus_bytes = (uint32_t)below(f, sizeof(cpus) + 1);
	}
	if (chance(f, 4)) /* one field is nonsense */
		memset((char *)&setup + below(f, sizeof(setup)), (int)next(f), 1);
	if (chance(f, 50))
		setup.order = ONCPU_MAX_ORDER;
	good = !ioctl(f->process->fd, ONCPU_IOC_SETUP, chance(f, 20) ? bad_address(f) : &setup);
	if (good && setup.nr_cpus)
		f->shared->setup = setup;
	__atomic_fetch_add(&f->shared->nr_setups, good, __ATOMIC_RELAXED);
	count(f, good);
}

static void do_ioctl(struct fuzzer *f)
{
	char buffer[256];
	bool good;
	unsigned int cmd = chance(f, 2) ? ONCPU_IOC_START : ONCPU_IOC_STOP;

	if (!chance(f, 30)) /* START and STOP take their time */
		cmd ^= 1u << below(f, 32);
	if (chance(f, 8))
		cmd = (unsigned int)next(f);
	memset(buffer, (int)next(f), sizeof(buffer));
	good = !ioctl(f->process->fd, cmd, chance(f, 2) ? buffer : bad_address(f));
	__atomic_fetch_add(&f->shared->nr_starts, good && cmd == ONCPU_IOC_START, __ATOMIC_RELAXED);
	count(f, good);
}

static size_t random_size(struct fuzzer *f)
{
	const struct oncpu_setup *s = &f->shared->setup;
	const size_t sizes[] = { s->control_bytes, s->records_bytes, s->tasks_bytes, PAGE };
	size_t size = sizes[below(f, 4)];

	return chance(f, 6) ? size + (below(f, 5) - 2) * PAGE : size;
}

static size_t random_offset(struct fuzzer *f)
{
	const struct oncpu_setup *s = &f->shared->setup;
	const size_t offsets[] = { 0, s->control_bytes, s->control_bytes + s->records_bytes };
	size_t offset = offsets[below(f, 3)];

	if (chance(f, 10))
		return (next(f) >> below(f, 64)) & ~(PAGE - 1);
	return chance(f, 6) ? offset + (below(f, 5) - 2) * PAGE : offset;
}

static void do_mmap(struct fuzzer *f)
{
	const struct oncpu_setup *s = &f->shared->setup;
	int prot = chance(f, 4) ? (int)below(f, 8) : PROT_READ | (chance(f, 2) ? PROT_WRITE : 0);
	int i = (int)below(f, NR_MAPS), flags = chance(f, 8) ? MAP_PRIVATE : MAP_SHARED;
	size_t size, offset;
	void *p;

	switch (below(f, 4)) { /* what is right, most of the time */
	case 0:
		size = s->control_bytes, offset = 0;
		break;
	case 1:
		size = s->records_bytes, offset = s->control_bytes;
		break;
	case 2:
		size = s->tasks_bytes, offset = s->control_bytes + s->records_bytes;
		break;
	default:
		size = random_size(f), offset = random_offset(f);
	}
	p = mmap(NULL, size, prot, flags | (chance(f, 3) ? MAP_POPULATE : 0), f->process->fd,
		 (off_t)offset);
	count(f, p != MAP_FAILED);
	if (p == MAP_FAILED)
		return;
	if (f->maps[i].at)
		munmap(f->maps[i].at, f->maps[i].size);
	f->maps[i].at = p;
	f->maps[i].size = size;
	f->maps[i].records = offset && offset == s->control_bytes;
	if (f->maps[i].records && prot & PROT_WRITE)
		_exit(WROTE);
}

/* By the kernel's hands, which fail where ours would end us. */
static void touch(struct fuzzer *f, char *at)
{
	uint64_t value = next(f);

	if (write(f->pipe[1], &value, 8) == 8 && read(f->pipe[0], at, 8) != 8)
		count(f, read(f->pipe[0], &value, 8) == 8);
	if (write(f->pipe[1], at, 8) == 8)
		count(f, read(f->pipe[0], &value, 8) == 8);
}

static void do_protect(struct fuzzer *f, int i, size_t part)
{
	int prot = chance(f, 2) ? (int)below(f, 8) : PROT_READ | PROT_WRITE;
	bool good = !mprotect(f->maps[i].at, part, prot);

	count(f, good);
	if (good && part && f->maps[i].records && prot & PROT_WRITE)
		_exit(WROTE);
}

/* To grow is not granted; to shrink and to move is. */
static void do_remap(struct fuzzer *f, int i)
{
	size_t size = f->maps[i].size + (below(f, 3) - 1) * PAGE;
	void *p = mremap(f->maps[i].at, f->maps[i].size, size, MREMAP_MAYMOVE);

	count(f, p != MAP_FAILED);
	if (p == MAP_FAILED)
		return;
	f->maps[i].at = p;
	f->maps[i].size = size;
}

/* No hole is left that a mapping of another thread could fall into. */
static void do_unmap(struct fuzzer *f, int i, size_t part)
{
	char *at = f->maps[i].at;
	size_t size = f->maps[i].size;

	switch (below(f, 3)) {
	case 0:
		if (part < size &&
		    mmap(at + part, PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1,
			 0) != MAP_FAILED)
			f->maps[i].records = false;
		break;
	case 1:
		if (size > PAGE && !munmap(at + size - PAGE, PAGE))
			f->maps[i].size -= PAGE;
		break;
	case 2:
		munmap(at, size);
		f->maps[i].at = NULL;
	}
}

static void do_with_map(struct fuzzer *f)
{
	int i = (int)below(f, NR_MAPS);
	size_t size = f->maps[i].size, part;

	if (!f->maps[i].at || !size)
		return;
	part = below(f, size / PAGE + 1) * PAGE;
	switch (below(f, 6)) {
	case 0:
		do_unmap(f, i, part);
		break;
	case 1:
		do_protect(f, i, part);
		break;
	case 2:
		do_remap(f, i);
		break;
	case 3:
		count(f, !madvise(f->maps[i].at, part, (int)below(f, 26)));
		break;
	default:
		touch(f, f->maps[i].at + (below(f, size - 7) & ~7ul));
	}
}

/* No file may be forgotten open: nobody could record any more. */
static void set_file(struct fuzzer *f, int fd)
{
	int old = __atomic_exchange_n(&f->process->fd, fd, __ATOMIC_SEQ_CST);

	if (old >= 0)
		close(old);
}

static void do_file(struct fuzzer *f)
{
	struct pollfd p = { .fd = f->process->fd, .events = POLLIN | POLLOUT };
	struct stat st;
	char byte = 0;

	switch (below(f, 8)) {
	case 0:
		count(f, read(f->process->fd, &byte, 1) >= 0);
		break;
	case 1:
		count(f, write(f->process->fd, &byte, 1) >= 0);
		break;
	case 2:
		count(f, lseek(f->process->fd, (off_t)next(f), (int)below(f, 6)) >= 0);
		break;
	case 3:
		count(f, poll(&p, 1, 0) >= 0 && !fstat(f->process->fd, &st));
		break;
	case 4:
		set_file(f, dup(f->process->fd));
		break;
	case 5:
		count(f, fcntl(f->process->fd, F_SETFL, (int)below(f, 65536)) >= 0);
		break;
	case 6:
		count(f, !ftruncate(f->process->fd, (off_t)next(f)) || !fsync(f->process->fd));
		break;
	case 7: /* whoever comes first has it; mappings of the old one stay */
		if (chance(f, 8))
			set_file(f, open("/dev/oncpu", chance(f, 8) ? O_RDONLY : O_RDWR));
		break;
	}
}

static void fuzz(struct fuzzer *f, int nr_calls);

/* A child has the file and the mappings, too; it ends as it likes. */
static void do_fork(struct fuzzer *f)
{
	pid_t child = fork();

	if (child == 0) {
		f->random ^= (uint64_t)getpid() << 32;
		fuzz(f, 50);
		if (chance(f, 2))
			kill(getpid(), SIGKILL);
		_exit(0);
	}
	while (child > 0 && waitpid(child, NULL, 0) < 0 && errno == EINTR)
		;
}

/* Whoever comes first has it. */
static void take_file(struct fuzzer *f)
{
	int fd = open("/dev/oncpu", O_RDWR), none = -1;

	if (fd < 0)
		usleep(1000);
	else if (!__atomic_compare_exchange_n(&f->process->fd, &none, fd, false, __ATOMIC_SEQ_CST,
					      __ATOMIC_SEQ_CST))
		close(fd);
}

/* Else some mapping would keep one recording for ever. */
static void let_go(struct fuzzer *f)
{
	unsigned long epoch = f->shared->epoch;
	int i;

	for (i = 0; i < NR_MAPS; i++) {
		if (f->maps[i].at)
			munmap(f->maps[i].at, f->maps[i].size);
		f->maps[i].at = NULL;
	}
	f->epoch = epoch;
	if (__atomic_exchange_n(&f->process->epoch, epoch, __ATOMIC_SEQ_CST) != epoch)
		set_file(f, -1);
}

static void fuzz(struct fuzzer *f, int nr_calls)
{
	while (nr_calls-- && time(NULL) < f->until) {
		if (f->epoch != f->shared->epoch)
			let_go(f);
		if (f->process->fd < 0) {
			take_file(f);
			continue;
		}
		if (chance(f, CALLS_A_RECORDING))
			f->shared->epoch++;
		switch (below(f, 8)) {
		case 0:
			do_setup(f);
			break;
		case 1:
		case 2:
			do_ioctl(f);
			break;
		case 3:
		case 4:
			do_mmap(f);
			break;
		case 5:
		case 6:
			do_with_map(f);
			break;
		case 7:
			if (chance(f, 100))
				do_fork(f);
			else
				do_file(f);
		}
	}
}

struct share { /* of one thread */
	uint64_t seed;
	struct shared *shared;
	struct process *process;
	time_t until;
};

static void *fuzz_thread(void *arg)
{
	const struct share *s = arg;
	struct fuzzer f = {
		.random = s->seed, .shared = s->shared, .process = s->process, .until = s->until
	};

	if (pipe2(f.pipe, O_NONBLOCK))
		return NULL;
	while (time(NULL) < s->until)
		fuzz(&f, 100);
	return NULL;
}

static void fuzz_process(uint64_t seed, struct shared *shared, int fd, time_t until)
{
	struct process process = { .fd = fd };
	struct share shares[NR_THREADS];
	pthread_t t[NR_THREADS];
	int i;

	for (i = 0; i < NR_THREADS; i++) {
		shares[i] = (struct share){ seed + (uint64_t)i, shared, &process, until };
		pthread_create(&t[i], NULL, fuzz_thread, &shares[i]);
	}
	for (i = 0; i < NR_THREADS; i++)
		pthread_join(t[i], NULL);
	_exit(0);
}

static uint64_t number(const char *name, uint64_t otherwise)
{
	const char *text = getenv(name);

	return text ? strtoull(text, NULL, 0) : otherwise;
}

FIXTURE(device)
{
	int fd;
};

FIXTURE_SETUP(device)
{
	ASSERT_EQ(0, module_load());
	self->fd = -1;
}

FIXTURE_TEARDOWN(device)
{
	load_stop();
	close(self->fd);
}

TEST_F_TIMEOUT(device, whatever_it_is_asked_for, LONGEST_S)
{
	time_t until = time(NULL) + (time_t)number("ONCPU_GUEST_STRESS_S", 15);
	uint64_t seed = number("ONCPU_GUEST_SEED", (uint64_t)time(NULL) << 16 ^ (uint64_t)getpid());
	struct shared *shared =
		mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t children[NR_PROCESSES];
	int i, status;

	printf("# ONCPU_GUEST_SEED=%llu\n", (unsigned long long)seed);
	fflush(stdout);
	load_start(1);
	self->fd = open("/dev/oncpu", O_RDWR);
	ASSERT_LE(0, self->fd);
	for (i = 0; i < NR_PROCESSES; i++) {
		children[i] = fork();
		if (children[i] == 0)
			fuzz_process(seed + (uint64_t)(i * NR_THREADS), shared, self->fd, until);
	}
	close(self->fd);
	for (i = 0; i < NR_PROCESSES; i++) {
		ASSERT_EQ(children[i], waitpid(children[i], &status, 0));
		EXPECT_EQ(0, status);
	}
	printf("# %lu calls, %lu granted; %lu recordings, %lu starts\n", shared->nr_calls,
	       shared->nr_good, shared->nr_setups, shared->nr_starts);
	EXPECT_NE(0, shared->nr_setups);
	EXPECT_LT(shared->nr_calls / 50, shared->nr_good); /* or else it was not fuzzed at all */
}

TEST_F(device, works_as_ever)
{
	struct trace *t;

	t = record_work("module", "ping-pong", NULL);
	ASSERT_NE(NULL, t);
	EXPECT_TRUE(t->complete);
	EXPECT_EQ(0, lost_of(t, TRACE_MODULE));
	trace_free(t);
	/* Nothing that was left half open holds it; the recorder's file may still be closing. */
	for (int tries = 0; tries < 1000 && module_unload() == -EWOULDBLOCK; tries++)
		usleep(1000);
	EXPECT_NE(0, access("/dev/oncpu", F_OK));
}

/* Not even where its mode was changed. */
TEST_F(device, is_not_for_everyone)
{
	pid_t child;
	int status;

	ASSERT_EQ(0, chmod("/dev/oncpu", 0666));
	child = fork();
	if (child == 0) {
		if (setgid(1000) || setuid(1000))
			_exit(2);
		_exit(open("/dev/oncpu", O_RDWR) < 0 && errno == EPERM ? 0 : 1);
	}
	ASSERT_EQ(child, waitpid(child, &status, 0));
	EXPECT_EQ(0, status);
	EXPECT_EQ(0, chmod("/dev/oncpu", 0600));
}

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "--work")) {
		ping_pong(200);
		return 0;
	}
	return test_harness_run(argc, argv);
}
