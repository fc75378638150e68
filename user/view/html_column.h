/* SPDX-License-Identifier: GPL-2.0 */
/* Columns of numbers on their way into the page: collected, deflated, and spelled in base64. */
#ifndef ONCPU_VIEW_HTML_COLUMN_H
#define ONCPU_VIEW_HTML_COLUMN_H

#include "view/html.h"

#define COLUMN_TIME_BYTES 6 /* 78 hours of ns */

struct html_column {
	unsigned char *bytes;
	size_t n, size, room; /* values; bytes */
	bool times;
	bool failed; /* no memory: told by columns_write() */
};

void column_number(struct html_column *c, uint64_t value);
/* A column is of times or of numbers, never both. */
void column_time(struct html_column *c, uint64_t ns);

/* 0 or -ENOMEM. Times are written as planes: all lowest bytes, all second ones... */
int columns_write(FILE *f, struct html_column *const *columns, size_t n);

#endif
