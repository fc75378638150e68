// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "course/file.h"
#include "course/hints.h"
#include "course/markdown.h"
#include "course/page.h"
#include "course/quiz.h"

extern const char course_page_template[];

struct page {
	FILE *out;
	const struct course *course;
	const struct progress *progress;
	const struct lesson *lesson;
	const struct exercise *only;
	struct quiz quiz;
	bool in_section;
	bool predicts;		 /* what is written may ask the questions before the run */
	char heading[128];	 /* of the section that is open */
	unsigned int hints_seen; /* of the exercise that is written */
	int err;
};

static const char *address(void *data, const char *link, char *buf, size_t size)
{
	const struct page *p = data;
	const struct exercise *e = course_find(p->course, link);
	bool here = e && (p->only ? e == p->only : &p->course->lessons[e->lesson] == p->lesson);

	if (!here)
		return NULL;
	snprintf(buf, size, "#%s", e->slug);
	return buf;
}

static void put_outcome(FILE *out, const struct quiz_question *q)
{
	const struct quiz_option *o;

	fputs("<details><summary>What is to be seen</summary>\n<dl>\n", out);
	for (o = q->options; o < q->options + q->nr_options; o++) {
		fprintf(out, "<dt%s>", o->right ? " class=\"right\"" : "");
		markdown_escape(out, o->text);
		fputs("</dt>\n<dd>", out);
		if (o->right)
			fputs("This is right. ", out);
		if (o->feedback)
			markdown_escape(out, o->feedback);
		fputs("</dd>\n", out);
	}
	fputs("</dl>\n</details>\n", out);
}

static void put_question(FILE *out, const struct quiz_question *q, unsigned int choice)
{
	size_t i;

	fputs("<div class=\"question\">\n", out);
	if (q->picture) {
		fputs("<pre class=\"picture\">", out);
		markdown_escape(out, q->picture);
		fputs("</pre>\n", out);
	}
	fputs("<p>", out);
	markdown_escape(out, q->text);
	fputs("</p>\n<ol>\n", out);
	for (i = 0; i < q->nr_options; i++) {
		fprintf(out, "<li%s>", i + 1 == choice ? " class=\"yours\"" : "");
		markdown_escape(out, q->options[i].text);
		fputs(i + 1 == choice ? " <em>(you said this)</em></li>\n" : "</li>\n", out);
	}
	fputs("</ol>\n", out);
	put_outcome(out, q);
	fputs("</div>\n", out);
}

static void put_questions(struct page *p, bool after)
{
	unsigned int i;

	for (i = 0; i < p->quiz.nr; i++)
		if (p->quiz.questions[i].after == after)
			put_question(p->out, &p->quiz.questions[i],
				     progress_choice(p->progress, p->lesson->name, i + 1));
}

static bool is_prediction(const char *heading)
{
	return !strcasecmp(heading, "predict");
}

/* The questions come where the page predicts. */
static void section(void *data, FILE *out, const char *heading)
{
	struct page *p = data;

	if (p->predicts && is_prediction(p->heading))
		put_questions(p, false);
	if (p->in_section)
		fputs("</section>\n", out);
	p->in_section = heading != NULL;
	if (heading)
		fputs("<section tabindex=\"-1\">\n", out);
	snprintf(p->heading, sizeof(p->heading), "%s", heading ? heading : "");
}

/* Its questions in words: they come from the quiz, with their options. */
static bool without_lists(void *data, const char *heading)
{
	const struct page *p = data;

	return p->predicts && p->quiz.nr && is_prediction(heading);
}

static int put_markdown(struct page *p, const char *folder, const char *file, int deeper)
{
	char path[PATH_MAX], whole[PATH_MAX];
	struct markdown how = { .folder = course_path(path, p->course, "%s", folder),
				.address = address,
				.section = section,
				.without_lists = without_lists,
				.data = p };

	return markdown_write(p->out, course_path(whole, p->course, "%s/%s", folder, file), deeper,
			      &how);
}

/* Each heading of hints.md opens a fold. */
static void fold(void *data, FILE *out, const char *heading)
{
	struct page *p = data;

	if (p->in_section)
		fputs("</details>\n", out);
	p->in_section = heading != NULL;
	if (!heading)
		return;
	fputs("<details class=\"hint\"><summary>Hint ", out);
	fprintf(out, "%c: ", heading[0]);
	markdown_escape(out, heading[1] ? heading + 2 : "");
	fputs("</summary>\n", out);
}

static bool keep_lists(void *data, const char *heading)
{
	(void)data;
	(void)heading;
	return false;
}

/* A hint that was not asked for is not here: it counts, and a page cannot count. */
static bool is_unseen(void *data, const char *heading)
{
	const struct page *p = data;

	return (unsigned int)(heading[0] - '0') > p->hints_seen;
}

static void put_hints(struct page *p, const struct exercise *e, const struct standing *s)
{
	char path[PATH_MAX], whole[PATH_MAX];
	struct markdown how = { .folder = course_path(path, p->course, "%s", e->folder),
				.address = address,
				.section = fold,
				.without_lists = keep_lists,
				.left_out = is_unseen,
				.data = p };

	p->hints_seen = s->passed ? NR_HINTS : s->hints;
	markdown_write(p->out, course_path(whole, p->course, "%s/hints.md", e->folder), 2, &how);
	if (p->hints_seen < NR_HINTS)
		fprintf(p->out,
			"<p class=\"locked\">Hint %u of %d: <code>scripts/oncpu hint "
			"%s</code></p>\n",
			p->hints_seen + 1, NR_HINTS, e->slug);
}

static void put_solution(struct page *p, const struct exercise *e, const char *file,
			 const char *title)
{
	char path[PATH_MAX], *text;

	if (file_read(course_path(path, p->course, "%s/%s", e->folder, file), &text, NULL))
		return;
	fprintf(p->out, "<h4>%s</h4>\n<pre><code>", title);
	markdown_escape(p->out, text);
	fputs("</code></pre>\n", p->out);
	free(text);
}

static void put_solutions(struct page *p, const struct exercise *e)
{
	char file[64];

	snprintf(file, sizeof(file), "reference%s", e->ending);
	put_solution(p, e, file, "One solution");
	snprintf(file, sizeof(file), "unusual%s", e->ending);
	put_solution(p, e, file, "Another, unlike it");
}

static void put_exercise(struct page *p, const struct exercise *e)
{
	struct standing s;

	progress_of(&s, p->progress, e->slug);
	fprintf(p->out, "<section class=\"exercise\" id=\"%s\" tabindex=\"-1\">\n<h2>%s", e->slug,
		p->only ? "" : "Exercise: ");
	markdown_escape(p->out, e->title);
	fprintf(p->out, "%s</h2>\n", s.passed ? " <em>passed</em>" : "");
	p->err = p->err ?: put_markdown(p, e->folder, "README.md", 1);
	put_hints(p, e, &s);
	if (s.passed)
		put_solutions(p, e);
	else
		fputs("<p class=\"locked\">Solutions are shown here once it is passed.</p>\n",
		      p->out);
	fputs("</section>\n", p->out);
}

static void put_self_check(struct page *p)
{
	size_t i, nr = 0;

	for (i = 0; i < p->quiz.nr; i++)
		nr += p->quiz.questions[i].after;
	if (!nr)
		return;
	fputs("<section tabindex=\"-1\">\n<h2>Try yourself on another trace</h2>\n", p->out);
	put_questions(p, true);
	fputs("</section>\n", p->out);
}

static void put_body(struct page *p)
{
	const struct exercise *e = p->course->exercises + p->lesson->first;
	size_t i;

	if (p->only) {
		put_exercise(p, p->only);
		return;
	}
	p->predicts = true;
	p->err = put_markdown(p, p->lesson->folder, "README.md", 0);
	p->predicts = false;
	for (i = 0; i < p->lesson->nr; i++)
		put_exercise(p, &e[i]);
	put_self_check(p);
}

static void put_slot(struct page *p, const char *name, size_t length)
{
	if (!strncmp(name, "TITLE", length))
		markdown_escape(p->out, p->only ? p->only->title : p->lesson->title);
	else if (!strncmp(name, "LESSON", length))
		markdown_escape(p->out, p->only ? p->lesson->title : p->lesson->name);
	else if (!strncmp(name, "BODY", length))
		put_body(p);
}

int page_write(FILE *out, const struct course *c, const struct progress *progress,
	       const struct lesson *l, const struct exercise *only)
{
	struct page p = {
		.out = out, .course = c, .progress = progress, .lesson = l, .only = only
	};
	const char *at = course_page_template, *slot, *end;
	char path[PATH_MAX], why[128];
	int err = quiz_read(&p.quiz, course_path(path, c, "%s/quiz", l->folder), why, sizeof(why));

	p.err = err == -ENOENT ? 0 : err;
	/* A slot is @NAME@ alone between tags, as in the page of a trace. */
	while (!p.err && (slot = strstr(at, ">@")) && (end = strstr(slot + 2, "@<"))) {
		fwrite(at, 1, (size_t)(slot + 1 - at), out);
		put_slot(&p, slot + 2, (size_t)(end - slot - 2));
		at = end + 1;
	}
	fputs(at, out);
	quiz_free(&p.quiz);
	return p.err;
}
