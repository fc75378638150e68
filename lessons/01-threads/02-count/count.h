/* SPDX-License-Identifier: GPL-2.0 */
#ifndef COUNT_H
#define COUNT_H

struct text {
	int nr_lines;
	const char *const *lines;
};

struct stats {
	long words;   /* in all lines together */
	long longest; /* in the line that has most */
};

/* Given: the words in a line. It takes a while; any number of threads may be in it at once. */
int words_in(const char *line);

/*
 * Yours: counts the words of a text by so many threads (1 to 16; yours may be one of them), and
 * returns when all are counted. A text may have any number of lines, *s is zeros when it comes.
 */
void count_words(const struct text *t, int workers, struct stats *s);

#endif
