// SPDX-License-Identifier: GPL-2.0
// rejected by structure: "created 0 threads"
#include "count.h"

void count_words(const struct text *t, int workers, struct stats *s)
{
	(void)workers;
	for (int i = 0; i < t->nr_lines; i++) {
		int words = words_in(t->lines[i]);

		s->words += words;
		if (words > s->longest)
			s->longest = words;
	}
}
