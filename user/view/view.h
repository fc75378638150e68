/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The views: a model in, a picture out. Pure but for the FILE that is written to: no clock, no
 * locale, no terminal is asked here, so the same model always gives the same bytes.
 *
 * Both functions return 0 or -errno (-ENOMEM, or what writing to the FILE said).
 */
#ifndef ONCPU_VIEW_VIEW_H
#define ONCPU_VIEW_VIEW_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "model/model.h"

struct view_window { /* the part of the recording to show; times of the trace's clock */
	uint64_t start_ns, end_ns;
};

/* What a room said before it saw: the options of a question, and where each would have it happen. */
struct view_option {
	char *text;	    /* the caller's, as all of this */
	unsigned int hands; /* how many said so */
	bool seen;	    /* and so it was */
};
struct view_flag {
	unsigned int option; /* 1 the first; 0: what was seen */
	uint64_t at_ns;
};
struct view_foretold {
	char *question;
	const struct view_option *options;
	size_t nr_options;
	bool room; /* hands were counted; else they are one person's choice, or none */
	const struct view_flag *flags;
	size_t nr_flags;
	bool pile; /* flags are shares of the window: of what these threads ran, one after the other */
	const uint32_t *tids;
	size_t nr_tids;
};

struct view_head { /* what the model does not know and the reader wants */
	const char *command;
	const char *kernel, *start_utc; /* "" where unknown */
	int exit_code, exit_signal;	/* -1 and 0 where unknown */
	const char *how;		/* instead of how it ended; NULL: that */
	struct view_window look;	/* what a page opens with; both 0: the command */
	const char *told;		/* what a page says of it; NULL: nothing more */
	const struct view_foretold
		*foretold; /* laid over the picture of a page; NULL: nothing was */
};

#define VIEW_MIN_WIDTH 40
#define VIEW_MAX_WIDTH 2000

struct view_term_options {
	unsigned int width; /* columns, VIEW_MIN_WIDTH and more */
	bool unicode;
	bool colour;
	bool all; /* every thread, not only the target's first ones */
};

int view_term(FILE *out, const struct model *m, const struct view_head *head,
	      struct view_window window, const struct view_term_options *options);
int view_html(FILE *out, const struct model *m, const struct view_head *head);

#endif
