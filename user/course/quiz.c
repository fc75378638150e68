// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "course/file.h"
#include "course/quiz.h"

struct reading {
	struct quiz *quiz;
	char *picture; /* of the question to come */
	char **open;   /* what a continued line goes on with; NULL: nothing */
	bool after;
	const char *trouble;
};

static int refuse(struct reading *r, const char *trouble)
{
	r->trouble = trouble;
	return -EBADMSG;
}

/* Puts line behind what is there, with this between them. */
static int join(char **text, const char *between, const char *line)
{
	char *joined;

	if (asprintf(&joined, "%s%s%s", *text ? *text : "", *text ? between : "", line) < 0)
		return -ENOMEM;
	free(*text);
	*text = joined;
	return 0;
}

static struct quiz_question *last_question(struct reading *r)
{
	return r->quiz->nr ? &r->quiz->questions[r->quiz->nr - 1] : NULL;
}

static const char *incomplete(const struct quiz_question *q)
{
	size_t i, right = 0;

	for (i = 0; i < q->nr_options; i++) {
		right += q->options[i].right;
		if (!q->options[i].right && !q->options[i].feedback)
			return "a wrong option above has no feedback";
	}
	if (q->nr_options < 2)
		return "the question above has fewer than two options";
	return right == 1 ? NULL : "the question above must have one right option";
}

static int add_question(struct reading *r, const char *text)
{
	struct quiz_question *q = last_question(r);
	const char *trouble = q ? incomplete(q) : NULL;

	if (trouble)
		return refuse(r, trouble);
	if (r->quiz->nr == QUIZ_QUESTIONS)
		return refuse(r, "there are too many questions");
	q = &r->quiz->questions[r->quiz->nr++];
	q->after = r->after;
	q->picture = r->picture;
	r->picture = NULL;
	r->open = &q->text;
	return join(&q->text, " ", text);
}

static int add_option(struct reading *r, bool right, const char *text)
{
	struct quiz_question *q = last_question(r);

	if (!q || r->picture)
		return refuse(r, "an option stands without a question");
	if (q->nr_options == QUIZ_OPTIONS)
		return refuse(r, "a question has at most four options");
	q->options[q->nr_options].right = right;
	r->open = &q->options[q->nr_options++].text;
	return join(r->open, " ", text);
}

static int add_feedback(struct reading *r, const char *text)
{
	struct quiz_question *q = last_question(r);

	if (!q || !q->nr_options)
		return refuse(r, "feedback stands without an option");
	r->open = NULL;
	return join(&q->options[q->nr_options - 1].feedback, " ", text);
}

static int read_line(struct reading *r, const char *line)
{
	if (!*line || *line == '#')
		return 0;
	if (!strcmp(line, "after:")) {
		r->after = true;
		return 0;
	}
	if (*line == '|')
		return join(&r->picture, "\n", line + 1 + (line[1] == ' '));
	if (line[1] != ' ' || !line[2])
		return refuse(r,
			      "a line begins with one of ? + - | \\ # or two spaces, and a text");
	line += 2;
	switch (line[-2]) {
	case '?':
		return add_question(r, line);
	case '+':
		return add_option(r, true, line);
	case '-':
		return add_option(r, false, line);
	case '\\':
		return r->open ? join(r->open, " ", line)
			       : refuse(r, "there is nothing to go on with");
	case ' ':
		return add_feedback(r, line + strspn(line, " "));
	default:
		return refuse(r,
			      "a line begins with one of ? + - | \\ # or two spaces, and a text");
	}
}

static int read_lines(struct reading *r, char *text, unsigned int *number)
{
	struct quiz_question *q;
	char *line;
	int err = 0;

	while (!err && (line = strsep(&text, "\n"))) {
		line[strcspn(line, "\r")] = '\0';
		++*number;
		err = read_line(r, line);
	}
	q = last_question(r);
	if (!err && q && incomplete(q))
		err = refuse(r, incomplete(q));
	if (!err && (r->picture || !q))
		err = refuse(r, "a question should follow here");
	return err;
}

int quiz_read(struct quiz *q, const char *path, char *why, size_t size)
{
	struct reading r = { .quiz = q };
	unsigned int number = 0;
	char *text;
	int err;

	*q = (struct quiz){};
	err = file_read(path, &text, NULL);
	if (!err)
		err = read_lines(&r, text, &number);
	if (err == -EBADMSG)
		snprintf(why, size, "line %u: %s", number, r.trouble);
	else if (err)
		snprintf(why, size, "%s", strerror(-err));
	free(r.picture);
	free(text);
	return err;
}

void quiz_free(struct quiz *q)
{
	size_t i, j;

	for (i = 0; i < q->nr; i++) {
		free(q->questions[i].picture);
		free(q->questions[i].text);
		for (j = 0; j < q->questions[i].nr_options; j++) {
			free(q->questions[i].options[j].text);
			free(q->questions[i].options[j].feedback);
		}
	}
	*q = (struct quiz){};
}

unsigned int quiz_right(const struct quiz_question *q)
{
	unsigned int i;

	for (i = 0; i < q->nr_options; i++)
		if (q->options[i].right)
			return i + 1;
	return 0;
}
