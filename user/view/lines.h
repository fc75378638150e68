/* SPDX-License-Identifier: GPL-2.0 */
/* Lines of text for a terminal: columns, breaks between words, colour where it is wanted. */
#ifndef ONCPU_VIEW_LINES_H
#define ONCPU_VIEW_LINES_H

#include <stdbool.h>
#include <stdio.h>

struct lines {
	FILE *out;
	unsigned int width; /* columns, at most */
	bool colour;
	bool coloured; /* a colour is on */
};

/* Columns, not bytes: what view_clean() leaves is one column a character. */
unsigned int lines_columns(const char *s);

/* Text in lines of at most the width, from column at on; further lines begin at indent. */
void lines_wrap(struct lines *l, const char *text, unsigned int at, unsigned int indent);
/* Text and blanks up to width, one at least. */
void lines_pad(struct lines *l, const char *text, unsigned int width);

/* Of the 256 colours; 0 leaves it as it is. All but reverse say nothing where colour is off. */
void lines_colour(struct lines *l, unsigned char fore, unsigned char back);
void lines_reverse(struct lines *l);
void lines_bold(struct lines *l);
void lines_plain(struct lines *l);

/* Bold, after an empty line. */
void lines_heading(struct lines *l, const char *text);

#endif
