// SPDX-License-Identifier: GPL-2.0
/* A program may call its threads anything, escape sequences of the terminal included. */
#include <stdbool.h>
#include <stdio.h>

#include "lib/text.h"

/* Bytes of the UTF-8 character at s, 0 if it is none. Overlong forms and surrogates are none. */
static size_t utf8_length(const unsigned char *s)
{
	size_t i, length;

	if (s[0] < 0x80)
		return 1;
	if (s[0] < 0xc2 || s[0] > 0xf4)
		return 0;
	length = s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : 4;
	for (i = 1; i < length; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f) ||
	    (s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] > 0x8f))
		return 0;
	return length;
}

static bool is_utf8(const unsigned char *s)
{
	size_t length;

	for (; *s; s += length) {
		length = utf8_length(s);
		if (!length)
			return false;
	}
	return true;
}

void text_clean(char *text)
{
	unsigned char *s = (unsigned char *)text;
	bool utf8 = is_utf8(s);

	for (; *s; s++) {
		if (*s < 0x20 || *s == 0x7f || (*s >= 0x80 && !utf8))
			*s = '?';
		else if (*s == 0xc2 && s[1] < 0xa0) /* U+0080 to U+009F: controls too */
			s[0] = s[1] = '?';
	}
}

/* In whole numbers: a double would round, and print its point, by other rules. */
int text_duration(uint64_t ns, char *buf, size_t size)
{
	uint64_t tenths;

	if (ns < 1000)
		return snprintf(buf, size, "%u ns", (unsigned int)ns);
	if (ns < 999950) {
		tenths = (ns + 50) / 100;
		return snprintf(buf, size, "%u.%u us", (unsigned int)(tenths / 10),
				(unsigned int)(tenths % 10));
	}
	if (ns < 999950000) {
		tenths = (ns + 50000) / 100000;
		return snprintf(buf, size, "%u.%u ms", (unsigned int)(tenths / 10),
				(unsigned int)(tenths % 10));
	}
	ns = ns / 10000000 + (ns % 10000000 >= 5000000);
	return snprintf(buf, size, "%llu.%02u s", (unsigned long long)(ns / 100),
			(unsigned int)(ns % 100));
}
