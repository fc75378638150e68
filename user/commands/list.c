// SPDX-License-Identifier: GPL-2.0
/* oncpu list: the lessons and their exercises, as the folders of lessons/ have them. */
#include <argp.h>
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/command.h"

#define HOME_IN_GUEST "/opt/oncpu"

/* NN-name: a lesson or an exercise */
static int is_numbered(const struct dirent *e)
{
	return isdigit((unsigned char)e->d_name[0]) && isdigit((unsigned char)e->d_name[1]) &&
	       e->d_name[2] == '-';
}

/* The first heading of the folder's page; its name where it has none. */
static void title_of(const char *folder, char *title, size_t size)
{
	char path[4096], line[256];
	bool found = false;
	FILE *f;

	snprintf(path, sizeof(path), "%s/README.md", folder);
	f = fopen(path, "re");
	while (f && !found && fgets(line, sizeof(line), f))
		found = !strncmp(line, "# ", 2);
	if (f)
		fclose(f);
	snprintf(title, size, "%s", found ? line + 2 : strrchr(folder, '/') + 1);
	title[strcspn(title, "\n")] = '\0';
}

static void print_exercises(const char *lesson)
{
	char path[4096], title[256];
	struct dirent **found;
	int n = scandir(lesson, &found, is_numbered, alphasort), i;

	for (i = 0; i < n; i++) {
		snprintf(path, sizeof(path), "%s/%s", lesson, found[i]->d_name);
		title_of(path, title, sizeof(title));
		printf("    %-24s %s\n", found[i]->d_name + 3, title);
		free(found[i]);
	}
	if (n >= 0)
		free(found);
}

static int print_lessons(const char *folder)
{
	char path[2048], title[256];
	struct dirent **found;
	int n = scandir(folder, &found, is_numbered, alphasort), i;

	if (n < 0)
		return -errno;
	for (i = 0; i < n; i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, found[i]->d_name);
		title_of(path, title, sizeof(title));
		printf("%s  %s\n", found[i]->d_name, title);
		print_exercises(path);
		free(found[i]);
	}
	free(found);
	return 0;
}

static int list(int argc, char **argv)
{
	static const struct argp argp = { .doc = "The lessons and their exercises. On the host, "
						 "'make run EX=NAME' records one." };
	const char *home = getenv("ONCPU_HOME");
	char folder[1024];
	int err;

	argp_parse(&argp, argc, argv, 0, NULL, NULL);
	snprintf(folder, sizeof(folder), "%s/lessons", home ? home : HOME_IN_GUEST);
	err = print_lessons(folder);
	if (err) {
		fprintf(stderr,
			"oncpu list: %s: %s: ONCPU_HOME names the folder that holds lessons/\n",
			folder, strerror(-err));
		return EXIT_ENVIRON;
	}
	return EXIT_OK;
}

ONCPU_COMMAND(list, { .name = "list",
		      .args = "",
		      .help = "list the lessons and their exercises",
		      .run = list });
