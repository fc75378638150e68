/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The colours, once for the terminal and the page: after Okabe and Ito, so that they stay apart for
 * colour-blind eyes. Orange and vermilion are kept for waiting; no thread wears them. A colour is
 * never the only sign: threads have letters, waits have patterns.
 */
#ifndef ONCPU_VIEW_PALETTE_H
#define ONCPU_VIEW_PALETTE_H

#include <stddef.h>

struct view_colour {
	unsigned char term, term_ink; /* of the 256: the colour, and letters that show on it */
	const char *light, *dark;     /* on white paper, on a dark screen */
};

#define VIEW_NR_COLOURS 6
extern const struct view_colour view_colours[VIEW_NR_COLOURS]; /* of threads, by ordinal */

#define VIEW_TERM_WAIT_CPU  214 /* orange */
#define VIEW_TERM_WAIT_LOCK 166 /* vermilion */
#define VIEW_TERM_WAIT_IO   30	/* teal */
#define VIEW_TERM_QUIET	    245 /* grey */

/* The letter of the n-th target thread: A-Z, a-z, 0-9, and again from A. */
char view_letter(size_t n);

#endif
