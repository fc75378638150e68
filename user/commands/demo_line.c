// SPDX-License-Identifier: GPL-2.0
/* A demo line by line: on a terminal with keys, in a pipe as plain text without any. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "commands/demo_stage.h"
#include "commands/keys.h"
#include "commands/terminal.h"
#include "lib/command.h"

#define MOST_COLUMNS 120
#define LISTEN_MS    100
#define CTRL_C	     3
#define CTRL_D	     4

static bool with_keys(void)
{
	return isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
}

static void measure(struct stage *t)
{
	unsigned int width = terminal_columns(STDOUT_FILENO, 80);

	t->slides.o.width = width < VIEW_MIN_WIDTH ? VIEW_MIN_WIDTH
			    : width > MOST_COLUMNS ? MOST_COLUMNS
						   : width;
}

static bool is_leave(int key)
{
	return key == 'q' || key == KEY_END || key == CTRL_C || key == CTRL_D;
}

static void keep(struct stage *t)
{
	int err = hands_keep(&t->slides.hands, t->slides.all, t->slides.demo);

	if (err)
		loop_trouble(t->loop, "keep work/.oncpu/demos/said", err);
}

static void show_typed(const char *typed, const struct hands *h)
{
	unsigned int i;

	printf("\r\033[K> %s", typed);
	if (hands_all(h) && h->room)
		printf("   (%u hands; Enter)", hands_all(h));
	for (i = 0; i < h->nr_options && !h->room; i++)
		if (h->of[i])
			printf("   (you say [%u]; Enter)", i + 1);
	fflush(stdout);
}

/* One number is a choice, several are hands. False: to leave. */
static bool ask(struct stage *t)
{
	size_t nr = t->slides.quiz.questions[0].nr_options, n = 0;
	struct hands h = { .nr_options = nr };
	char typed[64] = "";
	int key;

	printf("\nYour choice, or the room's hands as '3 12 5'; Enter runs it, q leaves.\n");
	do {
		show_typed(typed, &h);
		key = keys_read(-1);
		if (is_leave(key))
			break;
		if ((key == 127 || key == 8) && n)
			typed[--n] = '\0';
		else if (((key >= '0' && key <= '9') || key == ' ' || key == ',') &&
			 n < sizeof(typed) - 1)
			typed[n++] = (char)key;
		typed[n] = '\0';
		if (hands_parse(&h, typed, nr))
			h = (struct hands){ .nr_options = nr };
	} while (key != '\n' || (n && !hands_all(&h)));
	putchar('\n');
	if (is_leave(key))
		return false;
	if (hands_all(&h))
		t->slides.hands = h;
	if (hands_all(&h))
		keep(t);
	return true;
}

/* A knob is turned while it runs; a value, or r, begins anew with it. */
static void turn_meanwhile(struct stage *t, int key, size_t *printed)
{
	bool used = false, again;

	again = stage_knob_key(t, key == 'r' && t->typed[0] ? '\n' : key, &used) || key == 'r';
	if (used && !again) {
		printf("\r\033[K   ");
		stage_put_knob(stdout, t);
		printf("; r begins anew with it");
	}
	if (!again)
		return;
	printf("\r\033[K\n");
	slide_title(stdout, &t->slides, false);
	stage_restart(t);
	*printed = 0;
}

/* Its progress as it comes, a line each. False: to leave. */
static bool watch(struct stage *t)
{
	size_t printed = 0;
	bool ended, keys = with_keys();
	int key = KEY_NONE;

	do {
		ended = stage_ended(t, LISTEN_MS);
		printed = printed > t->nr_said ? t->nr_said : printed;
		for (; printed < t->nr_said; printed++)
			printf("   %s ...\n", t->said[printed]);
		fflush(stdout);
		if (keys)
			key = keys_read(0);
		if (!ended && keys && !t->options->replay)
			turn_meanwhile(t, key, &printed);
	} while (!ended && !is_leave(key) && !keys_signal());
	return ended;
}

static void show_pictures(struct stage *t)
{
	size_t runs[SEEN_RUNS], n = slides_pictures(&t->slides, runs), i;

	for (i = 0; i < n; i++) {
		putchar('\n');
		if (slide_picture(stdout, &t->slides, runs[i]))
			printf("There is no picture of it.\n");
	}
	putchar('\n');
	slide_seen(stdout, &t->slides);
}

static void save(struct stage *t, const char *path)
{
	int err = stage_save(t, path);

	if (err)
		fprintf(stderr, "oncpu demo: cannot write %s: %s\n", path, strerror(-err));
	else
		printf("Saved %s\n", path);
	if (err)
		t->status = EXIT_ENVIRON;
}

/* False: to leave. */
static bool run_once(struct stage *t)
{
	size_t i;

	putchar('\n');
	if (!t->options->replay)
		printf("Running (10 to 20 s)%s:\n",
		       with_keys() && t->slides.demo->nr_knobs
			       ? "; + and - turn the knob meanwhile, r begins anew with it"
			       : "");
	t->slides.loaded &= t->options->replay;
	if (stage_start(t))
		t->status = EXIT_ENVIRON;
	else if (!watch(t))
		return false;
	if (!t->slides.loaded) {
		for (i = 0; i < t->nr_said; i++)
			fprintf(stderr, "  | %s\n", t->said[i]);
		return false;
	}
	measure(t);
	show_pictures(t);
	if (t->options->save)
		save(t, t->options->save);
	return true;
}

static void say_keys(const struct stage *t)
{
	printf("\n[t] timeline  [n] next to try  [s] save the page  [q] quit%s\n",
	       t->options->replay ? "" : "  [r] run again");
	if (!t->options->replay && t->slides.demo->nr_knobs) {
		const struct knob *k = &t->slides.demo->knobs[t->knob];

		printf("The knob is %s, %s:\n[+] [-] or a value, then Enter%s\n", k->name, k->text,
		       t->slides.demo->nr_knobs > 1 ? "; [k] another knob" : "");
		stage_put_knob(stdout, t);
	}
	fflush(stdout);
}

/* False: to leave. */
static bool press(struct stage *t, int key)
{
	bool used = false, again = key == 'r' || key == '\n';

	if (!t->options->replay && stage_knob_key(t, key, &used))
		again = true;
	if (used && !again) {
		printf("\r\033[K");
		stage_put_knob(stdout, t);
		fflush(stdout);
		return true;
	}
	if (again && !t->options->replay) {
		putchar('\n');
		slide_title(stdout, &t->slides, false);
		if (!run_once(t))
			return false;
	} else if (key == 't') {
		keys_give_back();
		stage_walk(t);
		keys_take();
	} else if (key == 'n') {
		printf("\n\n");
		slide_section(stdout, &t->slides, "Next");
	} else if (key == 's') {
		printf("\n\n");
		save(t, t->options->save ? t->options->save : stage_page(t));
	} else {
		return true;
	}
	say_keys(t);
	return true;
}

static int talk(struct stage *t)
{
	int key;

	say_keys(t);
	do {
		key = keys_read(-1);
	} while (!is_leave(key) && (key == KEY_NONE || press(t, key)));
	putchar('\n');
	return t->status;
}

static bool take_hands(struct stage *t)
{
	if (!hands_parse(&t->slides.hands, t->options->hands,
			 t->slides.quiz.questions[0].nr_options))
		return true;
	fprintf(stderr,
		"oncpu demo: --hands %s: a number for each of the %zu choices, or one choice\n",
		t->options->hands, t->slides.quiz.questions[0].nr_options);
	return false;
}

int stage_line(struct stage *t)
{
	bool keys = with_keys();

	if (t->options->hands && !take_hands(t))
		return EXIT_USAGE;
	measure(t);
	slide_title(stdout, &t->slides, false);
	slide_about(stdout, &t->slides);
	if (t->options->hands || keys)
		slide_question(stdout, &t->slides);
	if (keys)
		keys_take();
	if (t->options->hands)
		keep(t);
	if ((!keys || t->options->hands || ask(t)) && run_once(t)) {
		if (!keys)
			putchar('\n');
		if (keys)
			talk(t);
		else
			slide_section(stdout, &t->slides, "Next");
	}
	keys_give_back();
	return keys_signal() ? 128 + keys_signal() : t->status;
}
