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

struct view_head { /* what the model does not know and the reader wants */
	const char *command;
	const char *kernel, *start_utc; /* "" where unknown */
	int exit_code, exit_signal;	/* -1 and 0 where unknown */
	const char *how;		/* instead of how it ended; NULL: that */
	struct view_window look;	/* what a page opens with; both 0: the command */
	const char *told;		/* what a page says of it; NULL: nothing more */
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
