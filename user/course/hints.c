// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "course/file.h"
#include "course/hints.h"

/* The line's level if it heads a part, else 0. */
static int level_of(const char *line)
{
	if (strncmp(line, "## ", 3) || line[3] < '1' || line[3] > '0' + NR_HINTS)
		return 0;
	return line[4] == ' ' || line[4] == '.' ? line[3] - '0' : 0;
}

static void cut_blank_end(char *s)
{
	size_t n = strlen(s);

	while (n && strchr(" \t\r\n", s[n - 1]))
		s[--n] = '\0';
}

/* Each part's end becomes a NUL, where the next one's heading began. */
static void cut(struct hints *h)
{
	char *line = h->text, *next, *body;
	int level;

	for (; line; line = next) {
		next = strchr(line, '\n');
		if (next)
			next++;
		level = level_of(line);
		if (!level)
			continue;
		body = line + strcspn(line, "\n");
		if (line > h->text)
			line[-1] = '\0';
		if (*body)
			*body++ = '\0';
		h->level[level - 1].title = line + 5 + strspn(line + 5, " ");
		h->level[level - 1].body = body + strspn(body, "\n");
	}
}

int hints_read(struct hints *h, const char *path)
{
	int err, i;

	*h = (struct hints){};
	err = file_read(path, &h->text, NULL);
	if (err)
		return err;
	cut(h);
	for (i = 0; i < NR_HINTS; i++) {
		if (!h->level[i].title)
			return -EBADMSG;
		cut_blank_end(h->level[i].body);
	}
	return 0;
}

void hints_free(struct hints *h)
{
	free(h->text);
	*h = (struct hints){};
}
