/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Walking about in the terminal timeline: a state, keys that change it, and a frame drawn from it.
 * Knows no terminal: whoever calls reads the keys and shows the frame, so a test can do both.
 */
#ifndef ONCPU_VIEW_BROWSE_H
#define ONCPU_VIEW_BROWSE_H

#include "model/findings.h"
#include "model/path.h"
#include "view/view.h"

enum browse_key { /* others: the character itself */
		  BROWSE_UP = 0x100,
		  BROWSE_DOWN,
		  BROWSE_LEFT,
		  BROWSE_RIGHT,
		  BROWSE_ENTER,
};

#define BROWSE_MIN_HEIGHT 12

struct browse {
	const struct model *m;
	const struct view_head *head;
	struct view_term_options o;
	unsigned int height;	     /* of the screen, lines */
	struct view_window w;	     /* what is in sight */
	uint64_t cursor_ns;	     /* within it */
	size_t *threads;	     /* those that have a row, as indices into the model */
	size_t nr_threads, row, top; /* the chosen one; the first in sight */
	struct finding *findings;
	struct path path;
	size_t nr_findings, finding; /* the next one to go to */
	bool at_finding;	     /* the sentence told is the finding's */
	bool help;
	const char *keys; /* the last line; NULL: its own */
};

/* 0 or -ENOMEM. browse_end() it in any case. */
int browse_begin(struct browse *b, const struct model *m, const struct view_head *head,
		 const struct view_term_options *o, unsigned int height);
/* To begin with a stretch of time, and a thread (0: none) that is chosen. */
void browse_look(struct browse *b, struct view_window w, uint32_t tid);
void browse_end(struct browse *b);

/* False where the key says to leave. */
bool browse_press(struct browse *b, int key);

/* A whole frame: at most height lines, each at most o.width columns. 0 or -errno. */
int browse_draw(FILE *out, const struct browse *b);

#endif
