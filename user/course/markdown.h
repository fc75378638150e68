/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A page of the course in Markdown, as HTML that can stand in a page of its own: comments are left out,
 * raw HTML too; pictures come inside; a link to another file leads where the caller says, or becomes
 * plain words. The library that does the work is GitHub's cmark.
 */
#ifndef ONCPU_COURSE_MARKDOWN_H
#define ONCPU_COURSE_MARKDOWN_H

#include <stdbool.h>
#include <stdio.h>

struct markdown {
	const char *folder; /* where relative paths begin */
	/* The address for a relative link in the finished page, or NULL: none. In buf, or static. */
	const char *(*address)(void *data, const char *link, char *buf, size_t size);
	/* A heading of level 2 comes next, or (NULL) the end: what belongs between is written now. */
	void (*section)(void *data, FILE *out, const char *heading);
	/* Whether the lists of the section of this heading are left out. */
	bool (*without_lists)(void *data, const char *heading);
	/* Whether the section of this heading is left out altogether; NULL: none is. */
	bool (*left_out)(void *data, const char *heading);
	void *data;
};

/* The file's HTML, without its title, levels of headings counted up by deeper. 0 or -errno. */
int markdown_write(FILE *out, const char *path, int deeper, const struct markdown *how);

/* Text that may stand in HTML. */
void markdown_escape(FILE *out, const char *text);

#endif
