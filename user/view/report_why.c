// SPDX-License-Identifier: GPL-2.0
/* Why a thread was off its CPU: one sentence, and the facts that it is made of. */
#include "lib/text.h"
#include "view/lines.h"
#include "view/report.h"
#include "view/text.h"

#define WIDTH 80

static void moment(const struct model *m, uint64_t time_ns, char *buf, size_t size)
{
	if (time_ns < m->span_start_ns) {
		buf[0] = '-';
		text_duration(m->span_start_ns - time_ns, buf + 1, size - 1);
	} else {
		text_duration(time_ns - m->span_start_ns, buf, size);
	}
}

static void fact(struct lines *l, const struct model *m, const struct why_link *link)
{
	char from[TEXT_DURATION + 1], to[TEXT_DURATION + 1], sentence[MODEL_SENTENCE];
	char text[MODEL_SENTENCE + 128];

	moment(m, link->interval->start_ns, from, sizeof(from));
	moment(m, link->interval->end_ns, to, sizeof(to));
	model_sentence(m, link->thread, link->interval, sentence, sizeof(sentence));
	snprintf(text, sizeof(text), "%s to %s: %s", from, to, sentence);
	view_clean(text, true);
	fputs("  ", l->out);
	lines_wrap(l, text, 2, 4);
}

void report_why(FILE *f, const struct model *m, const struct thread *t, const struct interval *i)
{
	struct lines l = { .out = f, .width = WIDTH };
	struct why_link links[WHY_LINKS];
	size_t n = model_why(m, t, i, links), k;
	char text[WHY_SENTENCE];

	model_why_sentence(m, links, n, text, sizeof(text));
	view_clean(text, true);
	lines_wrap(&l, text, 0, 0);
	fputc('\n', f);
	for (k = 0; k < n; k++)
		fact(&l, m, &links[k]);
}
