/* SPDX-License-Identifier: GPL-2.0 */
/* The timeline that one walks about in, on this terminal: keys in, frames out, until q. */
#ifndef ONCPU_COMMANDS_WALK_H
#define ONCPU_COMMANDS_WALK_H

#include "view/view.h"

struct walk_start {		   /* what is in sight first */
	struct view_window window; /* both 0: the whole command */
	uint32_t tid;		   /* the chosen thread; 0: the first */
};

/* An exit status. The terminal is left as it was found, whatever ends it. */
int walk_about(const struct model *m, const struct view_head *head,
	       const struct view_term_options *o, const struct walk_start *start);

/* One frame of it on the screen. 0 or -errno. */
struct browse;
int walk_show(const struct browse *b);

#endif
