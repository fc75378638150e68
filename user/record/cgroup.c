// SPDX-License-Identifier: GPL-2.0
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "record/cgroup.h"

#define OUR_NAME    "oncpu-" /* and the recorder's pid */
#define MAX_DEPTH   8	     /* of what a target may have made in its group */
#define FOLDER_ONLY (O_RDONLY | O_DIRECTORY | O_CLOEXEC)

/* Where the hierarchy is mounted: "ID PARENT DEV ROOT MOUNTPOINT ... - cgroup2 ..." */
static int find_mount(char *path, size_t size)
{
	FILE *f = fopen("/proc/self/mountinfo", "re");
	char line[4096], at[2048];
	int err = -ENOENT;

	while (f && err && fgets(line, sizeof(line), f)) {
		if (!strstr(line, " - cgroup2 ") || sscanf(line, "%*s %*s %*s %*s %2047s", at) != 1)
			continue;
		err = snprintf(path, size, "%s", at) < (int)size ? 0 : -ENAMETOOLONG;
	}
	if (f)
		fclose(f);
	return err;
}

/* The group of a process, 0: of this one: the line "0::PATH". */
static int find_group(pid_t pid, char *path, size_t size)
{
	char file[64] = "/proc/self/cgroup", line[2048], mount[2048];
	int err = find_mount(mount, sizeof(mount));
	FILE *f;

	if (pid)
		snprintf(file, sizeof(file), "/proc/%d/cgroup", (int)pid);
	f = fopen(file, "re");
	if (!f)
		return -errno;
	if (!err)
		err = -ENOENT;
	while (err == -ENOENT && fgets(line, sizeof(line), f)) {
		if (strncmp(line, "0::", 3) != 0)
			continue;
		line[strcspn(line, "\n")] = '\0';
		err = snprintf(path, size, "%s%s", mount, line + 3) < (int)size ? 0 : -ENAMETOOLONG;
	}
	fclose(f);
	return err;
}

static bool is_group(const char *path, uint64_t *id)
{
	struct statfs fs;
	struct stat st;

	if (statfs(path, &fs) || fs.f_type != CGROUP2_SUPER_MAGIC || stat(path, &st) ||
	    !S_ISDIR(st.st_mode))
		return false;
	*id = st.st_ino;
	return true;
}

int cgroup_id(const char *path, uint64_t *id, char *why, size_t why_size)
{
	char full[4096], mount[2048];

	if (is_group(path, id))
		return 0;
	if (find_mount(mount, sizeof(mount))) {
		snprintf(why, why_size,
			 "there are no control groups of version 2 here: mount -t "
			 "cgroup2 cgroup2 /sys/fs/cgroup");
		return -EOPNOTSUPP;
	}
	if (snprintf(full, sizeof(full), "%s/%s", mount, path) < (int)sizeof(full) &&
	    is_group(full, id))
		return 0;
	snprintf(why, why_size, "%s is no control group (v2): they are the folders in %s", path,
		 mount);
	return -ENOENT;
}

/* What a killed recorder's guard did not end, ends now; the folder goes when it is empty. */
static void end_stale(int parent, const char *name)
{
	int fd = openat(parent, name, FOLDER_ONLY);

	cgroup_kill(fd);
	if (fd >= 0)
		close(fd);
	unlinkat(parent, name, AT_REMOVEDIR);
}

/* Those of recorders that were killed stay behind. */
static void remove_stale(int parent)
{
	int fd = openat(parent, ".", FOLDER_ONLY);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *e;
	pid_t pid;

	while (dir && (e = readdir(dir))) {
		if (strncmp(e->d_name, OUR_NAME, strlen(OUR_NAME)) != 0)
			continue;
		pid = atoi(e->d_name + strlen(OUR_NAME));
		if (pid > 0 && kill(pid, 0) && errno == ESRCH)
			end_stale(parent, e->d_name);
	}
	if (dir)
		closedir(dir);
}

int cgroup_make(int *fd)
{
	char own[4096], name[32];
	int parent, err;

	*fd = -1;
	err = find_group(0, own, sizeof(own));
	if (err)
		return err;
	parent = open(own, FOLDER_ONLY);
	if (parent < 0)
		return -errno;
	remove_stale(parent);
	snprintf(name, sizeof(name), OUR_NAME "%d", (int)getpid());
	if (mkdirat(parent, name, 0755) && errno != EEXIST)
		err = -errno;
	if (!err) {
		*fd = openat(parent, name, FOLDER_ONLY);
		err = *fd < 0 ? -errno : 0;
	}
	if (!err && faccessat(*fd, "cgroup.kill", W_OK, 0)) {
		err = -errno; /* before 5.14 */
		cgroup_remove(*fd);
		*fd = -1;
	}
	close(parent);
	return err;
}

static int write_to(int group, const char *name, const char *text)
{
	int fd = openat(group, name, O_WRONLY | O_CLOEXEC), err = 0;

	if (fd < 0)
		return -errno;
	if (write(fd, text, strlen(text)) < 0)
		err = -errno;
	close(fd);
	return err;
}

int cgroup_open(pid_t pid)
{
	char own[4096], group[4096];

	if (find_group(0, own, sizeof(own)) || find_group(pid, group, sizeof(group)) ||
	    !strcmp(own, group))
		return -1;
	return open(group, FOLDER_ONLY);
}

int cgroup_add(int fd, pid_t pid)
{
	char text[16];

	snprintf(text, sizeof(text), "%d", (int)pid);
	return write_to(fd, "cgroup.procs", text);
}

/* The folder's own processes. The dead ones that nobody buried yet are not in the list. */
static size_t count_here(int group)
{
	int fd = openat(group, "cgroup.procs", O_RDONLY | O_CLOEXEC);
	FILE *f = fd < 0 ? NULL : fdopen(fd, "r");
	char line[32];
	size_t n = 0;

	while (f && fgets(line, sizeof(line), f))
		n++;
	if (f)
		fclose(f);
	return n;
}

/* Does it for each folder below and then for this one; returns the sum. */
static size_t walk(int group, int depth, size_t (*visit)(int group))
{
	int fd = openat(group, ".", FOLDER_ONLY), below;
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *e;
	size_t sum = 0;

	while (dir && depth < MAX_DEPTH && (e = readdir(dir))) {
		if (e->d_type != DT_DIR || e->d_name[0] == '.')
			continue;
		below = openat(group, e->d_name, FOLDER_ONLY);
		if (below < 0)
			continue;
		sum += walk(below, depth + 1, visit);
		close(below);
	}
	if (dir)
		closedir(dir);
	return sum + visit(group);
}

size_t cgroup_count(int fd)
{
	return fd < 0 ? 0 : walk(fd, 0, count_here);
}

int cgroup_kill(int fd)
{
	return fd < 0 ? 0 : write_to(fd, "cgroup.kill", "1");
}

static size_t remove_here(int group)
{
	char link[64], path[4096];
	ssize_t n;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", group);
	n = readlink(link, path, sizeof(path) - 1);
	if (n < 0)
		return 0;
	path[n] = '\0';
	return rmdir(path) ? 0 : 1;
}

void cgroup_remove(int fd)
{
	if (fd < 0)
		return;
	walk(fd, 0, remove_here);
	close(fd);
}
