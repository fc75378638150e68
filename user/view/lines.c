// SPDX-License-Identifier: GPL-2.0
/* Lines of text for a terminal; see lines.h. */
#include <string.h>

#include "view/lines.h"

static unsigned int columns_of(const char *s, size_t size)
{
	unsigned int n = 0;
	size_t i;

	for (i = 0; i < size; i++)
		n += ((unsigned char)s[i] & 0xc0) != 0x80;
	return n;
}

unsigned int lines_columns(const char *s)
{
	return columns_of(s, strlen(s));
}

void lines_wrap(struct lines *l, const char *text, unsigned int at, unsigned int indent)
{
	const char *word = text, *end;
	unsigned int length;

	for (; *word; word = end + (*end == ' ')) {
		end = word + strcspn(word, " ");
		length = columns_of(word, (size_t)(end - word));
		if (word > text && at + 1 + length > l->width) {
			fprintf(l->out, "\n%*s", (int)indent, "");
			at = indent;
		} else if (word > text) {
			fputc(' ', l->out);
			at++;
		}
		fwrite(word, 1, (size_t)(end - word), l->out);
		at += length;
	}
	fputc('\n', l->out);
}

void lines_pad(struct lines *l, const char *text, unsigned int width)
{
	unsigned int n = lines_columns(text);

	fprintf(l->out, "%s%*s", text, n < width ? (int)(width - n) : 1, "");
}

void lines_colour(struct lines *l, unsigned char fore, unsigned char back)
{
	if (!l->colour)
		return;
	l->coloured |= fore || back;
	if (fore)
		fprintf(l->out, "\033[38;5;%dm", fore);
	if (back)
		fprintf(l->out, "\033[48;5;%dm", back);
}

void lines_bold(struct lines *l)
{
	if (!l->colour)
		return;
	l->coloured = true;
	fputs("\033[1m", l->out);
}

/* Not a colour: it is there where colours are off, too. */
void lines_reverse(struct lines *l)
{
	l->coloured = true;
	fputs("\033[7m", l->out);
}

void lines_plain(struct lines *l)
{
	if (l->coloured)
		fputs("\033[0m", l->out);
	l->coloured = false;
}

void lines_heading(struct lines *l, const char *text)
{
	fputc('\n', l->out);
	lines_bold(l);
	fputs(text, l->out);
	lines_plain(l);
	fputc('\n', l->out);
}
