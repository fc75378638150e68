// SPDX-License-Identifier: GPL-2.0
/*
 * every FOLDER: each file of it cut at every byte, and with every byte changed, through all that
 * reads traces. Says nothing where nothing breaks: sanitizers and a limit of time say the rest.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "chain.h"

#define MOST 4096

static void replace(int fd, const char *data, size_t size)
{
	if (ftruncate(fd, 0) || pwrite(fd, data, size, 0) != (ssize_t)size)
		abort();
}

static void try_all(const char *data, size_t size)
{
	int fd = memfd_create("every", 0);
	char path[64], bad;
	size_t i;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	replace(fd, data, size);
	alarm(50);
	if (chain_run(path))
		printf("whole, and not to be read\n");
	for (i = 0; i < size; i++) {
		bad = (char)~data[i];
		if (pwrite(fd, &bad, 1, (off_t)i) != 1)
			abort();
		chain_run(path);
		if (pwrite(fd, &data[i], 1, (off_t)i) != 1)
			abort();
	}
	for (i = size; i-- > 0;) {
		if (ftruncate(fd, (off_t)i))
			abort();
		chain_run(path);
	}
	close(fd);
}

int main(int argc, char **argv)
{
	DIR *dir = argc == 2 ? opendir(argv[1]) : NULL;
	static char data[MOST];
	struct dirent *e;
	ssize_t n;
	int fd;

	if (!dir)
		return 2;
	while ((e = readdir(dir))) {
		fd = openat(dirfd(dir), e->d_name, O_RDONLY);
		n = fd < 0 || e->d_name[0] == '.' ? -1 : read(fd, data, sizeof(data));
		if (n > 0)
			try_all(data, (size_t)n);
		if (fd >= 0)
			close(fd);
	}
	closedir(dir);
	return 0;
}
