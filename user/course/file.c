// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "course/file.h"

#define LARGEST (16 << 20)

static int read_all(int fd, char *text, size_t size)
{
	size_t done = 0;
	ssize_t n = 1;

	while (done < size && n > 0) {
		n = read(fd, text + done, size - done);
		if (n < 0 && errno != EINTR)
			return -errno;
		if (n > 0)
			done += (size_t)n;
		else if (n < 0)
			n = 1;
	}
	return (int)done;
}

int file_read(const char *path, char **text, size_t *size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), n = -EIO;
	struct stat st;

	*text = NULL;
	if (fd < 0)
		return -errno;
	if (fstat(fd, &st))
		n = -errno;
	else if (!S_ISREG(st.st_mode))
		n = S_ISDIR(st.st_mode) ? -EISDIR : -EINVAL;
	else if (st.st_size > LARGEST)
		n = -EFBIG;
	else if (!(*text = calloc(1, (size_t)st.st_size + 1)))
		n = -ENOMEM;
	else
		n = read_all(fd, *text, (size_t)st.st_size);
	close(fd);
	if (n < 0) {
		free(*text);
		*text = NULL;
		return n;
	}
	if (size)
		*size = (size_t)n;
	return 0;
}

static int write_all(int fd, const char *text, size_t size)
{
	ssize_t n;

	for (; size; text += n, size -= (size_t)n) {
		n = write(fd, text, size);
		if (n < 0 && errno != EINTR)
			return -errno;
		if (n < 0)
			n = 0;
	}
	return fsync(fd) ? -errno : 0;
}

int file_create(const char *path, const char *text, size_t size)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666), err;

	if (fd < 0)
		return -errno;
	err = write_all(fd, text, size);
	if (close(fd) && !err)
		err = -errno;
	if (err)
		unlink(path);
	return err;
}

int file_replace(const char *path, const char *text, size_t size)
{
	char temporary[PATH_MAX];
	int err;

	if (snprintf(temporary, sizeof(temporary), "%s.%d.new", path, (int)getpid()) >=
	    (int)sizeof(temporary))
		return -ENAMETOOLONG;
	err = file_create(temporary, text, size);
	if (err)
		return err;
	if (rename(temporary, path)) {
		err = -errno;
		unlink(temporary);
	}
	return err;
}

int file_make_folders(const char *path)
{
	char folder[PATH_MAX], *slash;

	if (snprintf(folder, sizeof(folder), "%s", path) >= (int)sizeof(folder))
		return -ENAMETOOLONG;
	for (slash = strchr(folder + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(folder, 0777) && errno != EEXIST)
			return -errno;
		*slash = '/';
	}
	return 0;
}
