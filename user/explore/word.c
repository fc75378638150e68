// SPDX-License-Identifier: GPL-2.0
/* A schedule as a word: "0x12.1x5": thread 0 does 12 operations, then thread 1 five. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "explore/explore.h"

char *explore_word(const struct explore_schedule *s)
{
	char *word = NULL;
	size_t size;
	FILE *f = open_memstream(&word, &size);
	uint32_t i;

	if (!f)
		return NULL;
	if (!s->nr)
		fputs("0x0", f);
	for (i = 0; i < s->nr; i++)
		fprintf(f, "%s%ux%u", i ? "." : "", s->segments[i].thread, s->segments[i].nr_ops);
	fclose(f);
	return word;
}

int explore_parse_word(const char *word, struct explore_schedule *s)
{
	struct shared_segment *segments = NULL, *grown;
	uint32_t nr = 0;
	char *end;

	while (*word) {
		unsigned long thread = strtoul(word, &end, 10), ops;

		if (end == word || *end != 'x' || thread >= MAX_THREADS)
			goto invalid;
		word = end + 1;
		ops = strtoul(word, &end, 10);
		if (end == word || ops > UINT32_MAX || (*end && *end != '.') || nr == MAX_SEGMENTS)
			goto invalid;
		word = *end ? end + 1 : end;
		grown = realloc(segments, (nr + 1) * sizeof(*segments));
		if (!grown)
			goto invalid;
		segments = grown;
		segments[nr++] = (struct shared_segment){ (uint32_t)thread, (uint32_t)ops };
	}
	*s = (struct explore_schedule){ segments, nr };
	return 0;
invalid:
	free(segments);
	return -EINVAL;
}
