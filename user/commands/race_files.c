// SPDX-License-Identifier: GPL-2.0
/* The files of a race; see race_files.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "commands/race_files.h"

#define OUTPUT_SHOWN 4096

int race_files_begin(struct race_files *f, const char *folder, char *why, size_t why_size)
{
	const char *above = getenv("TMPDIR");

	*f = (struct race_files){ .keep = folder, .output = -1, .stdout_fd = -1 };
	if (folder)
		snprintf(f->folder, sizeof(f->folder), "%s", folder);
	else
		snprintf(f->folder, sizeof(f->folder), "%s/oncpu-race-XXXXXX",
			 above && *above ? above : "/tmp");
	if (folder ? mkdir(folder, 0777) && errno != EEXIST : !mkdtemp(f->folder)) {
		snprintf(why, why_size, "cannot make the folder %s: %s", f->folder,
			 strerror(errno));
		f->folder[0] = '\0';
		return -errno;
	}
	return 0;
}

void race_files_end(struct race_files *f)
{
	size_t i;

	race_files_unhush(f);
	if (f->output >= 0)
		close(f->output);
	for (i = 0; i < f->n; i++) {
		if (!f->keep)
			unlink(f->paths[i]);
		free(f->paths[i]);
	}
	free(f->paths);
	if (!f->keep && f->folder[0])
		rmdir(f->folder);
}

const char *race_files_add(struct race_files *f, const char *name, unsigned int run)
{
	char **paths = reallocarray(f->paths, f->n + 1, sizeof(*paths)), *s;

	if (!paths)
		return NULL;
	f->paths = paths;
	if (asprintf(&s, "%s/%s-%u.oncpu", f->folder, name, run) < 0)
		return NULL;
	paths[f->n++] = s;
	for (s += strlen(f->folder) + 1; *s; s++) /* a policy may be named by its path */
		*s = *s == '/' ? '_' : *s;
	return paths[f->n - 1];
}

int race_files_hush(struct race_files *f)
{
	if (f->output >= 0)
		close(f->output);
	f->output = memfd_create("output", MFD_CLOEXEC);
	fflush(stdout);
	f->stdout_fd = dup(STDOUT_FILENO);
	if (f->output < 0 || f->stdout_fd < 0 || dup2(f->output, STDOUT_FILENO) < 0)
		return -errno;
	return 0;
}

void race_files_unhush(struct race_files *f)
{
	if (f->stdout_fd < 0)
		return;
	fflush(stdout);
	dup2(f->stdout_fd, STDOUT_FILENO);
	close(f->stdout_fd);
	f->stdout_fd = -1;
}

void race_files_tell_output(const struct race_files *f, FILE *to)
{
	char text[OUTPUT_SHOWN];
	ssize_t n = pread(f->output, text, sizeof(text), 0);

	if (n > 0)
		fwrite(text, 1, (size_t)n, to);
}
