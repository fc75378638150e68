// SPDX-License-Identifier: GPL-2.0
/* What stands out: the findings, in words and as JSON. */
#include <stdlib.h>

#include "lib/text.h"
#include "model/findings.h"
#include "view/palette.h"
#include "view/report_part.h"
#include "view/text.h"

#define MOST_SHOWN 6

static void moment(const struct model *m, uint64_t time_ns, char *buf, size_t size)
{
	text_duration(time_ns > m->span_start_ns ? time_ns - m->span_start_ns : 0, buf, size);
}

static void one(struct report *r, const struct finding *f)
{
	char sentence[FINDING_SENTENCE], text[FINDING_SENTENCE + 128], from[TEXT_DURATION],
		to[TEXT_DURATION];

	finding_sentence(r->m, f, sentence, sizeof(sentence));
	moment(r->m, f->start_ns, from, sizeof(from));
	moment(r->m, f->end_ns, to, sizeof(to));
	snprintf(text, sizeof(text), "%s (%s to %s): %s", finding_name(f->kind), from, to,
		 sentence);
	view_clean(text, true);
	lines_wrap(&r->l, text, 0, 2);
}

/* Of one kind the first two, so that many of one do not hide another. */
int report_findings(struct report *r)
{
	struct finding *list;
	size_t n, i, same = 0, shown = 0;
	int err = model_findings(&list, &n, r->m);

	if (err)
		return err;
	if (n) {
		lines_colour(&r->l, VIEW_TERM_WAIT_LOCK, 0);
		lines_heading(&r->l, r->m->complete ? "What stands out"
						    : "What stands out (inconclusive, see below)");
		lines_plain(&r->l);
	}
	for (i = 0; i < n && shown < MOST_SHOWN; i++) {
		same = i && list[i].kind == list[i - 1].kind ? same + 1 : 0;
		if (same >= 2)
			continue;
		one(r, &list[i]);
		shown++;
	}
	if (n > shown)
		fprintf(r->l.out, "and %zu more of these kinds: --json has them all\n", n - shown);
	free(list);
	return 0;
}

#define NUMBER(value) ((json_int_t)(value))
#define AT(time_ns)   ((json_int_t)((time_ns) - m->span_start_ns))

static json_t *finding_json(const struct model *m, const struct finding *f)
{
	char sentence[FINDING_SENTENCE];
	json_t *others = json_array();
	unsigned int i;

	for (i = 0; i < f->nr_tids && i < FINDING_THREADS; i++)
		json_array_append_new(others, json_integer(f->tids[i]));
	finding_sentence(m, f, sentence, sizeof(sentence));
	return json_pack("{s:s,s:I,s:I,s:I,s:I,s:o,s:I,s:I,s:s}", "kind", finding_name(f->kind),
			 "start_ns", AT(f->start_ns), "end_ns", AT(f->end_ns), "tid",
			 NUMBER(f->thread->tid), "interval_ns", AT(f->interval->start_ns), "others",
			 others, "nr", NUMBER(f->nr), "ns", NUMBER(f->ns), "sentence", sentence);
}

json_t *report_findings_json(const struct model *m)
{
	json_t *all = json_array();
	struct finding *list;
	size_t n, i;

	if (!all || model_findings(&list, &n, m))
		return all;
	for (i = 0; i < n; i++)
		json_array_append_new(all, finding_json(m, &list[i]));
	free(list);
	return all;
}
