// SPDX-License-Identifier: GPL-2.0
/* Text from a trace, made harmless for a terminal; see text.h. */
#include <stdint.h>
#include <string.h>

#include "view/text.h"

/* One character of UTF-8: its length, 0 where it is broken. */
static size_t decode(const unsigned char *s, uint32_t *code)
{
	size_t n = s[0] < 0x80 ? 1 : (s[0] & 0xe0) == 0xc0 ? 2 : (s[0] & 0xf0) == 0xe0 ? 3 : 0, i;

	*code = n == 1 ? s[0] : n == 2 ? s[0] & 0x1f : s[0] & 0x0f;
	for (i = 1; i < n; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		*code = *code << 6 | (s[i] & 0x3f);
	}
	if ((n == 2 && *code < 0x80) || (n == 3 && *code < 0x800))
		return 0; /* longer than need be: a disguise */
	return n;
}

/* Latin, Greek, Cyrillic, dashes and dots: one column each, and no direction marks. */
static bool narrow(uint32_t c)
{
	return (c >= 0x20 && c < 0x7f) || (c >= 0xa1 && c < 0x300 && c != 0xad) ||
	       (c >= 0x370 && c < 0x483) || (c >= 0x48a && c < 0x530) ||
	       (c >= 0x2010 && c < 0x2028);
}

void view_clean(char *s, bool unicode)
{
	const unsigned char *from = (const unsigned char *)s;

	while (*from) {
		uint32_t code;
		size_t n = decode(from, &code);

		if (!n || !narrow(code) || (code > 0x7f && !unicode)) {
			*s++ = '?';
			from += n ? n : 1;
			continue;
		}
		memmove(s, from, n);
		s += n;
		from += n;
	}
	*s = '\0';
}
