/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The stage of a demo: what both ways of showing it have in common, line by line (demo_line.c) and on a
 * projector (demo_present.c). The performance is a child, which may run in a guest.
 */
#ifndef ONCPU_COMMANDS_DEMO_STAGE_H
#define ONCPU_COMMANDS_DEMO_STAGE_H

#include "commands/checking.h"
#include "commands/demo.h"
#include "demo/slides.h"

#define STAGE_LINES 6
#define STAGE_TEXT  200

struct stage {
	const struct loop *loop;
	const struct demo_options *options;
	struct slides slides;
	size_t knob; /* the one that the keys turn */
	char typed[32];
	char folder[PATH_MAX]; /* of what was performed */
	int lock;	       /* on it, while it is performed: two at once would mix; -1: none */
	char set[128];	       /* the knobs of what runs: "nice=5" */
	struct checking child;
	int hears;	       /* the child's words; -1: none runs */
	char part[STAGE_TEXT]; /* of its line that is not whole yet */
	size_t nr_part;
	bool told;			    /* its results have begun: nobody reads them here */
	char said[STAGE_LINES][STAGE_TEXT]; /* the last ones of its lines */
	size_t nr_said;
	int status; /* of the last performance: an exit status */
};

int stage_line(struct stage *t);
int stage_present(struct stage *t);

/* Begins a performance; a replay has ended at once. 0 or -errno, told. */
int stage_start(struct stage *t);
/* Listens for so long at most; true once it has ended, and is loaded. */
bool stage_ended(struct stage *t, int ms);
void stage_stop(struct stage *t);

/* Ends the one that runs, if any, and begins anew: a knob was turned meanwhile. 0 or -errno, told. */
int stage_restart(struct stage *t);

/* A key that may turn a knob: + and -, digits and then Enter (true: a value was taken), k for the next
 * knob. *used: it was such a key. */
bool stage_knob_key(struct stage *t, int key, bool *used);
/* "nice=5 (0 to 19)" */
void stage_put_knob(FILE *out, const struct stage *t);

/* The decisive run on this terminal, to walk about in. */
void stage_walk(const struct stage *t);
/* Its page. 0 or -errno. */
int stage_save(const struct stage *t, const char *path);
/* NAME.html, where no name was given. */
const char *stage_page(const struct stage *t);

#endif
