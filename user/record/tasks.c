// SPDX-License-Identifier: GPL-2.0
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "record/tasks.h"

#define KILL_ROUNDS   100 /* generations of children that are killed */
#define REAP_TRIES    400
#define REAP_PAUSE_US 2500

struct list {
	struct task *tasks;
	size_t n, room;
};

/* "tid (comm) state ppid ...", and comm may hold parentheses and newlines, too. */
static bool parse_stat(char *text, struct task *t)
{
	char *open = strchr(text, '('), *close = strrchr(text, ')');

	if (!open || !close || close < open)
		return false;
	*close = '\0';
	t->tid = atoi(text);
	snprintf(t->comm, sizeof(t->comm), "%s", open + 1);
	return sscanf(close + 1, " %c %d", &t->state, &t->ppid) == 2;
}

static int add_task(struct list *list, const char *dir, pid_t tgid)
{
	char path[300], text[512];
	struct task t = { .tgid = tgid };
	struct task *bigger;
	size_t size;
	FILE *f;

	snprintf(path, sizeof(path), "%s/stat", dir);
	f = fopen(path, "re");
	if (!f)
		return 0; /* it has just ended */
	size = fread(text, 1, sizeof(text) - 1, f);
	fclose(f);
	text[size] = '\0';
	if (!parse_stat(text, &t))
		return 0;
	if (list->n == list->room) {
		bigger = realloc(list->tasks, (2 * list->room + 256) * sizeof(t));
		if (!bigger)
			return -ENOMEM;
		list->tasks = bigger;
		list->room = 2 * list->room + 256;
	}
	list->tasks[list->n++] = t;
	return 0;
}

static int add_threads(struct list *list, const char *process, pid_t tgid)
{
	char path[320], thread[600];
	struct dirent *e;
	int err = 0;
	DIR *dir;

	snprintf(path, sizeof(path), "%s/task", process);
	dir = opendir(path);
	if (!dir)
		return 0;
	while (!err && (e = readdir(dir))) {
		if (!isdigit((unsigned char)e->d_name[0]))
			continue;
		snprintf(thread, sizeof(thread), "%s/%s", path, e->d_name);
		err = add_task(list, thread, tgid);
	}
	closedir(dir);
	return err;
}

int tasks_scan(struct task **out, size_t *n, bool threads)
{
	struct list list = {};
	char path[300];
	struct dirent *e;
	int err = 0;
	DIR *dir;

	dir = opendir("/proc");
	if (!dir)
		return -errno;
	while (!err && (e = readdir(dir))) {
		if (!isdigit((unsigned char)e->d_name[0]))
			continue;
		snprintf(path, sizeof(path), "/proc/%s", e->d_name);
		if (threads)
			err = add_threads(&list, path, atoi(e->d_name));
		else
			err = add_task(&list, path, atoi(e->d_name));
	}
	closedir(dir);
	if (err)
		free(list.tasks);
	*out = err ? NULL : list.tasks;
	*n = err ? 0 : list.n;
	return err;
}

static bool has(const pid_t *pids, size_t n, pid_t pid)
{
	while (n > 0)
		if (pids[--n] == pid)
			return true;
	return false;
}

/* All that descend from a process, whatever order /proc has them in: one generation a round. */
static size_t close_tree(const struct task *tasks, size_t n, pid_t *tree, size_t nr_tree)
{
	size_t before, i;

	do {
		before = nr_tree;
		for (i = 0; i < n; i++)
			if (has(tree, before, tasks[i].ppid) && !has(tree, nr_tree, tasks[i].tgid))
				tree[nr_tree++] = tasks[i].tgid;
	} while (nr_tree > before);
	return nr_tree;
}

int tasks_tree(const pid_t *pids, size_t nr_pids, uint32_t **tids, size_t *nr_tids)
{
	struct task *tasks;
	size_t n, i, nr_tree;
	int err = tasks_scan(&tasks, &n, true);
	pid_t *tree;

	*tids = NULL;
	*nr_tids = 0;
	if (err)
		return err;
	tree = calloc(n + nr_pids, sizeof(*tree));
	*tids = calloc(n + 1, sizeof(**tids));
	if (tree && *tids) {
		memcpy(tree, pids, nr_pids * sizeof(*pids));
		nr_tree = close_tree(tasks, n, tree, nr_pids);
		for (i = 0; i < n; i++)
			if (has(tree, nr_tree, tasks[i].tgid))
				(*tids)[(*nr_tids)++] = (uint32_t)tasks[i].tid;
	} else {
		err = -ENOMEM;
	}
	free(tree);
	free(tasks);
	return err;
}

/* A killed task that is stuck in the kernel must not keep us for ever. */
static void reap(pid_t pid)
{
	int tries;

	for (tries = 0; tries < REAP_TRIES && waitpid(pid, NULL, WNOHANG) == 0; tries++)
		usleep(REAP_PAUSE_US);
}

/* One round; the killed ones' children become ours, and are for the next one. */
static size_t kill_children(pid_t except, size_t *nr_alive)
{
	struct task *tasks;
	size_t n, i, found = 0;

	if (tasks_scan(&tasks, &n, false))
		return 0;
	for (i = 0; i < n; i++) {
		if (tasks[i].ppid != getpid() || tasks[i].tid == except)
			continue;
		found++;
		if (tasks[i].state != 'Z' && tasks[i].state != 'X')
			*nr_alive += 1;
		kill(tasks[i].tid, SIGKILL);
		reap(tasks[i].tid);
	}
	free(tasks);
	return found;
}

size_t tasks_kill_children(pid_t except)
{
	size_t nr_alive = 0;
	int round;

	for (round = 0; round < KILL_ROUNDS; round++)
		if (!kill_children(except, &nr_alive))
			break;
	return nr_alive;
}
