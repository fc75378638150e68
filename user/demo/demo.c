// SPDX-License-Identifier: GPL-2.0
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "course/file.h"
#include "demo/demo.h"

#define FOLDER "lessons/demos"

static int is_numbered(const struct dirent *e)
{
	return isdigit((unsigned char)e->d_name[0]) && isdigit((unsigned char)e->d_name[1]) &&
	       e->d_name[2] == '-' && e->d_name[3];
}

static void path_in(char path[PATH_MAX], const struct demos *all, const struct demo *d,
		    const char *file)
{
	snprintf(path, PATH_MAX, "%s/%s/%s", all->home, d->folder, file);
}

static void read_title(const struct demos *all, struct demo *d)
{
	char path[PATH_MAX], line[256];
	FILE *f;

	path_in(path, all, d, "README.md");
	f = fopen(path, "re");
	snprintf(d->title, sizeof(d->title), "%s", strrchr(d->folder, '/') + 4); /* the slug */
	while (f && fgets(line, sizeof(line), f)) {
		if (strncmp(line, "# ", 2))
			continue;
		line[strcspn(line, "\r\n")] = '\0';
		snprintf(d->title, sizeof(d->title), "%.*s", (int)sizeof(d->title) - 1, line + 2);
		break;
	}
	if (f)
		fclose(f);
}

static int add(struct demos *all, const char *name, char *why, size_t size)
{
	struct demo *list = reallocarray(all->list, all->nr + 1, sizeof(*list)), *d;
	char path[PATH_MAX];

	if (!list)
		return -ENOMEM;
	all->list = list;
	d = &list[all->nr++];
	*d = (struct demo){};
	snprintf(d->folder, sizeof(d->folder), FOLDER "/%.48s", name);
	read_title(all, d);
	path_in(path, all, d, "knobs");
	return knobs_read(d, path, why, size);
}

/* The list has moved while it grew: names point into it only from here on. */
static void name_all(struct demos *all)
{
	struct demo *d;

	for (d = all->list; d < all->list + all->nr; d++) {
		d->name = strrchr(d->folder, '/') + 1;
		d->slug = d->name + 3;
	}
}

int demos_read(struct demos *all, const char *home, char *why, size_t size)
{
	char path[PATH_MAX];
	struct dirent **found;
	int n, i, err = 0;

	*all = (struct demos){ .home = home };
	snprintf(path, sizeof(path), "%s/" FOLDER, home);
	snprintf(why, size, "%s", path);
	n = scandir(path, &found, is_numbered, alphasort);
	if (n < 0)
		return -errno;
	for (i = 0; i < n; i++) {
		if (!err)
			err = add(all, found[i]->d_name, why, size);
		free(found[i]);
	}
	free(found);
	name_all(all);
	return err;
}

void demos_free(struct demos *all)
{
	free(all->list);
	*all = (struct demos){};
}

struct demo *demos_find(const struct demos *all, const char *word)
{
	const char *last = strrchr(word, '/');
	struct demo *d;
	char *end;
	long number = strtol(word, &end, 10);

	word = last && last[1] ? last + 1 : word;
	for (d = all->list; d < all->list + all->nr; d++)
		if (!strcasecmp(word, d->slug) || !strcasecmp(word, d->name) ||
		    (end != word && !*end && strtol(d->name, NULL, 10) == number))
			return d;
	return NULL;
}

static int read_knob(struct knob *k, const char *line)
{
	int at = 0;
	size_t n;

	if (sscanf(line, "%31s %ld %ld %ld \"%n", k->name, &k->value, &k->least, &k->most, &at) !=
		    4 ||
	    !at)
		return -EBADMSG;
	n = strcspn(line + at, "\"");
	snprintf(k->text, sizeof(k->text), "%.*s", (int)n, line + at);
	return n && line[at + n] && k->least <= k->value && k->value <= k->most ? 0 : -EBADMSG;
}

int knobs_read(struct demo *d, const char *path, char *why, size_t size)
{
	char *text, *rest, *line;
	int err = file_read(path, &text, NULL);

	if (err)
		return err == -ENOENT ? 0 : err;
	for (rest = text; !err && (line = strsep(&rest, "\n"));) {
		if (!*line || *line == '#')
			continue;
		err = d->nr_knobs == DEMO_KNOBS ? -EBADMSG
						: read_knob(&d->knobs[d->nr_knobs], line);
		d->nr_knobs += !err;
		if (err)
			snprintf(why, size,
				 "%s: not NAME VALUE LEAST MOST \"text\", or more than %d: %s",
				 path, DEMO_KNOBS, line);
	}
	free(text);
	return err;
}

struct knob *knob_find(struct demo *d, const char *name)
{
	size_t i;

	for (i = 0; i < d->nr_knobs; i++)
		if (!strcmp(d->knobs[i].name, name))
			return &d->knobs[i];
	return NULL;
}

int knob_set(struct demo *d, const char *assignment)
{
	char name[32], *end;
	struct knob *k;
	size_t n = strcspn(assignment, "=");
	long value;

	snprintf(name, sizeof(name), "%.*s", (int)n, assignment);
	k = knob_find(d, name);
	if (!k)
		return -ENOENT;
	if (!assignment[n] || !assignment[n + 1])
		return -EINVAL;
	value = strtol(assignment + n + 1, &end, 10);
	if (*end)
		return -EINVAL;
	if (value < k->least || value > k->most)
		return -ERANGE;
	k->value = value;
	return 0;
}

/* The first line of it; *end: where it ends. */
static char *find_section(char *text, const char *heading, char **end)
{
	char *line = text, *begin = NULL;

	for (; line && *line; line = strchr(line, '\n'), line += line != NULL) {
		if (begin && !strncmp(line, "## ", 3))
			break;
		if (begin)
			continue;
		if (heading ? !strncmp(line, "## ", 3) &&
				      !strncmp(line + 3, heading, strlen(heading)) &&
				      line[3 + strlen(heading)] == '\n'
			    : !strncmp(line, "# ", 2))
			begin = strchr(line, '\n');
	}
	*end = line && *line ? line : text + strlen(text);
	return begin ? begin + strspn(begin, "\n") : *end;
}

char *demo_section(const struct demos *all, const struct demo *d, const char *heading)
{
	char path[PATH_MAX], *text, *begin, *end, *section;

	path_in(path, all, d, "README.md");
	if (file_read(path, &text, NULL))
		return NULL;
	begin = find_section(text, heading, &end);
	while (end > begin && end[-1] == '\n')
		end--;
	section = strndup(begin, end > begin ? (size_t)(end - begin) : 0);
	free(text);
	return section;
}
