// SPDX-License-Identifier: GPL-2.0
/*
 * What a guest resumed from the saved state still lacks: the hour, randomness, the host's folders.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/random.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "channel.h"

void guest_set_clock(uint64_t wall_ns)
{
	struct timespec t = { .tv_sec = (time_t)(wall_ns / 1000000000ull),
			      .tv_nsec = (long)(wall_ns % 1000000000ull) },
			here;

	clock_gettime(CLOCK_REALTIME, &here);
	if (llabs((long long)here.tv_sec - (long long)t.tv_sec) > 1)
		clock_settime(CLOCK_REALTIME, &t);
}

void guest_reseed(const uint8_t *seed, int n)
{
	struct {
		int entropy_count, buf_size;
		uint8_t buf[32];
	} pool = { .entropy_count = n * 8, .buf_size = n };
	int fd = open("/dev/urandom", O_RDWR | O_CLOEXEC);

	if (fd < 0)
		return;
	memcpy(pool.buf, seed, (size_t)n);
	ioctl(fd, RNDADDENTROPY, &pool);
	ioctl(fd, RNDRESEEDCRNG);
	close(fd);
}

static int make_folders(const char *path)
{
	char part[4096];
	size_t i;

	for (i = 1; path[i - 1] && i < sizeof(part); i++) {
		if (path[i] && path[i] != '/')
			continue;
		memcpy(part, path, i);
		part[i] = '\0';
		if (mkdir(part, 0755) && errno != EEXIST)
			return -errno;
	}
	return 0;
}

const char *guest_mount(const char *share)
{
	static const char options[] = "lowerdir=/run/share/lower,upperdir=/run/share/upper,"
				      "workdir=/run/share/work";

	make_folders("/opt/oncpu");
	if (mount("/dev/vdb", "/opt/oncpu", "squashfs", MS_RDONLY, NULL) && errno != EBUSY)
		return "mount /opt/oncpu";
	if (!share[0])
		return NULL;
	make_folders("/run/share/lower");
	make_folders("/run/share/work");
	if (mkdir("/run/share/upper", 0755) && errno != EEXIST)
		return "mkdir /run/share/upper";
	if (chown("/run/share/upper", 1000, 1000))
		return "chown /run/share/upper";
	if (mount("/dev/vdc", "/run/share/lower", "squashfs", MS_RDONLY, NULL))
		return "mount the shared folder";
	if (make_folders(share) || mount("share", share, "overlay", 0, options))
		return share;
	return NULL;
}
