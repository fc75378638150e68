// SPDX-License-Identifier: GPL-2.0
/*
 * The module comes and goes under load, a hundred times, and the kernel has nothing to complain
 * about. While somebody uses it, it stays.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <oncpu/ioctl.h>
#include <oncpu/ring.h>

#include "kselftest_harness.h"
#include "lib/lib.h"

#define NR_ROUNDS 100
#define DEVICE	  "/dev/oncpu"

static const char *const complaints[] = { "BUG",     "WARNING",	   "Oops",
					  "lockdep", "Call Trace", "general protection" };

FIXTURE(reload)
{
	int kmsg;
};

FIXTURE_SETUP(reload)
{
	self->kmsg = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	ASSERT_LE(0, self->kmsg);
	lseek(self->kmsg, 0, SEEK_END);
	module_unload();
}

/* What the kernel said since the setup. */
static int count_complaints(int kmsg)
{
	char line[8192];
	ssize_t size;
	size_t i;
	int n = 0;

	while ((size = read(kmsg, line, sizeof(line) - 1)) > 0 || errno == EPIPE) {
		line[size > 0 ? size : 0] = '\0';
		if (strstr(line, "KCSAN:"))
			continue; /* may be the kernel's own: who runs the test sees all of it */
		for (i = 0; i < sizeof(complaints) / sizeof(complaints[0]); i++) {
			if (!strstr(line, complaints[i]))
				continue;
			printf("# dmesg: %s\n", line);
			n++;
		}
	}
	return n;
}

FIXTURE_TEARDOWN(reload)
{
	load_stop();
	module_unload();
	EXPECT_EQ(0, count_complaints(self->kmsg));
	close(self->kmsg);
}

TEST_F_TIMEOUT(reload, a_hundred_times_under_load, 1000)
{
	int round;

	load_start(4);
	for (round = 0; round < NR_ROUNDS; round++) {
		ASSERT_EQ(0, module_load());
		if (round % 10 == 0)
			EXPECT_EQ(0, run("%s record -o /tmp/reload.oncpu --source module -- "
					 "sleep 0.1 2>/dev/null",
					 oncpu()));
		/* The last user's file may be closed a moment after its process has ended. */
		while (module_unload() == -EWOULDBLOCK)
			usleep(1000);
		ASSERT_NE(0, access(DEVICE, F_OK));
	}
	unlink("/tmp/reload.oncpu");
}

static int set_up(int fd, struct oncpu_setup *setup)
{
	*setup = (struct oncpu_setup){ .version = ONCPU_ABI_VERSION, .order = 8, .types = ~0ULL };
	return ioctl(fd, ONCPU_IOC_SETUP, setup);
}

TEST_F(reload, stays_while_it_is_open_or_mapped)
{
	struct oncpu_setup setup;
	void *control;
	int fd;

	ASSERT_EQ(0, module_load());
	fd = open(DEVICE, O_RDWR | O_CLOEXEC);
	ASSERT_LE(0, fd);
	EXPECT_EQ(-EWOULDBLOCK, module_unload());
	EXPECT_GT(0, open(DEVICE, O_RDWR | O_CLOEXEC));
	EXPECT_EQ(EBUSY, errno);
	ASSERT_EQ(0, set_up(fd, &setup));
	ASSERT_EQ(0, ioctl(fd, ONCPU_IOC_START));
	control = mmap(NULL, setup.control_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	ASSERT_NE(MAP_FAILED, control);
	close(fd);
	EXPECT_EQ(-EWOULDBLOCK, module_unload()); /* the mapping keeps the file */
	munmap(control, setup.control_bytes);
	EXPECT_EQ(0, module_unload());
}

TEST_F(reload, records_cannot_be_written_to)
{
	struct oncpu_setup setup;
	off_t at;
	void *p;
	int fd;

	ASSERT_EQ(0, module_load());
	fd = open(DEVICE, O_RDWR | O_CLOEXEC);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, set_up(fd, &setup));
	at = (off_t)setup.control_bytes;
	EXPECT_EQ(MAP_FAILED,
		  mmap(NULL, setup.records_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, at));
	EXPECT_EQ(MAP_FAILED, mmap(NULL, setup.records_bytes, PROT_READ, MAP_PRIVATE, fd, at));
	EXPECT_EQ(MAP_FAILED,
		  mmap(NULL, setup.records_bytes + 4096, PROT_READ, MAP_SHARED, fd, at));
	EXPECT_EQ(MAP_FAILED, mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, at + 4096));
	p = mmap(NULL, setup.records_bytes, PROT_READ, MAP_SHARED, fd, at);
	ASSERT_NE(MAP_FAILED, p);
	EXPECT_NE(0, mprotect(p, setup.records_bytes, PROT_READ | PROT_WRITE));
	munmap(p, setup.records_bytes);
	close(fd);
}

TEST_F(reload, refuses_nonsense)
{
	struct oncpu_setup setup = { .version = ONCPU_ABI_VERSION, .order = 8 };
	int fd;

	ASSERT_EQ(0, module_load());
	fd = open(DEVICE, O_RDWR | O_CLOEXEC);
	ASSERT_LE(0, fd);
	EXPECT_NE(0, ioctl(fd, ONCPU_IOC_START)); /* not set up */
	EXPECT_NE(0, ioctl(fd, ONCPU_IOC_STOP));
	EXPECT_NE(0, ioctl(fd, 12345));
	EXPECT_EQ(MAP_FAILED, mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0));
	setup.order = ONCPU_MAX_ORDER + 1;
	EXPECT_NE(0, ioctl(fd, ONCPU_IOC_SETUP, &setup));
	setup.order = ONCPU_MIN_ORDER - 1;
	EXPECT_NE(0, ioctl(fd, ONCPU_IOC_SETUP, &setup));
	setup.order = 8;
	setup.version++;
	EXPECT_NE(0, ioctl(fd, ONCPU_IOC_SETUP, &setup));
	EXPECT_NE(0, ioctl(fd, ONCPU_IOC_SETUP, NULL));
	EXPECT_EQ(0, set_up(fd, &setup));
	EXPECT_NE(0, set_up(fd, &setup)); /* twice */
	close(fd);
}

/*
 * A reader gone mad scribbles over the control page: the writer must stay in its ring. Head and
 * tail get the same value, so that a writer that believed them would find room, anywhere.
 */
TEST_F(reload, survives_a_scribbled_control_page)
{
	struct oncpu_setup setup;
	uint64_t *control;
	size_t i;
	int fd, round;

	ASSERT_EQ(0, module_load());
	fd = open(DEVICE, O_RDWR | O_CLOEXEC);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, set_up(fd, &setup));
	control = mmap(NULL, setup.control_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	ASSERT_NE(MAP_FAILED, (void *)control);
	load_start(2);
	ASSERT_EQ(0, ioctl(fd, ONCPU_IOC_START));
	for (round = 0; round < 2000; round++) {
		uint64_t value = (uint64_t)random() << (round % 40);

		for (i = 0; i < setup.control_bytes / sizeof(*control); i++)
			control[i] = value;
		usleep(100);
	}
	EXPECT_EQ(0, ioctl(fd, ONCPU_IOC_STOP));
	munmap(control, setup.control_bytes);
	close(fd);
}

TEST_HARNESS_MAIN
