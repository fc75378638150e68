// SPDX-License-Identifier: GPL-2.0
/* A kernel module of the learner's: in, read, out, in and out again, and what the kernel said of that. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/klog.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "grade/harness.h"
#include "grade/tool.h"

#define LOG_BYTES (1 << 20)
#define READ_ALL  3  /* of syslog(2) */
#define STEP_MS	  50 /* in which a probe that was left behind is called */

static char path_of_it[4096], name[64];
static size_t log_before;

static const char *const complaints[] = { "BUG:",	 "WARNING:",
					  "Oops",	 "general protection",
					  "Call Trace:", "scheduling while atomic",
					  "refcount_t",	 "remove_proc_entry" };

static char *kernel_log(void)
{
	char *text = calloc(1, LOG_BYTES + 1);
	int n = text ? klogctl(READ_ALL, text, LOG_BYTES) : -1;

	if (n >= 0)
		text[n] = '\0';
	return text;
}

static int in(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int err = fd < 0 || syscall(SYS_finit_module, fd, "", 0) ? -errno : 0;

	if (fd >= 0)
		close(fd);
	return err;
}

static int out(void)
{
	return syscall(SYS_delete_module, name, O_NONBLOCK) ? -errno : 0;
}

/* The newest of all stands first. */
static void find_name(void)
{
	FILE *f = fopen("/proc/modules", "re");

	if (f && fscanf(f, "%63s", name) != 1)
		name[0] = '\0';
	if (f)
		fclose(f);
}

static void tell_log(FILE *told)
{
	char *text = kernel_log(), *line, *rest;
	size_t i;

	line = text && strlen(text) > log_before ? text + log_before : NULL;
	for (line = line ? strtok_r(line, "\n", &rest) : NULL; line;
	     line = strtok_r(NULL, "\n", &rest))
		for (i = 0; i < sizeof(complaints) / sizeof(*complaints); i++)
			if (strstr(line, complaints[i])) {
				fprintf(told, "log %s\n", line);
				break;
			}
	free(text);
}

static void load(const struct run *r, const char *path)
{
	char *text = kernel_log(), said[256];
	int err;

	log_before = text ? strlen(text) : 0;
	free(text);
	snprintf(path_of_it, sizeof(path_of_it), "%s", path);
	err = in(path);
	if (err) {
		text = kernel_log();
		snprintf(said, sizeof(said),
			 "The module does not load (%s). The kernel's log:", strerror(-err));
		tool_refused(r, said, text && strlen(text) > log_before ? text + log_before : "");
	}
	find_name();
}

static void tell_file(FILE *told, const char *path)
{
	FILE *f = fopen(path, "re");
	char line[256];

	while (f && fgets(line, sizeof(line), f))
		fputs(line, told);
	if (f)
		fclose(f);
	if (!f)
		fprintf(told, "no_file %s\n", path);
}

/* Of what it needs of the kernel there is something that waits for readers: its table of symbols has the name. */
static bool waits_for_readers(void)
{
	static const char call[] = "synchronize_";
	FILE *f = fopen(path_of_it, "re");
	char *text = calloc(1, LOG_BYTES);
	size_t n = f && text ? fread(text, 1, LOG_BYTES, f) : 0;
	bool yes = n && memmem(text, n, call, sizeof(call) - 1);

	free(text);
	if (f)
		fclose(f);
	return yes;
}

static void step(void)
{
	const struct timespec t = { .tv_nsec = STEP_MS * 1000000L };

	nanosleep(&t, NULL);
}

static void unload(FILE *told)
{
	char path[128];
	int err;

	snprintf(path, sizeof(path), "/proc/%s", name);
	tell_file(told, path);
	fprintf(told, "name %s\nwaits %d\n", name, waits_for_readers());
	fflush(told); /* it may be the last that is heard of this machine */
	err = out();
	fprintf(told, "unloaded %d\n", -err);
	if (!err) {
		step();
		fprintf(told, "file_left %d\n", !access(path, F_OK));
		err = in(path_of_it);
		step();
		fprintf(told, "again %d\n", err ? -err : -out());
		step();
	}
	tell_log(told);
}

const struct tool module_tool = { .file = "yours.ko", .load = load, .unload = unload };
