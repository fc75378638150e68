// SPDX-License-Identifier: GPL-2.0
/*
 * Everything that may happen to the module, at once: it is loaded and unloaded, recorders come and
 * are killed, its device is opened, mapped and closed by others, a CPU goes and comes back, all
 * under load. Nothing is expected of any single one of these, but that the kernel does not complain
 * (the runner looks into its log) and that all works when they have ended.
 *
 *   ONCPU_GUEST_STRESS_S   how long; 15 s are the default
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <oncpu/ioctl.h>
#include <oncpu/ring.h>

#include "kselftest_harness.h"
#include "lib/lib.h"

#define RECORDINGS 3
#define LONGEST_S  3600
#define PATIENCE_S 100
#define NR_TRIES   5000 /* of 1 ms */
#define CPU_SWITCH "/sys/devices/system/cpu/cpu1/online"

struct rounds { /* how many times each of them came round, to see that it did */
	unsigned int loaded, killed, mapped, hotplugged;
};

static unsigned int random_ms(unsigned int most)
{
	return (unsigned int)random() % (most + 1);
}

static void load_and_unload(struct rounds *r)
{
	int tries, err = -1;

	module_load();
	usleep(1000 * random_ms(100));
	for (tries = 0; err && tries < NR_TRIES; tries++) {
		err = module_unload(); /* somebody uses it, most of the time */
		usleep(1000);
	}
	r->loaded += !err;
}

static void kill_a_recorder(struct rounds *r)
{
	pid_t recorder;

	recorder = fork();
	if (recorder == 0) {
		close(STDERR_FILENO);
		execlp(oncpu(), "oncpu", "record", "-a", "-o", "/tmp/stress.oncpu", "--source",
		       "module", "--", "sleep", "10", NULL);
		_exit(127);
	}
	usleep(1000 * random_ms(400));
	r->killed += !kill(recorder, SIGKILL);
	waitpid(recorder, NULL, 0);
	usleep(1000 * random_ms(1000));
}

static void open_and_map(struct rounds *r)
{
	struct oncpu_setup setup = { .version = ONCPU_ABI_VERSION, .order = 8, .types = ~0ull };
	void *records;
	int fd;

	usleep(1000 * random_ms(1000)); /* leave it to the others, too */
	fd = open("/dev/oncpu", O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return;
	if (!ioctl(fd, ONCPU_IOC_SETUP, &setup) && !ioctl(fd, ONCPU_IOC_START)) {
		records = mmap(NULL, setup.records_bytes, PROT_READ, MAP_SHARED, fd,
			       (off_t)setup.control_bytes);
		usleep(1000 * random_ms(100));
		r->mapped += records != MAP_FAILED;
		if (random() % 2)
			ioctl(fd, ONCPU_IOC_STOP);
		close(fd);
		if (records != MAP_FAILED)
			munmap(records, setup.records_bytes);
		return;
	}
	close(fd);
}

static int write_switch(const char *text)
{
	int fd = open(CPU_SWITCH, O_WRONLY | O_CLOEXEC), err = 0;

	if (fd < 0)
		return -errno;
	if (write(fd, text, 1) != 1)
		err = -errno;
	close(fd);
	return err;
}

static void hotplug(struct rounds *r)
{
	r->hotplugged += !write_switch("0");
	usleep(1000 * random_ms(100));
	write_switch("1");
	usleep(1000 * random_ms(100));
}

/* Till then, and once at least: on a slow machine another may have the device for all that time. */
static pid_t repeat(void (*what)(struct rounds *), struct rounds *r, const unsigned int *done,
		    time_t until)
{
	pid_t child = fork();

	if (child)
		return child;
	srandom((unsigned int)getpid());
	while (time(NULL) < until || (!*done && time(NULL) < until + PATIENCE_S))
		what(r);
	_exit(0);
}

FIXTURE(stress)
{
	struct rounds *rounds;
};

FIXTURE_SETUP(stress)
{
	self->rounds = mmap(NULL, sizeof(*self->rounds), PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, (void *)self->rounds);
}

FIXTURE_TEARDOWN(stress)
{
	load_stop();
	write_switch("1");
	munmap(self->rounds, sizeof(*self->rounds));
	unlink("/tmp/stress.oncpu");
}

static void check_recording(struct __test_metadata *_metadata)
{
	struct trace *t;

	ASSERT_EQ(0, module_load());
	t = record_work("module", "ping-pong", NULL);
	ASSERT_NE(NULL, t);
	EXPECT_TRUE(t->complete);
	EXPECT_EQ(0, lost_of(t, TRACE_MODULE));
	trace_free(t);
}

TEST_F_TIMEOUT(stress, all_at_once, LONGEST_S)
{
	const char *seconds = getenv("ONCPU_GUEST_STRESS_S");
	time_t until = time(NULL) + (seconds ? atol(seconds) : 15);
	bool has_hotplug = !access(CPU_SWITCH, W_OK);
	struct rounds *r = self->rounds;
	pid_t children[4];
	int i, n = 0;

	load_start(2);
	children[n++] = repeat(load_and_unload, r, &r->loaded, until);
	children[n++] = repeat(kill_a_recorder, r, &r->killed, until);
	children[n++] = repeat(open_and_map, r, &r->mapped, until);
	if (has_hotplug)
		children[n++] = repeat(hotplug, r, &r->hotplugged, until);
	for (i = 0; i < n; i++)
		waitpid(children[i], NULL, 0);
	load_stop();
	printf("# unloaded %u times, %u recorders killed, mapped %u times, a CPU away %u times\n",
	       r->loaded, r->killed, r->mapped, r->hotplugged);
	EXPECT_NE(0, r->loaded);
	EXPECT_NE(0, r->killed);
	EXPECT_NE(0, r->mapped);
	EXPECT_TRUE(!has_hotplug || r->hotplugged);
	check_recording(_metadata);
}

static int record_all(const char *stacks)
{
	return run("%s record -a --source module --stacks=%s "
		   "--events +fault,+irq,+ipi,+idle,+syscall -o /tmp/stress.oncpu -- "
		   "%s --work ping-pong",
		   oncpu(), stacks, this_program());
}

/* For a kernel that looks for data races: all that the module does, on all CPUs at once. */
TEST_F(stress, all_events_of_a_crowd)
{
	int i;

	ASSERT_EQ(0, module_load());
	load_start(2);
	for (i = 0; i < RECORDINGS; i++)
		EXPECT_EQ(0, record_all("off"));
	load_stop(); /* to name the places in stacks takes long beside a crowd */
	EXPECT_EQ(0, record_all("both"));
}

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "--work")) {
		ping_pong(200);
		return 0;
	}
	return test_harness_run(argc, argv);
}
