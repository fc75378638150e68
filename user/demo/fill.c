// SPDX-License-Identifier: GPL-2.0
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "demo/demo.h"

/* A number or a knob; where it ends, or NULL: it is neither. */
static const char *read_value(long *value, const char *at, const struct demo *d)
{
	size_t n = strspn(at, "abcdefghijklmnopqrstuvwxyz_");
	const struct knob *k;
	char *end;

	if (isdigit((unsigned char)*at)) {
		*value = strtol(at, &end, 10);
		return end;
	}
	for (k = d->knobs; k < d->knobs + d->nr_knobs; k++) {
		if (strlen(k->name) != n || strncmp(k->name, at, n))
			continue;
		*value = k->value;
		return at + n;
	}
	return NULL;
}

/* Between the braces: VALUE, or VALUE OPERATOR VALUE. Where it ends, or NULL: it is nothing of the kind. */
static const char *read_sum(long *sum, const char *at, const struct demo *d)
{
	long second;
	char sign;

	at = read_value(sum, at, d);
	if (!at || !*at || !strchr("+-*/", *at))
		return at;
	sign = *at;
	at = read_value(&second, at + 1, d);
	if (!at || (sign == '/' && !second))
		return NULL;
	*sum = sign == '+'   ? *sum + second
	       : sign == '-' ? *sum - second
	       : sign == '*' ? *sum * second
			     : *sum / second;
	return at;
}

char *demo_fill(const struct demo *d, const char *text)
{
	char *filled = NULL;
	const char *end;
	size_t size;
	long sum;
	FILE *f = open_memstream(&filled, &size);

	if (!f)
		return NULL;
	while (*text) {
		end = *text == '{' ? read_sum(&sum, text + 1, d) : NULL;
		if (end && *end == '}') {
			fprintf(f, "%ld", sum);
			text = end + 1;
		} else {
			fputc(*text++, f);
		}
	}
	fclose(f);
	return filled;
}
