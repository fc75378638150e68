/* SPDX-License-Identifier: GPL-2.0 */
/* A race as a page in one file: pictures side by side, the table, what theory says. */
#ifndef ONCPU_RACE_PAGE_H
#define ONCPU_RACE_PAGE_H

#include "race/picture.h"

/* 0 or -errno. The same race always gives the same bytes. */
int race_write_page(FILE *out, const struct race *race, const struct race_picture *pictures,
		    size_t n);

/* Inside the page. */
int race_write_pictures(FILE *out, const struct race *race, const struct race_picture *pictures,
			size_t n);

#endif
