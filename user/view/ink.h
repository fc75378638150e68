/* SPDX-License-Identifier: GPL-2.0 */
/* What is put into the columns of a terminal's rows: glyphs of what a thread does, and their colours. */
#ifndef ONCPU_VIEW_INK_H
#define ONCPU_VIEW_INK_H

#include "view/lines.h"
#include "view/text.h"

struct ink { /* of one column */
	const char *text;
	unsigned char fore, back; /* of the 256; 0: none */
};

/* Of a kind; its colour is 0 where the thread's own is to be seen, or none. */
struct ink ink_of(enum view_kind kind, bool unicode);
/* A run too short to win its column. */
const char *ink_brief(bool unicode);
/* The thread's letter; valid for ever. */
const char *ink_letter(size_t ordinal);
unsigned char ink_colour(size_t ordinal);
/* A letter of a thread's on its colour. */
struct ink ink_thread(size_t ordinal);

/* A row, to its end. Colours change only where they differ, and nothing trails. */
void ink_print(struct lines *l, const struct ink *ink, unsigned int n);

#endif
