// SPDX-License-Identifier: GPL-2.0
/* Slides of words; what they are made of is read here. The picture: slide_picture.c. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "demo/slides.h"
#include "view/lines.h"

#define INDENT	   4
#define BAR_MOST   30
#define BAR_COLOUR 74

int slides_begin(struct slides *s, const struct demos *all, struct demo *d, char *why, size_t size)
{
	char path[PATH_MAX], wrong[256];
	int err;

	*s = (struct slides){ .all = all, .demo = d, .tall = 1 };
	snprintf(path, sizeof(path), "%s/%s/question", all->home, d->folder);
	err = quiz_read(&s->quiz, path, wrong, sizeof(wrong));
	if (!err && s->quiz.nr != 1) {
		err = -EBADMSG;
		snprintf(wrong, sizeof(wrong), "a demo has one question");
	}
	if (err)
		snprintf(why, size, "%s: %s", path, wrong);
	s->hands.nr_options = err ? 0 : s->quiz.questions[0].nr_options;
	return err;
}

static void unload(struct slides *s)
{
	size_t i;

	for (i = 0; i < SEEN_RUNS; i++) {
		model_free(s->models[i]);
		trace_free(s->traces[i]);
		s->models[i] = NULL;
		s->traces[i] = NULL;
	}
	s->loaded = false;
}

void slides_end(struct slides *s)
{
	unload(s);
	quiz_free(&s->quiz);
}

static void remember_knobs(struct slides *s)
{
	char set[sizeof(s->seen.set)], *rest = set, *word;

	s->performed = *s->demo;
	snprintf(set, sizeof(set), "%s", s->seen.set);
	while ((word = strsep(&rest, " ")))
		knob_set(&s->performed, word);
}

int slides_load(struct slides *s, const char *folder, char *why, size_t size)
{
	char path[PATH_MAX];
	size_t i;
	int err;

	unload(s);
	err = seen_read(&s->seen, folder);
	if (err)
		snprintf(why, size, "%s/" SEEN_FILE ": %s", folder, strerror(-err));
	for (i = 0; i < s->seen.nr_runs && !err; i++) {
		if (!s->seen.runs[i].caption[0])
			continue;
		snprintf(path, sizeof(path), "%s/%s.oncpu", folder, s->seen.runs[i].name);
		err = trace_read(&s->traces[i], path, why, size);
		if (!err)
			err = model_build(&s->models[i], s->traces[i], 0);
	}
	s->loaded = !err;
	remember_knobs(s);
	return err;
}

unsigned int slides_answer(const struct slides *s)
{
	if (!s->loaded || s->seen.outcome == SEEN_INCONCLUSIVE)
		return 0;
	return s->seen.answered ? s->seen.answer : quiz_right(&s->quiz.questions[0]);
}

size_t slides_pictures(const struct slides *s, size_t runs[SEEN_RUNS])
{
	size_t i, n = 0;

	for (i = 0; i < s->seen.nr_runs && s->loaded; i++)
		if (s->models[i])
			runs[n++] = i;
	return n;
}

static struct lines lines_of(FILE *out, const struct slides *s)
{
	return (struct lines){ .out = out, .width = s->o.width, .colour = s->o.colour };
}

/* With the knobs that are meant. */
static const struct demo *turned(const struct slides *s, bool of_performed)
{
	return s->loaded && (of_performed || s->replay) ? &s->performed : s->demo;
}

static void put_title(char *text, size_t size, const struct slides *s, bool of_performed)
{
	const struct demo *d = turned(s, of_performed);
	const struct knob *k;
	size_t n;

	n = (size_t)snprintf(text, size, "%ld. %s", strtol(d->name, NULL, 10), d->title);
	for (k = d->knobs; k < d->knobs + d->nr_knobs; k++)
		n += (size_t)snprintf(text + n, size - n, "  %s=%ld", k->name, k->value);
}

void slide_title(FILE *out, const struct slides *s, bool of_performed)
{
	struct lines l = lines_of(out, s);
	char text[512];

	put_title(text, sizeof(text), s, of_performed);
	lines_bold(&l);
	lines_wrap(&l, text, 0, 0);
	lines_plain(&l);
	if (s->replay) {
		snprintf(text, sizeof(text), "A replay: this was run before, on Linux %.*s.",
			 (int)strcspn(s->seen.kernel, "+-"), s->seen.kernel);
		lines_wrap(&l, text, 0, 0);
	}
	fputc('\n', out);
}

/* A heading within it is one without its signs. */
static const char *plain_heading(FILE *out, const char *line, const char *end)
{
	line += strspn(line, "#") + 1;
	if (line < end)
		fprintf(out, "-- ");
	return line < end ? line : end;
}

void slide_section(FILE *out, const struct slides *s, const char *heading)
{
	char *text = demo_section(s->all, s->demo, heading), paragraph[4096];
	struct lines l = lines_of(out, s);
	const char *line, *end;
	size_t n = 0;

	for (line = text; line && *line; line = *end ? end + 1 : end) {
		end = line + strcspn(line, "\n");
		if (end > line && strncmp(line, "    ", 4) && *line != '#') {
			n += (size_t)snprintf(paragraph + n, sizeof(paragraph) - n, "%s%.*s",
					      n ? " " : "", (int)(end - line), line);
			n = n < sizeof(paragraph) ? n : sizeof(paragraph) - 1;
			continue;
		}
		if (n)
			lines_wrap(&l, paragraph, 0, 0);
		n = 0;
		line = *line == '#' ? plain_heading(out, line, end) : line;
		fprintf(out, "%.*s\n", (int)(end - line), line);
	}
	if (n)
		lines_wrap(&l, paragraph, 0, 0);
	free(text);
}

void slide_about(FILE *out, const struct slides *s)
{
	slide_section(out, s, NULL);
	fputc('\n', out);
}

/* "████ 12": of the most that any option has, no more than BAR_MOST. */
static void put_bar(struct lines *l, const struct slides *s, size_t option)
{
	unsigned int n = s->hands.of[option], most = 1, i;
	size_t k;

	for (k = 0; k < s->hands.nr_options; k++)
		most = s->hands.of[k] > most ? s->hands.of[k] : most;
	fprintf(l->out, "%*s", INDENT, "");
	if (!s->hands.room) {
		fputs("you said this\n", l->out);
		return;
	}
	lines_colour(l, BAR_COLOUR, 0);
	for (i = 0; i < (n * BAR_MOST + most - 1) / most && i < n * 3; i++)
		fputs(s->o.unicode ? "█" : "#", l->out);
	lines_plain(l);
	fprintf(l->out, "%s%u %s\n", n ? " " : "", n, n == 1 ? "hand" : "hands");
}

char *slide_words(const struct slides *s, const char *text, bool of_performed)
{
	return demo_fill(turned(s, of_performed), text);
}

static void put_words(struct lines *l, const struct slides *s, bool of_performed, const char *text,
		      unsigned int indent)
{
	char *filled = slide_words(s, text, of_performed);

	lines_wrap(l, filled ? filled : text, indent, indent);
	free(filled);
}

static void put_options(FILE *out, const struct slides *s, unsigned int seen, bool of_performed)
{
	const struct quiz_question *q = &s->quiz.questions[0];
	struct lines l = lines_of(out, s);
	bool asked = hands_all(&s->hands);
	unsigned int i;

	for (i = 0; i < q->nr_options; i++) {
		if (seen == i + 1)
			lines_bold(&l);
		fprintf(out, "[%u] ", i + 1);
		put_words(&l, s, of_performed, q->options[i].text, INDENT);
		lines_plain(&l);
		if (asked && (s->hands.room || s->hands.of[i]))
			put_bar(&l, s, i);
		if (seen == i + 1)
			fprintf(out, "%*s%s this is what was seen\n", INDENT, "",
				s->o.unicode ? "◆" : "*");
		if (s->tall > 1)
			fputc('\n', out);
	}
}

void slide_question(FILE *out, const struct slides *s)
{
	const struct quiz_question *q = &s->quiz.questions[0];
	struct lines l = lines_of(out, s);

	if (q->picture)
		fprintf(out, "%s\n\n", q->picture);
	lines_bold(&l);
	put_words(&l, s, false, q->text, 0);
	lines_plain(&l);
	fputc('\n', out);
	put_options(out, s, 0, false);
}

/* A demo that did not go as it does is told as that. */
static void put_trouble(FILE *out, const struct slides *s)
{
	struct lines l = lines_of(out, s);
	char text[SEEN_TEXT * 2 + 64];
	size_t i;

	if (s->seen.outcome == SEEN_INCONCLUSIVE) {
		snprintf(text, sizeof(text), "%s%s",
			 s->seen.lacking ? "" : "Nothing follows from this run: ", s->seen.why);
		lines_wrap(&l, text, 0, 0);
		fputc('\n', out);
	}
	for (i = 0; i < s->seen.nr_expectations; i++) {
		if (s->seen.expectations[i].held || s->seen.outcome != SEEN_FAILED)
			continue;
		snprintf(text, sizeof(text), "Not as expected (%s): %s",
			 s->seen.expectations[i].name, s->seen.expectations[i].saw);
		lines_wrap(&l, text, 0, 0);
	}
}

static void put_feedback(FILE *out, const struct slides *s, unsigned int seen)
{
	const struct quiz_question *q = &s->quiz.questions[0];
	struct lines l = lines_of(out, s);
	size_t i;

	for (i = 0; i < q->nr_options; i++) {
		if (!s->hands.of[i] || seen == i + 1 || !q->options[i].feedback ||
		    seen != quiz_right(q))
			continue;
		fprintf(out, "[%zu] ", i + 1);
		put_words(&l, s, true, q->options[i].feedback, INDENT);
	}
}

void slide_seen(FILE *out, const struct slides *s)
{
	struct lines l = lines_of(out, s);
	unsigned int seen = slides_answer(s);
	size_t i;

	put_options(out, s, seen, true);
	if (s->loaded && s->seen.answered && !seen && s->seen.outcome != SEEN_INCONCLUSIVE)
		fprintf(out, "What was seen is none of them.\n");
	fputc('\n', out);
	for (i = 0; i < s->seen.nr_sentences; i++) {
		lines_wrap(&l, s->seen.sentences[i], 0, 0);
		if (s->tall > 1)
			fputc('\n', out);
	}
	put_trouble(out, s);
	if (hands_all(&s->hands)) {
		if (s->tall == 1)
			fputc('\n', out);
		put_feedback(out, s, seen);
	}
}
