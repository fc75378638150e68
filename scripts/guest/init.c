// SPDX-License-Identifier: GPL-2.0
/*
 * The guest's first process, and the only content of its initramfs beside a few kernel modules.
 *
 * It mounts the read-only root image under a tmpfs overlay (nothing a run does outlives the VM),
 * sets up what a Debian system expects to find, and becomes the agent: one process for each
 * virtio serial port. There is no other daemon in the guest, so an idle guest is really idle.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <dirent.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "channel.h"

/* Writing to the console and halting is all that is left to do. */
static void __attribute__((noreturn, format(printf, 1, 2))) die(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	dprintf(1, "oncpu-init: ");
	vdprintf(1, format, args);
	dprintf(1, ": %s\n", strerror(errno));
	va_end(args);
	sleep(1);
	abort(); /* the kernel panics when init dies, and QEMU ends */
}

static void load_module(const char *name)
{
	char path[256];
	int fd;

	snprintf(path, sizeof(path), "/modules/%s", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		die("open %s", path);
	if (syscall(SYS_finit_module, fd, "", 0) && errno != EEXIST)
		die("load %s", path);
	close(fd);
}

/* In the order of /modules/list, which has dependencies first. */
static void load_modules(void)
{
	char line[200];
	FILE *f = fopen("/modules/list", "re");

	if (!f)
		die("/modules/list");
	while (fgets(line, sizeof(line), f)) {
		line[strcspn(line, "\n")] = '\0';
		if (line[0])
			load_module(line);
	}
	fclose(f);
}

static void mount_or_die(const char *source, const char *target, const char *type,
			 unsigned long flags, const char *data)
{
	mkdir(target, 0755);
	if (mount(source, target, type, flags, data) && errno != EBUSY)
		die("mount %s on %s", source, target);
}

static void mount_root(void)
{
	int tries;

	mkdir("/lower", 0755);
	for (tries = 0; mount("/dev/vda", "/lower", "ext4", MS_RDONLY, NULL); tries++) {
		if (tries == 1000)
			die("mount the root image /dev/vda");
		usleep(2000); /* the disk may still be on its way */
	}
	mount_or_die("rw", "/rw", "tmpfs", 0, "mode=755");
	mkdir("/rw/upper", 0755);
	mkdir("/rw/work", 0755);
	mount_or_die("root", "/new", "overlay", 0,
		     "lowerdir=/lower,upperdir=/rw/upper,workdir=/rw/work");
	if (mount("/dev", "/new/dev", NULL, MS_MOVE, NULL) ||
	    mount("/proc", "/new/proc", NULL, MS_MOVE, NULL) || chdir("/new") ||
	    mount(".", "/", NULL, MS_MOVE, NULL) || chroot(".") || chdir("/"))
		die("enter the root image");
}

static void write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd >= 0) {
		if (write(fd, text, strlen(text)) < 0)
			dprintf(1, "oncpu-init: %s: %s\n", path, strerror(errno));
		close(fd);
	}
}

static void loopback_up(void)
{
	struct ifreq r = { .ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING };
	int s = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (s >= 0) {
		ioctl(s, SIOCSIFFLAGS, &r);
		close(s);
	}
}

static void set_up_system(void)
{
	mount_or_die("sys", "/sys", "sysfs", 0, NULL);
	mount_or_die("devpts", "/dev/pts", "devpts", 0, "gid=5,mode=620,ptmxmode=666");
	mount_or_die("shm", "/dev/shm", "tmpfs", 0, "mode=1777");
	mount_or_die("tmp", "/tmp", "tmpfs", 0, "mode=1777");
	mount_or_die("run", "/run", "tmpfs", 0, "mode=755");
	mount_or_die("tracefs", "/sys/kernel/tracing", "tracefs", 0, NULL);
	mount_or_die("debugfs", "/sys/kernel/debug", "debugfs", 0, NULL);
	mount_or_die("bpf", "/sys/fs/bpf", "bpf", 0, NULL);
	mount_or_die("cgroup", "/sys/fs/cgroup", "cgroup2", 0, NULL);
	write_file("/sys/fs/cgroup/cgroup.subtree_control", "+pids");
	if (symlink("/proc/self/fd", "/dev/fd") || symlink("/proc/self/fd/0", "/dev/stdin") ||
	    symlink("/proc/self/fd/1", "/dev/stdout") || symlink("/proc/self/fd/2", "/dev/stderr"))
		dprintf(1, "oncpu-init: /dev/fd: %s\n", strerror(errno));
	sethostname("oncpu", 5);
	loopback_up();
	/* A fault in the kernel must be seen at once, not limped on from. */
	write_file("/proc/sys/kernel/panic_on_oops", "1");
	write_file("/proc/sys/kernel/core_pattern", "|/bin/false");
}

/* The name that the host gave a port, from sysfs; "" where it has none. */
static void port_name(const char *entry, char *name, size_t size)
{
	char path[300];
	ssize_t n = -1;
	int fd;

	snprintf(path, sizeof(path), "/sys/class/virtio-ports/%s/name", entry);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		n = read(fd, name, size - 1);
		close(fd);
	}
	name[n > 0 ? n : 0] = '\0';
	name[strcspn(name, "\n")] = '\0';
}

static int start_agents(void)
{
	char device[300], name[64];
	struct dirent *e;
	int started = 0;
	DIR *d = opendir("/sys/class/virtio-ports");

	while (d && (e = readdir(d))) {
		port_name(e->d_name, name, sizeof(name));
		if (strncmp(name, "oncpu.", 6))
			continue;
		snprintf(device, sizeof(device), "/dev/%s", e->d_name);
		started++;
		if (fork() == 0)
			agent_serve(device);
	}
	if (d)
		closedir(d);
	return started;
}

int main(void)
{
	int tries;

	mkdir("/proc", 0755);
	mkdir("/dev", 0755);
	mount_or_die("proc", "/proc", "proc", 0, NULL);
	mount_or_die("dev", "/dev", "devtmpfs", 0, NULL);
	load_modules();
	mount_root();
	set_up_system();
	for (tries = 0; !start_agents(); tries++) {
		if (tries == 500)
			die("find a virtio serial port named oncpu.*");
		usleep(10000);
	}
	for (;;) /* reap what nobody else waits for */
		if (waitpid(-1, NULL, 0) < 0)
			pause();
}
