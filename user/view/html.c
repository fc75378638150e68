// SPDX-License-Identifier: GPL-2.0
/*
 * The page: a template that was put together at build time (html/, see the Makefile), with five
 * slots that are filled here: @TITLE@, @HEADLINE@, @TOLD@, @FACTS@ (JSON) and @INTERVALS@ (packed).
 *
 * Names come from the recorded program and may be anything. Into HTML they go escaped, into JSON
 * with < > & spelled as \u00XX, and the script only ever makes text nodes of them.
 *
 * Sentences: the script fills their shapes (model_template()) as model_sentence() does, because a
 * million of them would be a hundred megabytes. Those of the longest waits come along whole, as they
 * are shown without a click and so that a test can hold the two wordings against each other.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "model/findings.h"
#include "view/html.h"
#include "view/palette.h"
#include "view/text.h"

#define WAITS_SHOWN    12
#define FINDINGS_SHOWN 50

extern const char view_page_template[];

static void put_html(FILE *f, const char *s)
{
	for (; *s; s++) {
		if (strchr("<>&\"'", *s))
			fprintf(f, "&#%d;", *s);
		else
			fputc(*s, f);
	}
}

void html_put_json(FILE *f, const char *s)
{
	fputc('"', f);
	for (; *s; s++) {
		if (strchr("<>&\"'\\", *s))
			fprintf(f, "\\u%04x", *s);
		else
			fputc(*s, f);
	}
	fputc('"', f);
}

static void put_text(FILE *f, const char *key, const char *text)
{
	char clean[1024];

	snprintf(clean, sizeof(clean), "%s", text);
	view_clean(clean, true);
	fprintf(f, "\"%s\":", key);
	html_put_json(f, clean);
	fputs(",\n", f);
}

static void put_colours(FILE *f)
{
	size_t i;

	fputs("\"colours\":[", f);
	for (i = 0; i < VIEW_NR_COLOURS; i++)
		fprintf(f, "%s[\"%s\",\"%s\"]", i ? "," : "", view_colours[i].light,
			view_colours[i].dark);
	fputs("],\n", f);
}

/* [tid, tgid, parent, letter or "", name, start, intervals, switches, migrations, worst wait] */
static void put_threads(FILE *f, const struct model *m)
{
	char comm[ONCPU_COMM_LEN + 1], letter[2] = "";
	size_t i, ordinal = 0;

	fputs("\"threads\":[", f);
	for (i = 0; i < m->nr_threads; i++) {
		const struct thread *t = &m->threads[i];

		snprintf(comm, sizeof(comm), "%.*s", ONCPU_COMM_LEN, t->comm);
		view_clean(comm, true);
		letter[0] = t->target ? view_letter(ordinal++) : '\0';
		fprintf(f, "%s\n[%" PRIu32 ",%" PRIu32 ",%" PRIu32 ",\"%s\",", i ? "," : "", t->tid,
			t->tgid, t->parent, letter);
		html_put_json(f, comm);
		fprintf(f, ",%" PRIu64 ",%zu,%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 "]",
			t->start_ns - m->start_ns, t->nr_intervals, t->nr_voluntary,
			t->nr_involuntary, t->nr_migrations, t->latency_max_ns);
	}
	fputs("],\n", f);
}

/* [thread, interval, sentence], the longest first. */
static void put_waits(FILE *f, const struct model *m)
{
	struct view_window span = { m->span_start_ns, m->span_end_ns };
	struct view_wait waits[WAITS_SHOWN];
	size_t n = view_longest_waits(m, span, waits, WAITS_SHOWN), i;
	char text[512];

	fputs("\"waits\":[", f);
	for (i = 0; i < n; i++) {
		const struct thread *th = &m->threads[waits[i].thread];

		model_sentence(m, th, &th->intervals[waits[i].interval], text, sizeof(text));
		view_clean(text, true);
		fprintf(f, "%s\n[%zu,%zu,", i ? "," : "", waits[i].thread, waits[i].interval);
		html_put_json(f, text);
		fputc(']', f);
	}
	fputs("],\n", f);
}

/* [thread, interval, name, sentence], as many as a person may want to see. */
static int put_findings(FILE *f, const struct model *m)
{
	char text[FINDING_SENTENCE];
	struct finding *list;
	size_t n, i;
	int err = model_findings(&list, &n, m);

	if (err)
		return err;
	fputs("\"findings\":[", f);
	for (i = 0; i < n && i < FINDINGS_SHOWN; i++) {
		finding_sentence(m, &list[i], text, sizeof(text));
		view_clean(text, true);
		fprintf(f, "%s\n[%zu,%zu,", i ? "," : "", (size_t)(list[i].thread - m->threads),
			(size_t)(list[i].interval - list[i].thread->intervals));
		html_put_json(f, finding_name(list[i].kind));
		fputc(',', f);
		html_put_json(f, text);
		fputc(']', f);
	}
	fputs("],\n", f);
	free(list);
	return 0;
}

static int put_facts(FILE *f, const struct model *m, const struct view_head *head,
		     const struct html_shapes *s, const struct html_lanes *l)
{
	char text[VIEW_WARNING];
	unsigned int i;
	int err;

	fputs("{\n", f);
	put_text(f, "command", head->command);
	put_text(f, "kernel", head->kernel);
	put_text(f, "start_utc", head->start_utc);
	view_headline(text, sizeof(text), m);
	put_text(f, "headline", text);
	view_warning(text, sizeof(text), m);
	put_text(f, "warning", text);
	put_colours(f);
	put_threads(f, m);
	put_waits(f, m);
	err = put_findings(f, m);
	html_put_locks(f, m, l);
	html_put_shapes(f, m, s, l);
	html_put_marks(f, m);
	html_put_decisions(f, m);
	if (head->foretold)
		html_put_foretold(f, m, head->foretold);
	fputs("\"cpus\":[", f);
	for (i = 0; i < m->nr_cpus; i++)
		fprintf(f, "%s%zu", i ? "," : "", html_cpu_pieces(m, &m->cpus[i]));
	fputs("],\n\"gaps\":[", f);
	for (i = 0; i < m->nr_gaps; i++)
		fprintf(f, "%s[%" PRIu32 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 "]", i ? "," : "",
			m->gaps[i].cpu, m->gaps[i].start_ns - m->start_ns,
			m->gaps[i].end_ns - m->start_ns, m->gaps[i].nr);
	fprintf(f, "],\n\"exit\":[%d,%d],\"source\":\"%s\",\"records\":%" PRIu64, head->exit_code,
		head->exit_signal, view_source(m->source), m->nr_records);
	fprintf(f, ",\"lost\":%" PRIu64 ",\"origin\":\"%" PRIu64 "\",\"length\":%" PRIu64,
		m->nr_lost, m->start_ns, m->end_ns - m->start_ns);
	if (head->look.end_ns > head->look.start_ns && head->look.start_ns >= m->start_ns)
		fprintf(f, ",\"look\":[%" PRIu64 ",%" PRIu64 "]", head->look.start_ns - m->start_ns,
			head->look.end_ns - m->start_ns);
	fprintf(f, ",\"span\":[%" PRIu64 ",%" PRIu64 "]}\n", m->span_start_ns - m->start_ns,
		m->span_end_ns - m->start_ns);
	return err;
}

static int put_slot(FILE *f, const char *name, size_t length, const struct model *m,
		    const struct view_head *head, const struct html_shapes *s,
		    const struct html_lanes *l)
{
	char text[1024];

	if (!strncmp(name, "TITLE", length)) {
		snprintf(text, sizeof(text), "%s",
			 head->command[0] ? head->command : "A recording");
		view_clean(text, true);
		put_html(f, text);
	} else if (!strncmp(name, "HEADLINE", length)) {
		view_headline(text, sizeof(text), m);
		put_html(f, text);
	} else if (!strncmp(name, "TOLD", length)) {
		put_html(f, head->told ? head->told : "");
	} else if (!strncmp(name, "FACTS", length)) {
		return put_facts(f, m, head, s, l);
	} else if (!strncmp(name, "INTERVALS", length)) {
		return html_pack(f, m, s, l);
	}
	return 0;
}

int view_html(FILE *out, const struct model *m, const struct view_head *head)
{
	const char *at = view_page_template, *slot, *end;
	struct html_shapes s;
	struct html_lanes l;
	int err = html_shapes(&s, m);

	if (err)
		return err;
	err = html_lanes(&l, m);
	errno = 0;
	/* A slot is @NAME@ alone between tags: ">@TITLE@<". The at-rules of CSS are none. */
	while (!err && (slot = strstr(at, ">@")) && (end = strstr(slot + 2, "@<"))) {
		fwrite(at, 1, (size_t)(slot + 1 - at), out);
		err = put_slot(out, slot + 2, (size_t)(end - slot - 2), m, head, &s, &l);
		at = end + 1;
	}
	if (!err)
		fputs(at, out);
	free(s.sorted);
	html_lanes_free(&l);
	if (err)
		return err;
	return ferror(out) ? (errno ? -errno : -EIO) : 0;
}
