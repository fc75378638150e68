// SPDX-License-Identifier: GPL-2.0
/*
 * Building a program for the explorer: with the compiler's own instrumentation for ThreadSanitizer,
 * but with our runtime in place of its library.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "explore/explore.h"

extern const char explore_runtime[], explore_runtime_end[], explore_mark_header[],
	explore_mark_header_end[];

static int write_file(const char *path, const char *data, size_t size)
{
	char part[PATH_MAX + 64];
	int err = 0, fd;
	ssize_t n;

	snprintf(part, sizeof(part), "%s.%d", path, getpid());
	fd = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (fd < 0)
		return -errno;
	n = write(fd, data, size);
	if (n < 0 || (size_t)n != size)
		err = n < 0 ? -errno : -ENOSPC;
	close(fd);
	if (!err && rename(part, path))
		err = -errno;
	if (err)
		unlink(part);
	return err;
}

/* A hash names the folder, so that another version of oncpu lays down its own. */
static uint64_t stamp_of_runtime(void)
{
	uint64_t h = 14695981039346656037ull;
	const char *p;

	for (p = explore_runtime; p < explore_mark_header_end; p++)
		h = (h ^ (unsigned char)*p) * 1099511628211ull;
	return h;
}

static int make_folders(char *path)
{
	char *p;

	for (p = path + 1; *p; p++) {
		if (*p != '/')
			continue;
		*p = '\0';
		if (mkdir(path, 0755) && errno != EEXIST) {
			*p = '/';
			return -errno;
		}
		*p = '/';
	}
	return mkdir(path, 0755) && errno != EEXIST ? -errno : 0;
}

static int lay_file(const char *folder, const char *name, const char *data, const char *end)
{
	char path[PATH_MAX + 32];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return access(path, R_OK) ? write_file(path, data, (size_t)(end - data)) : 0;
}

static int lay_all(const char *folder)
{
	static const char nothing[] = "!<arch>\n";
	char path[PATH_MAX + 32];
	int err;

	snprintf(path, sizeof(path), "%s/include/oncpu", folder);
	err = make_folders(path);
	if (!err)
		err = lay_file(folder, "include/oncpu/mark.h", explore_mark_header,
			       explore_mark_header_end);
	if (!err)
		err = lay_file(folder, "runtime.o", explore_runtime, explore_runtime_end);
	if (!err)
		err = lay_file(folder, "libtsan.a", nothing, nothing + sizeof(nothing) - 1);
	return err;
}

/*
 * The runtime, a stand-in for what gcc would link by itself, an empty libtsan, and <oncpu/mark.h> for programs
 * that mark what they do. Where there is no home to write to, in the folder for temporary files, under a name
 * that is this user's.
 */
static int lay_down(char *folder, size_t size, char *why, size_t why_size)
{
	const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
	int err, try;

	for (try = 0; try < 2; try++) {
		if (!try && cache && *cache)
			snprintf(folder, size, "%s/oncpu/explore-%016llx", cache,
				 (unsigned long long)stamp_of_runtime());
		else if (!try && home && *home)
			snprintf(folder, size, "%s/.cache/oncpu/explore-%016llx", home,
				 (unsigned long long)stamp_of_runtime());
		else
			snprintf(folder, size, "/tmp/oncpu-%u/explore-%016llx", getuid(),
				 (unsigned long long)stamp_of_runtime());
		err = lay_all(folder);
		if (!err)
			return 0;
	}
	snprintf(why, why_size, "%s: %s: XDG_CACHE_HOME names a folder that can be written", folder,
		 strerror(-err));
	return err;
}

static bool is_clang(const char *cc)
{
	char command[PATH_MAX + 64], line[256] = "";
	FILE *f;

	if (strstr(cc, "clang"))
		return true;
	if (strstr(cc, "gcc"))
		return false;
	snprintf(command, sizeof(command), "%s --version 2>/dev/null", cc);
	f = popen(command, "re");
	if (!f)
		return false;
	while (fgets(line, sizeof(line), f) && !strstr(line, "clang"))
		line[0] = '\0';
	pclose(f);
	return line[0];
}

static bool has_argument(char *const *arguments, const char *const *any)
{
	int i;

	for (; *arguments; arguments++)
		for (i = 0; any[i]; i++)
			if (!strcmp(*arguments, any[i]))
				return true;
	return false;
}

struct words {
	char **v;
	size_t n;
};

static int add(struct words *w, const char *format, const char *value)
{
	char **v = realloc(w->v, (w->n + 2) * sizeof(*v));

	if (!v)
		return -ENOMEM;
	w->v = v;
	if (asprintf(&v[w->n], format, value) < 0)
		return -ENOMEM;
	v[++w->n] = NULL;
	return 0;
}

static int add_linking(struct words *w, const char *folder, bool clang)
{
	int err = 0;

	if (clang)
		err = err ?: add(w, "-fno-sanitize-link-runtime%s", "");
	else
		err = err ?: add(w, "-L%s", folder);
	err = err ?: add(w, "-Wl,--whole-archive,%s/runtime.o,--no-whole-archive", folder);
	err = err ?: add(w, "-pthread%s", "");
	return err ?: add(w, "-ldl%s", "");
}

/* What is given last wins: no optimisation, so that each access of the source is one. */
int explore_compiler_command(const char *cc, char *const *arguments, char ***command, char *why,
			     size_t size)
{
	static const char *const no_linking[] = { "-c",	     "-S",  "-E",
						  "-M",	     "-MM", "-fsyntax-only",
						  "-shared", NULL };
	bool clang = is_clang(cc);
	char folder[PATH_MAX];
	struct words w = { 0 };
	int err = lay_down(folder, sizeof(folder), why, size);

	if (err)
		return err;
	err = add(&w, "%s", cc);
	for (; !err && *arguments; arguments++)
		err = add(&w, "%s", *arguments);
	err = err
		      ?: add(&w, "-idirafter%s/include",
			     folder); /* one that is found elsewhere goes first */
	err = err
		      ?: add(&w, "-DONCPU_MARK_OFF%s",
			     "=1"); /* a step of a mark would be one of the program */
	err = err ?: add(&w, "-fsanitize=thread%s", "");
	err = err ?: add(&w, "-O0%s", "");
	err = err ?: add(&w, "-g%s", "");
	if (clang && !err) {
		err = add(&w, "-mllvm%s", "");
		err = err ?: add(&w, "-tsan-instrument-read-before-write=1%s", "");
	}
	if (!err && !has_argument(w.v, no_linking))
		err = add_linking(&w, folder, clang);
	*command = w.v;
	if (err)
		snprintf(why, size, "no memory");
	return err;
}

int explore_build(const char *cc, char *const *arguments, const char *output, char *why,
		  size_t size)
{
	struct words w = { 0 };
	char **command;
	int err = 0, status;
	pid_t pid;

	for (; !err && *arguments; arguments++)
		err = add(&w, "%s", *arguments);
	err = err ?: add(&w, "-o%s", "");
	err = err ?: add(&w, "%s", output);
	err = err ?: explore_compiler_command(cc, w.v, &command, why, size);
	if (err)
		return err;
	pid = fork();
	if (!pid) {
		execvp(command[0], command);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return -errno;
	if (WIFEXITED(status) && !WEXITSTATUS(status))
		return 0;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
		snprintf(why, size,
			 "there is no compiler '%s' here: install it, or name another by --cc", cc);
	else
		snprintf(why, size, "%s could not build it: what it said is above", cc);
	return -ENOEXEC;
}
