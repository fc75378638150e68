// SPDX-License-Identifier: GPL-2.0
/* The report as one screen of text, at most WIDTH columns. */
#include "lib/text.h"
#include "view/palette.h"
#include "view/report_part.h"
#include "view/text.h"

#define WIDTH	   80
#define GAPS_SHOWN 6

static void waits(struct report *r)
{
	char sentence[MODEL_SENTENCE], at[TEXT_DURATION];
	const struct summary_wait *w;

	if (!r->s->nr_waits)
		return;
	lines_heading(&r->l, "The longest waits of its threads");
	for (w = r->s->waits; w < r->s->waits + r->s->nr_waits; w++) {
		model_sentence(r->m, w->thread, w->interval, sentence, sizeof(sentence));
		view_clean(sentence, true);
		text_duration(w->interval->start_ns - r->m->span_start_ns, at, sizeof(at));
		fprintf(r->l.out, "at %9s  ", at);
		lines_wrap(&r->l, sentence, 14, 14);
	}
}

static const char *losses(const struct model *m)
{
	if (m->nr_lost)
		return "some were lost";
	return m->finished ? "none was lost" : "whether some were lost is not known";
}

/* Where records were lost: the first gaps. */
static void gaps(struct report *r)
{
	uint64_t left = 0;
	char text[VIEW_GAP];
	size_t i;

	if (!r->m->nr_gaps)
		return;
	lines_heading(&r->l, "Lost records: what happened there then is not known");
	for (i = 0; i < r->m->nr_gaps && i < GAPS_SHOWN; i++) {
		view_gap(text, sizeof(text), r->m, &r->m->gaps[i]);
		fprintf(r->l.out, "%s\n", text);
	}
	for (; i < r->m->nr_gaps; i++)
		left += r->m->gaps[i].nr;
	if (r->m->nr_gaps > GAPS_SHOWN)
		fprintf(r->l.out, "and %llu more in %zu other gaps\n", (unsigned long long)left,
			r->m->nr_gaps - GAPS_SHOWN);
}

/* What a reader must know to believe the rest. */
static void honesty(struct report *r)
{
	char time[TEXT_DURATION], buf[VIEW_WARNING], beside[128] = "Beside it no other task ran.";

	fputc('\n', r->l.out);
	text_duration(r->s->others_ns, time, sizeof(time));
	if (r->s->nr_others)
		snprintf(beside, sizeof(beside), "Beside it %zu other task%s ran for %s.",
			 r->s->nr_others, r->s->nr_others == 1 ? "" : "s", time);
	snprintf(buf, sizeof(buf), "%s From %llu records of the %s recorder; %s.", beside,
		 (unsigned long long)r->m->nr_records, view_source(r->m->source), losses(r->m));
	lines_wrap(&r->l, buf, 0, 0);
	text_duration(r->s->unknown_ns, time, sizeof(time));
	snprintf(buf, sizeof(buf),
		 "For %s of its threads' lives nothing is known: before their first record%s.",
		 time, r->m->nr_lost ? ", or where records were lost" : "");
	if (r->s->unknown_ns)
		lines_wrap(&r->l, buf, 0, 0);
	view_warning(buf, sizeof(buf), r->m);
	lines_colour(&r->l, VIEW_TERM_WAIT_LOCK, 0);
	if (buf[0])
		lines_wrap(&r->l, buf, 0, 2);
	lines_plain(&r->l);
}

/* "Scheduled by mlfq (slice_us 4000, boost_ms 1000), which decided 123 times." */
static void policy(struct report *r)
{
	const struct trace_policy *p = &r->t->policy;
	char buf[VIEW_WARNING];
	size_t i, n;

	if (!p->name)
		return;
	n = (size_t)snprintf(buf, sizeof(buf), "Scheduled by %s (", p->name);
	for (i = 0; i < p->nr_knobs && n < sizeof(buf); i++)
		n += (size_t)snprintf(buf + n, sizeof(buf) - n, "%s%s %llu", i ? ", " : "",
				      p->knobs[i].name, (unsigned long long)p->knobs[i].value);
	if (n < sizeof(buf))
		snprintf(buf + n, sizeof(buf) - n, "), which decided %zu times.",
			 r->m->nr_decisions);
	view_clean(buf, true);
	lines_wrap(&r->l, buf, 0, 0);
}

static void head(struct report *r)
{
	struct view_head h = { .command = r->t->command,
			       .exit_code = r->t->exit_code,
			       .exit_signal = r->t->exit_signal };
	char buf[VIEW_TITLE];

	view_title(buf, sizeof(buf), &h);
	view_clean(buf, true);
	lines_bold(&r->l);
	lines_wrap(&r->l, buf, 0, 2);
	lines_plain(&r->l);
	view_headline(buf, sizeof(buf), r->m);
	lines_wrap(&r->l, buf, 0, 0);
	policy(r);
}

int report_text(FILE *f, const struct trace *t, const struct model *m, bool colour)
{
	struct summary s;
	struct report r = {
		.l = { .out = f, .width = WIDTH, .colour = colour }, .t = t, .m = m, .s = &s
	};
	int err = summary_make(&s, m);

	if (err)
		return err;
	head(&r);
	if (s.nr_threads)
		err = report_threads(&r);
	if (!err)
		report_counters(&r);
	if (err)
		return err;
	err = report_findings(&r);
	if (err)
		return err;
	report_cpus(&r);
	err = report_path(&r);
	if (err)
		return err;
	waits(&r);
	err = report_locks(&r);
	if (err)
		return err;
	report_wakers(&r);
	gaps(&r);
	err = report_marks(&r);
	if (err)
		return err;
	honesty(&r);
	return 0;
}

int report_brief(FILE *f, const struct trace *t, const struct model *m, bool colour)
{
	struct summary s;
	struct report r = {
		.l = { .out = f, .width = WIDTH, .colour = colour }, .t = t, .m = m, .s = &s
	};
	int err = summary_make(&s, m);

	if (err)
		return err;
	head(&r);
	if (s.nr_threads)
		err = report_threads_brief(&r);
	if (!err)
		err = report_findings(&r);
	if (err)
		return err;
	waits(&r);
	gaps(&r);
	if (m->nr_lost || !m->finished)
		honesty(&r);
	return 0;
}
