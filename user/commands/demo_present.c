// SPDX-License-Identifier: GPL-2.0
/*
 * A demo on a projector: a step a screen, large, forward and back. What was not run yet runs when its step
 * is reached; it never goes on by itself, so that whoever talks decides when.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands/demo_stage.h"
#include "commands/screen.h"
#include "lib/command.h"
#include "view/browse.h"
#include "view/lines.h"

#define MOST_COLUMNS 100
#define MOST_TALL    4
#define OVERLAP	     2 /* lines that stay when the others go up */
#define LISTEN_MS    200
#define CTRL_C	     3
#define CTRL_D	     4

enum step { STEP_ABOUT, STEP_QUESTION, STEP_RUN, STEP_PICTURE, STEP_SEEN, STEP_NEXT, NR_STEPS };

struct present {
	struct stage *t;
	enum step step;
	size_t picture; /* of STEP_PICTURE */
	char typed[64]; /* hands */
	unsigned int width, height;
	unsigned int lines,
		from; /* of the step, and the first that is shown: there may be more than fit */
	bool asks;    /* the run step was reached, and nothing has been run for it */
	char note[160];
};

static size_t nr_pictures(const struct present *p)
{
	size_t runs[SEEN_RUNS];

	return slides_pictures(&p->t->slides, runs);
}

static void put_hands(FILE *f, const struct present *p)
{
	fprintf(f, "\nA choice, or hands as '3 12 5': %s_\n", p->typed);
}

static void put_run(FILE *f, const struct present *p)
{
	size_t i;

	if (p->t->hears >= 0) {
		fprintf(f, "It runs%s%s.\n\n", p->t->set[0] ? ", with " : "", p->t->set);
		for (i = 0; i < p->t->nr_said; i++)
			fprintf(f, "   %s ...\n", p->t->said[i]);
	} else if (p->t->slides.loaded) {
		fprintf(f, "It has run.\n\n");
		for (i = 0; i < p->t->slides.seen.nr_runs; i++)
			fprintf(f, "   %s\n", p->t->slides.seen.runs[i].title);
	} else {
		fprintf(f, "It did not run.\n\n");
		for (i = 0; i < p->t->nr_said; i++)
			fprintf(f, "   %s\n", p->t->said[i]);
	}
	if (p->t->slides.demo->nr_knobs && !p->t->options->replay) {
		fprintf(f, "\nThe knob: %s\n", p->t->slides.demo->knobs[p->t->knob].text);
		stage_put_knob(f, p->t);
		fprintf(f, "   + and - turn it, r %s\n",
			p->t->hears >= 0 ? "begins anew with it" : "runs it again");
	}
}

static int put_body(FILE *f, struct present *p)
{
	const struct slides *s = &p->t->slides;
	size_t runs[SEEN_RUNS];

	slide_title(f, s, p->step == STEP_PICTURE || p->step == STEP_SEEN);
	switch (p->step) {
	case STEP_ABOUT:
		slide_about(f, s);
		return 0;
	case STEP_QUESTION:
		slide_question(f, s);
		put_hands(f, p);
		return 0;
	case STEP_RUN:
		put_run(f, p);
		return 0;
	case STEP_PICTURE:
		slides_pictures(s, runs);
		return slide_picture(f, s, runs[p->picture]);
	case STEP_SEEN:
		slide_seen(f, s);
		return 0;
	default:
		slide_section(f, s, "Next");
		return 0;
	}
}

static unsigned int count_lines(const char *text)
{
	unsigned int n = 0;

	for (; *text; text++)
		n += *text == '\n';
	return n;
}

/* The body with rows as tall as fit on the screen; NULL: it cannot be drawn. */
static char *make_body(struct present *p, unsigned int *lines)
{
	struct slides *s = &p->t->slides;
	char *text = NULL;
	size_t size;
	FILE *f;
	int err;

	for (s->tall = MOST_TALL; s->tall; s->tall--) {
		free(text);
		text = NULL;
		f = open_memstream(&text, &size);
		if (!f)
			return NULL;
		err = put_body(f, p);
		if (fclose(f) || err)
			break;
		*lines = count_lines(text);
		if (*lines + 2 <= p->height)
			return text;
	}
	if (!s->tall)
		return text;
	free(text);
	return NULL;
}

static unsigned int lines_shown(const struct present *p)
{
	return p->height > 1 ? p->height - 1 : 1;
}

static bool more_below(const struct present *p)
{
	return p->lines > p->from + lines_shown(p);
}

/* Dots for the steps, and where we are; the pause mark says that it waits for whoever talks. */
static void put_foot(FILE *f, const struct present *p)
{
	bool u = p->t->slides.o.unicode, runs = p->t->hears >= 0;
	int i;

	for (i = 0; i < NR_STEPS; i++)
		fputs(i == (int)p->step ? (u ? "● " : "O ") : (u ? "○ " : "o "), f);
	fprintf(f, " %s  %s", runs ? (u ? "▶" : ">") : (u ? "⏸" : "||"),
		p->note[0]	? p->note
		: more_below(p) ? "there is more below: space or Enter on  b back  q quit"
				: "space or Enter on  b back  t timeline  s save  q quit");
}

static void show(struct present *p)
{
	char *frame = NULL, *body, *line, *rest;
	unsigned int i;
	size_t size;
	FILE *f;

	if (screen_resized() && screen_size(&p->width, &p->height))
		p->t->slides.o.width = p->width < MOST_COLUMNS ? p->width : MOST_COLUMNS;
	body = make_body(p, &p->lines);
	if (!more_below(p))
		p->from = p->lines > lines_shown(p) ? p->lines - lines_shown(p) : 0;
	f = body ? open_memstream(&frame, &size) : NULL;
	if (f) {
		rest = body;
		for (i = 0; i < p->from; i++)
			strsep(&rest, "\n");
		for (i = 0; i + 1 < p->height; i++) {
			line = strsep(&rest, "\n");
			fprintf(f, "%s\n", line ? line : "");
		}
		put_foot(f, p);
		fclose(f);
	}
	screen_show(frame);
	free(frame);
	free(body);
}

static void start(struct present *p)
{
	p->note[0] = '\0';
	p->asks = false;
	p->t->slides.loaded &= p->t->options->replay;
	if (stage_restart(p->t))
		snprintf(p->note, sizeof(p->note), "it did not run; r tries again, q quits");
}

static void take_hands(struct present *p)
{
	struct slides *s = &p->t->slides;
	size_t nr = s->quiz.questions[0].nr_options;
	struct hands h;

	if (hands_parse(&h, p->typed, nr))
		h = (struct hands){ .nr_options = nr };
	s->hands = h;
}

static void forward(struct present *p)
{
	if (more_below(p)) {
		p->from += lines_shown(p) - OVERLAP;
		return;
	}
	if (p->step == STEP_RUN && p->t->hears >= 0)
		return; /* it is not over */
	if (p->step == STEP_RUN && !p->t->slides.loaded)
		return;
	if (p->step == STEP_QUESTION && hands_all(&p->t->slides.hands) && p->typed[0])
		hands_keep(&p->t->slides.hands, p->t->slides.all, p->t->slides.demo);
	p->from = 0;
	if (p->step == STEP_PICTURE && p->picture + 1 < nr_pictures(p)) {
		p->picture++;
		return;
	}
	if (p->step + 1 == NR_STEPS)
		return;
	p->step++;
	if (p->step == STEP_RUN && p->asks)
		start(p);
	p->picture = 0;
	if (p->step == STEP_PICTURE && !nr_pictures(p))
		p->step++;
}

static void back(struct present *p)
{
	if (p->from) {
		p->from = 0;
		return;
	}
	if (p->step == STEP_PICTURE && p->picture) {
		p->picture--;
		return;
	}
	if (p->step == STEP_ABOUT || p->t->hears >= 0)
		return;
	p->step--;
	if (p->step == STEP_PICTURE && !nr_pictures(p))
		p->step--;
	else if (p->step == STEP_PICTURE)
		p->picture = nr_pictures(p) - 1;
}

static void walk(struct present *p)
{
	screen_restore();
	stage_walk(p->t);
	screen_take(STDIN_FILENO, STDOUT_FILENO);
}

static void save(struct present *p)
{
	const char *path = p->t->options->save ? p->t->options->save : stage_page(p->t);
	int err = stage_save(p->t, path);

	snprintf(p->note, sizeof(p->note), err ? "cannot write %s: %s" : "saved %s", path,
		 strerror(-err));
}

static bool type_hands(struct present *p, int key)
{
	size_t n = strlen(p->typed);

	if (p->step != STEP_QUESTION || (key == ' ' && p->t->slides.hands.room))
		return false; /* with all hands counted, a blank goes on */
	if ((key == 127 || key == 8) && n)
		p->typed[n - 1] = '\0';
	else if (((key >= '0' && key <= '9') || (n && (key == ' ' || key == ','))) &&
		 n < sizeof(p->typed) - 1)
		snprintf(p->typed + n, sizeof(p->typed) - n, "%c", key);
	else
		return false;
	take_hands(p);
	return true;
}

/* False: to leave. */
static bool press(struct present *p, int key)
{
	bool used = false;

	p->note[0] = '\0';
	if (key == 'q' || key == CTRL_C || key == CTRL_D)
		return false;
	if (type_hands(p, key))
		return true;
	if (p->step == STEP_RUN && !p->t->options->replay &&
	    stage_knob_key(p->t, key == BROWSE_ENTER && p->t->typed[0] ? '\n' : key, &used))
		start(p);
	if (used)
		return true;
	if (key == ' ' || key == BROWSE_RIGHT || key == BROWSE_DOWN || key == BROWSE_ENTER)
		forward(p);
	else if (key == 'b' || key == BROWSE_LEFT || key == BROWSE_UP)
		back(p);
	else if (key == 't')
		walk(p);
	else if (key == 's')
		save(p);
	else if (key == 'r' && !p->t->options->replay) {
		p->step = STEP_RUN;
		p->from = 0;
		start(p);
	}
	return true;
}

static void present(struct present *p)
{
	bool goes_on = true;

	while (goes_on) {
		show(p);
		if (p->t->hears < 0) {
			goes_on = press(p, screen_wait_key());
			continue;
		}
		stage_ended(p->t, LISTEN_MS);
		if (screen_has_key())
			goes_on = press(p, screen_key());
	}
}

int stage_present(struct stage *t)
{
	struct present p = { .t = t, .asks = true, .width = 80, .height = 24 };
	int err;

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
		fprintf(stderr,
			"oncpu demo: --present needs a terminal; without it there is text\n");
		return EXIT_USAGE;
	}
	if (t->options->hands) {
		snprintf(p.typed, sizeof(p.typed), "%s", t->options->hands);
		take_hands(&p);
	}
	t->slides.o.width = p.width;
	err = screen_take(STDIN_FILENO, STDOUT_FILENO);
	if (err) {
		fprintf(stderr, "oncpu demo: this terminal cannot be had: %s\n", strerror(-err));
		return EXIT_ENVIRON;
	}
	present(&p);
	screen_restore();
	return t->status;
}
