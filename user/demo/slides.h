/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The presenting half, as text: what a demo shows, a slide a step. Knows no terminal: whoever calls chooses
 * the columns and where it goes.
 */
#ifndef ONCPU_DEMO_SLIDES_H
#define ONCPU_DEMO_SLIDES_H

#include <stdio.h>

#include "course/quiz.h"
#include "demo/demo.h"
#include "demo/hands.h"
#include "demo/seen.h"
#include "lib/trace.h"
#include "view/view.h"

struct slides {
	const struct demos *all;
	struct demo *demo;
	struct quiz quiz;
	struct hands hands;
	struct view_term_options o;
	unsigned int tall; /* lines a row of the picture; 1: not for a projector */
	bool replay;
	/* of the last performance, once slides_load() was told where that is */
	bool loaded;
	struct demo performed; /* with the knobs as they stood then: meanwhile they may be turned */
	struct seen seen;
	struct trace *traces[SEEN_RUNS];
	struct model *models[SEEN_RUNS];
};

/* 0, or -errno with a sentence in why. slides_end() it in any case. */
int slides_begin(struct slides *s, const struct demos *all, struct demo *d, char *why, size_t size);
void slides_end(struct slides *s);
/* What was seen, and the traces, from this folder; what was loaded before goes. */
int slides_load(struct slides *s, const char *folder, char *why, size_t size);

/* The option that was seen, 1 the first; 0: none of them, or nothing was performed. */
unsigned int slides_answer(const struct slides *s);
/* Runs with a picture, in the order in which they are shown; the number of them. */
size_t slides_pictures(const struct slides *s, size_t runs[SEEN_RUNS]);

/* of: of what was performed, with its knobs; else as they stand now. */
/* The words of its question, or of an option or a feedback of it, with the knobs that are meant: of what was
 * performed, or as they stand. Fresh memory. */
char *slide_words(const struct slides *s, const char *text, bool of_performed);

void slide_title(FILE *out, const struct slides *s, bool of_performed);
/* A section of its README.md, as demo_section() has it: paragraphs wrapped, commands as they stand. */
void slide_section(FILE *out, const struct slides *s, const char *heading);
void slide_about(FILE *out, const struct slides *s);
void slide_question(FILE *out, const struct slides *s);
int slide_picture(FILE *out, const struct slides *s, size_t run);
/* What was said and what was seen; then the sentences. */
void slide_seen(FILE *out, const struct slides *s);

/* The page of the decisive run, opened there. 0 or -errno. */
int slides_html(FILE *out, const struct slides *s);

#endif
