/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A scene: a stretch of a recording for a room to look at. Few rows, as tall as there is room; and what
 * was foretold, as flags below the moments where it should have happened, beside what did.
 */
#ifndef ONCPU_VIEW_SCENE_H
#define ONCPU_VIEW_SCENE_H

#include "view/view.h"

struct scene_flag {
	const char *label; /* short, at the left: "[2]" */
	const char *text;  /* beside the flag: "12 hands" */
	uint64_t at_ns;
	bool seen; /* it is what happened */
};

struct scene {
	const struct model *m;
	struct view_window w;
	struct view_term_options o;
	unsigned int tall; /* lines a row, 1 and more */
	const uint32_t
		*tids; /* the threads that have a row; none: all of the target's that show there */
	size_t nr_tids;
	bool marks; /* also what the threads said of themselves */
	bool pile;  /* and what each ran, pushed together: the flags are for that row */
	const struct scene_flag *flags;
	size_t nr_flags;
};

/* 0 or -errno. */
int scene_draw(FILE *out, const struct scene *s);

#endif
