// SPDX-License-Identifier: GPL-2.0
/* Columns of numbers on their way into the page: see html_column.h. */
#include <errno.h>
#include <stdlib.h>
#include <zlib.h>

#include "view/html_column.h"

#define RAW_DEFLATE (-15) /* what the browser's "deflate-raw" undoes */
#define MEMORY	    8	  /* zlib's default */

struct sink {
	FILE *f;
	z_stream z;
	uint32_t bits;
	unsigned int nr_bits;
	size_t column;
};

static bool make_room(struct html_column *c, size_t bytes)
{
	unsigned char *more;

	if (c->size + bytes <= c->room)
		return true;
	c->room = c->room ? 2 * c->room : 4096;
	more = realloc(c->bytes, c->room);
	c->failed |= !more;
	if (more)
		c->bytes = more;
	else
		c->room = c->size;
	return more;
}

void column_number(struct html_column *c, uint64_t value)
{
	if (!make_room(c, 10))
		return;
	for (; value >= 0x80; value >>= 7)
		c->bytes[c->size++] = (unsigned char)(value | 0x80);
	c->bytes[c->size++] = (unsigned char)value;
	c->n++;
}

void column_time(struct html_column *c, uint64_t ns)
{
	unsigned int b;

	c->times = true;
	if (!make_room(c, COLUMN_TIME_BYTES))
		return;
	for (b = 0; b < COLUMN_TIME_BYTES; b++)
		c->bytes[c->size++] = (unsigned char)(ns >> (8 * b));
	c->n++;
}

static void put_sextet(struct sink *s, uint32_t v)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	fputc(digits[v & 0x3f], s->f);
	if (++s->column % 100 == 0)
		fputc('\n', s->f);
}

static void put_byte(struct sink *s, unsigned char byte)
{
	s->bits = s->bits << 8 | byte;
	for (s->nr_bits += 8; s->nr_bits >= 6; s->nr_bits -= 6)
		put_sextet(s, s->bits >> (s->nr_bits - 6));
}

static void put_end(struct sink *s)
{
	if (s->nr_bits)
		put_sextet(s, s->bits << (6 - s->nr_bits));
	while (s->column++ % 4)
		fputc('=', s->f);
}

static void put_deflated(struct sink *s, const unsigned char *bytes, size_t size, int flush)
{
	unsigned char out[16384];
	size_t i, part;

	do {
		part = size < 1u << 30 ? size : 1u << 30;
		s->z.next_in = (unsigned char *)bytes; /* zlib of old forgets to say const */
		s->z.avail_in = (uInt)part;
		bytes += part;
		size -= part;
		do {
			s->z.next_out = out;
			s->z.avail_out = sizeof(out);
			deflate(&s->z, size ? Z_NO_FLUSH : flush);
			for (i = 0; i < sizeof(out) - s->z.avail_out; i++)
				put_byte(s, out[i]);
		} while (!s->z.avail_out);
	} while (size);
}

static int put_planes(struct sink *s, const struct html_column *c)
{
	unsigned char *plane = malloc(c->n + 1);
	unsigned int b;
	size_t i;

	if (!plane)
		return -ENOMEM;
	for (b = 0; b < COLUMN_TIME_BYTES; b++) {
		for (i = 0; i < c->n; i++)
			plane[i] = c->bytes[i * COLUMN_TIME_BYTES + b];
		put_deflated(s, plane, c->n, Z_NO_FLUSH);
	}
	free(plane);
	return 0;
}

/* Its number of values, then these. */
static int put_column(struct sink *s, const struct html_column *c)
{
	struct html_column count = { 0 };
	int err = 0;

	if (c->failed)
		return -ENOMEM;
	column_number(&count, c->n);
	if (count.failed)
		return -ENOMEM;
	put_deflated(s, count.bytes, count.size, Z_NO_FLUSH);
	free(count.bytes);
	if (c->times)
		err = put_planes(s, c);
	else if (c->n)
		put_deflated(s, c->bytes, c->size, Z_NO_FLUSH);
	return err;
}

int columns_write(FILE *f, struct html_column *const *columns, size_t n)
{
	struct sink s = { .f = f };
	size_t i;
	int err = 0;

	if (deflateInit2(&s.z, Z_BEST_COMPRESSION, Z_DEFLATED, RAW_DEFLATE, MEMORY,
			 Z_DEFAULT_STRATEGY) != Z_OK)
		return -ENOMEM;
	for (i = 0; i < n && !err; i++)
		err = put_column(&s, columns[i]);
	put_deflated(&s, NULL, 0, Z_FINISH);
	put_end(&s);
	deflateEnd(&s.z);
	return err;
}
