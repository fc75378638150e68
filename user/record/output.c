// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/trace.h"
#include "record/output.h"

static bool may_overwrite(int fd, const struct stat *st)
{
	char magic[8];

	if (st->st_size == 0)
		return true;
	return pread(fd, magic, sizeof(magic), 0) == sizeof(magic) &&
	       !memcmp(magic, TRACE_MAGIC, sizeof(magic));
}

int output_check(const char *path, char *why, size_t why_size)
{
	struct stat st;
	int fd, err = 0;

	/* O_NONBLOCK: a pipe without a reader must not hang us, and is refused below. */
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0644);
	if (fd < 0) {
		err = -errno;
		snprintf(why, why_size, "cannot write %s: %s: choose another file with -o", path,
			 strerror(-err));
		return err;
	}
	if (fstat(fd, &st) || !S_ISREG(st.st_mode)) {
		err = -EINVAL;
		snprintf(why, why_size, "%s is no regular file: choose another with -o", path);
	} else if (!may_overwrite(fd, &st)) {
		err = -EEXIST;
		snprintf(why, why_size,
			 "%s exists and is no oncpu trace, so it is left as it is: choose another "
			 "file with -o",
			 path);
	}
	close(fd);
	return err;
}

void output_remove_empty(const char *path)
{
	struct stat st;

	if (!stat(path, &st) && S_ISREG(st.st_mode) && st.st_size == 0)
		unlink(path);
}

void output_explain(const char *path, int err, char *why, size_t why_size)
{
	if (err == -ENOSPC || err == -EDQUOT)
		snprintf(why, why_size,
			 "no space left for %s: free some, or choose another disk with -o; what "
			 "was written is readable, marked as incomplete",
			 path);
	else
		snprintf(why, why_size, "writing %s failed: %s", path, strerror(-err));
}

uint64_t output_size(const char *path)
{
	struct stat st;

	return stat(path, &st) ? 0 : (uint64_t)st.st_size;
}
