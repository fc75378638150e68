// SPDX-License-Identifier: GPL-2.0
/* Which exercise or lesson a person means. */
#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "course/course.h"

#define LONGEST_NAME 64

/* Letters of either case, and an underscore for a dash as C has it, are the same. */
static char plain(char c)
{
	return c == '_' ? '-' : (char)tolower((unsigned char)c);
}

static bool is_name(const char *word, size_t length, const char *name)
{
	size_t i;

	for (i = 0; i < length && name[i]; i++)
		if (plain(word[i]) != plain(name[i]))
			return false;
	return i == length && !name[i];
}

/* Where the last n parts of a path begin. */
static const char *last_parts(const char *word, size_t length, int n)
{
	const char *start = word + length;

	for (; start > word; start--)
		if (start[-1] == '/' && !--n)
			break;
	return start;
}

static bool is_exercise(const struct course *c, const struct exercise *e, const char *word,
			size_t length)
{
	const char *last = last_parts(word, length, 1);
	size_t rest = (size_t)(word + length - last);
	const char *lesson = last_parts(word, length, 2);
	const char *of = c->lessons[e->lesson].name;

	if (last == word)
		return is_name(word, length, e->slug) || is_name(word, length, e->name);
	return is_name(last, rest, e->name) && is_name(lesson, (size_t)(last - 1 - lesson), of);
}

/* The length without its last part: "a/b/c" is 3 long then, "c" 0. */
static size_t without_last(const char *word, size_t length)
{
	while (length && word[length - 1] != '/')
		length--;
	while (length && word[length - 1] == '/')
		length--;
	return length;
}

static const struct exercise *find_in(const struct course *c, const char *word)
{
	size_t length = strlen(word), i;

	while (length && word[length - 1] == '/')
		length--;
	for (; length; length = without_last(word, length))
		for (i = 0; i < c->nr_exercises; i++)
			if (is_exercise(c, &c->exercises[i], word, length))
				return &c->exercises[i];
	return NULL;
}

/* Its name and ending, as of work/SLUG.c. */
static bool is_file(const struct exercise *e, const char *name)
{
	size_t length = strlen(name), end = strlen(e->ending);

	return length > end && !strcmp(name + length - end, e->ending) &&
	       is_name(name, length - end, e->slug);
}

/* The learner's file, from wherever one stands */
static const struct exercise *find_file(const struct course *c, const char *word)
{
	const char *name = strrchr(word, '/') ? strrchr(word, '/') + 1 : word;
	size_t i;

	for (i = 0; i < c->nr_exercises; i++)
		if (is_file(&c->exercises[i], name))
			return &c->exercises[i];
	return NULL;
}

const struct exercise *course_find(const struct course *c, const char *word)
{
	const struct exercise *e = find_in(c, word);
	char *path;

	if (!e)
		e = find_file(c, word);
	if (e)
		return e;
	path = realpath(word, NULL); /* "." in an exercise's folder */
	e = path ? find_in(c, path) : NULL;
	free(path);
	return e;
}

static bool is_lesson(const struct lesson *l, const char *word, size_t length)
{
	const char *last = last_parts(word, length, 1);
	size_t rest = (size_t)(word + length - last);

	if (is_name(last, rest, l->name))
		return true;
	return last == word &&
	       (is_name(last, rest, l->slug) || (rest == 2 && !strncmp(last, l->name, 2)) ||
		(rest == 1 && l->name[0] == '0' && last[0] == l->name[1]));
}

static const struct lesson *find_lesson_in(const struct course *c, const char *word)
{
	size_t length = strlen(word), i;

	while (length && word[length - 1] == '/')
		length--;
	for (; length; length = without_last(word, length))
		for (i = 0; i < c->nr_lessons; i++)
			if (is_lesson(&c->lessons[i], word, length))
				return &c->lessons[i];
	return NULL;
}

const struct lesson *course_find_lesson(const struct course *c, const char *word)
{
	const struct lesson *l = find_lesson_in(c, word);
	const struct exercise *e = l ? NULL : course_find(c, word);
	char *path;

	if (e)
		l = &c->lessons[e->lesson];
	if (l)
		return l;
	path = realpath(word, NULL);
	l = path ? find_lesson_in(c, path) : NULL;
	free(path);
	return l;
}

/* Levenshtein's: how many letters to put in, leave out or change. */
static size_t distance(const char *a, const char *b)
{
	size_t row[LONGEST_NAME + 1], la = strnlen(a, LONGEST_NAME), lb = strnlen(b, LONGEST_NAME);
	size_t i, j, corner, above;

	for (j = 0; j <= lb; j++)
		row[j] = j;
	for (i = 1; i <= la; i++) {
		corner = row[0];
		row[0] = i;
		for (j = 1; j <= lb; j++) {
			above = row[j];
			row[j] = corner + (plain(a[i - 1]) != plain(b[j - 1]));
			if (above + 1 < row[j])
				row[j] = above + 1;
			if (row[j - 1] + 1 < row[j])
				row[j] = row[j - 1] + 1;
			corner = above;
		}
	}
	return row[lb];
}

/* A part of the name is as near as can be; what needs more than half of it changed is nobody. */
static size_t unlike(const char *word, const char *slug)
{
	size_t d = distance(word, slug), longer = strlen(slug);

	if (strlen(word) > longer)
		longer = strlen(word);
	if (strlen(word) > 2 && (strcasestr(slug, word) || strcasestr(word, slug)))
		return 0;
	return d * 2 > longer ? SIZE_MAX : d;
}

struct nearest {
	const char **slugs;
	size_t *far, nr, max;
};

static void consider(struct nearest *n, const char *word, const char *slug)
{
	size_t d = unlike(word, slug), at;

	if (d == SIZE_MAX || (n->nr == n->max && d >= n->far[n->nr - 1]))
		return;
	n->nr += n->nr < n->max;
	for (at = n->nr - 1; at > 0 && n->far[at - 1] > d; at--) {
		n->far[at] = n->far[at - 1];
		n->slugs[at] = n->slugs[at - 1];
	}
	n->far[at] = d;
	n->slugs[at] = slug;
}

size_t course_nearest(const struct course *c, const char *word, bool lessons, const char **out,
		      size_t max)
{
	const char *last = strrchr(word, '/');
	size_t far[max], i;
	struct nearest n = { out, far, 0, max };

	word = last && last[1] ? last + 1 : word;
	for (i = 0; lessons && i < c->nr_lessons; i++)
		consider(&n, word, c->lessons[i].slug);
	for (i = 0; !lessons && i < c->nr_exercises; i++)
		consider(&n, word, c->exercises[i].slug);
	return n.nr;
}
