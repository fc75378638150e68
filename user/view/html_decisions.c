// SPDX-License-Identifier: GPL-2.0
/* Of the page's intervals those that a scheduler of ours decided on, and its words; of more the first. */
#include <inttypes.h>

#include "view/html.h"
#include "view/text.h"

#define MOST_DECIDED 50000

void html_put_decisions(FILE *f, const struct model *m)
{
	const struct decision *d;
	const struct thread *t;
	char words[MODEL_DECISION];
	size_t i, n = 0;

	fputs("\"decided\":[", f);
	for (t = m->threads; t < m->threads + m->nr_threads; t++) {
		for (i = 0; t->nr_decisions && i < t->nr_intervals && n < MOST_DECIDED; i++) {
			d = model_decision(t, &t->intervals[i]);
			if (!d)
				continue;
			model_decision_words(m, d, words, sizeof(words));
			view_clean(words, true);
			fprintf(f, "%s\n[%td,%zu,", n++ ? "," : "", t - m->threads, i);
			html_put_json(f, words);
			fputc(']', f);
		}
	}
	fputs("],\n", f);
}
