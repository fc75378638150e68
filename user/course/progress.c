// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "course/file.h"
#include "course/progress.h"

#define FILE_NAME "work/.oncpu/progress"

static const char *const verbs[] = { [EVENT_STARTED] = "started",
				     [EVENT_CHECKED] = "checked",
				     [EVENT_HINT] = "hint",
				     [EVENT_RESET] = "reset",
				     [EVENT_PREDICTED] = "predicted" };

static bool parse_rest(struct event *e, const char *rest)
{
	char extra;

	switch (e->kind) {
	case EVENT_CHECKED:
		return sscanf(rest, "%15s %15s", e->verdict, e->class) >= 1;
	case EVENT_HINT:
		return sscanf(rest, "%u %c", &e->number, &extra) == 1;
	case EVENT_PREDICTED:
		return sscanf(rest, "%u=%u %c", &e->number, &e->choice, &extra) == 2;
	default:
		return true;
	}
}

static bool parse(struct event *e, const char *line)
{
	char verb[16];
	size_t i;
	int end = 0;

	*e = (struct event){};
	if (sscanf(line, "%*39s %63s %15s%n", e->name, verb, &end) != 2)
		return false;
	for (i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
		if (!strcmp(verb, verbs[i])) {
			e->kind = (enum event_kind)i;
			return parse_rest(e, line + end);
		}
	return false;
}

static int add_event(struct progress *p, const struct event *e)
{
	struct event *list = reallocarray(p->events, p->nr_events + 1, sizeof(*list));

	if (!list)
		return -ENOMEM;
	p->events = list;
	list[p->nr_events++] = *e;
	return 0;
}

int progress_read(struct progress *p, const struct course *c)
{
	char path[PATH_MAX], *line = NULL;
	size_t size = 0;
	struct event e;
	int err = 0;
	FILE *f = fopen(course_path(path, c, FILE_NAME), "re");

	*p = (struct progress){};
	if (!f)
		return errno == ENOENT || errno == ENOTDIR ? 0 : -errno;
	errno = 0;
	while (!err && getline(&line, &size, f) > 0) {
		if (parse(&e, line))
			err = add_event(p, &e);
		else if (line[strspn(line, " \t\r\n")])
			p->nr_unknown++;
	}
	if (!err && ferror(f))
		err = errno ? -errno : -EIO;
	free(line);
	fclose(f);
	return err;
}

void progress_free(struct progress *p)
{
	free(p->events);
	*p = (struct progress){};
}

/* Whether the file ends in the middle of a line, as after an editor or a full disk. */
static bool ends_torn(int fd)
{
	off_t end = lseek(fd, 0, SEEK_END);
	char last;

	return end > 0 && pread(fd, &last, 1, end - 1) == 1 && last != '\n';
}

/* In one write(), so that two at the same time do not tear each other's. */
static int append(const char *path, const char *line)
{
	int fd = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0666), err = 0;
	char text[512];
	ssize_t n;

	if (fd < 0)
		return -errno;
	snprintf(text, sizeof(text), "%s%s\n", ends_torn(fd) ? "\n" : "", line);
	n = write(fd, text, strlen(text));
	if (n != (ssize_t)strlen(text))
		err = n < 0 ? -errno : -ENOSPC;
	if (close(fd) && !err)
		err = -errno;
	return err;
}

int progress_add(const struct course *c, const char *name, const char *format, ...)
{
	char path[PATH_MAX], line[400], when[32];
	time_t now = time(NULL);
	va_list args;
	struct tm utc;
	int n, err;

	strftime(when, sizeof(when), "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &utc));
	n = snprintf(line, sizeof(line), "%s %.63s ", when, name);
	va_start(args, format);
	vsnprintf(line + n, sizeof(line) - (size_t)n, format, args);
	va_end(args);
	course_path(path, c, FILE_NAME);
	err = file_make_folders(path);
	return err ? err : append(path, line);
}

static void happened(struct standing *s, const struct event *e)
{
	switch (e->kind) {
	case EVENT_CHECKED:
		s->nr_checks++;
		s->passed |= !strcmp(e->verdict, "pass");
		memcpy(s->verdict, e->verdict, sizeof(s->verdict));
		memcpy(s->class, e->class, sizeof(s->class));
		break;
	case EVENT_HINT:
		if (e->number > s->hints)
			s->hints = e->number;
		break;
	default:
		break;
	}
}

void progress_of(struct standing *s, const struct progress *p, const char *slug)
{
	const struct event *e;

	*s = (struct standing){};
	for (e = p->events; e < p->events + p->nr_events; e++)
		if (e->kind != EVENT_PREDICTED && !strcmp(e->name, slug)) {
			s->started = true;
			happened(s, e);
		}
}

unsigned int progress_choice(const struct progress *p, const char *lesson, unsigned int question)
{
	const struct event *e;
	unsigned int choice = 0;

	for (e = p->events; e < p->events + p->nr_events; e++)
		if (e->kind == EVENT_PREDICTED && e->number == question && !strcmp(e->name, lesson))
			choice = e->choice;
	return choice;
}

const struct exercise *progress_last(const struct progress *p, const struct course *c)
{
	size_t i, j;

	for (i = p->nr_events; i-- > 0;)
		for (j = 0; j < c->nr_exercises; j++)
			if (p->events[i].kind != EVENT_PREDICTED &&
			    !strcmp(p->events[i].name, c->exercises[j].slug))
				return &c->exercises[j];
	return NULL;
}
