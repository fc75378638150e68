// SPDX-License-Identifier: GPL-2.0
/* The report as one screen of text, at most WIDTH columns. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/text.h"
#include "view/report.h"

#define WIDTH	   80
#define MOST_ROWS  16 /* of a table: what is beyond is summed */
#define NAME_WIDTH 22

struct page {
	FILE *f;
	const struct trace *t;
	const struct model *m;
	const struct summary *s;
	bool colour;
};

const char *report_source_name(enum trace_source source)
{
	return source == TRACE_BPF ? "bpf" : source == TRACE_MODULE ? "module" : "none";
}

/* Columns that s takes on a terminal: characters, not bytes. */
static int columns(const char *s)
{
	int n = 0;

	for (; *s; s++)
		n += ((unsigned char)*s & 0xc0) != 0x80;
	return n;
}

#define BOLD	"\033[1m"
#define WARNING "\033[1;33m"

static const char *begin(const struct page *p, const char *code)
{
	return p->colour ? code : "";
}

static const char *finish(const struct page *p)
{
	return p->colour ? "\033[0m" : "";
}

/* Words of text, in lines of at most WIDTH columns, all but the first indented. */
static void wrap(const struct page *p, const char *text, int at, int indent)
{
	const char *word = text, *end;
	int length;
	char buf[512];

	for (; *word; word = end + (*end == ' ')) {
		end = word + strcspn(word, " ");
		snprintf(buf, sizeof(buf), "%.*s", (int)(end - word), word);
		length = columns(buf);
		if (word > text && at + 1 + length > WIDTH) {
			fprintf(p->f, "\n%*s", indent, "");
			at = indent;
		} else if (word > text) {
			fputc(' ', p->f);
			at++;
		}
		fputs(buf, p->f);
		at += length;
	}
	fputc('\n', p->f);
}

static void heading(const struct page *p, const char *text)
{
	fprintf(p->f, "\n%s%s%s\n", begin(p, BOLD), text, finish(p));
}

static void warn(const struct page *p, const char *text)
{
	fputs(begin(p, WARNING), p->f);
	wrap(p, text, 0, 2);
	fputs(finish(p), p->f);
}

static void duration(const struct page *p, uint64_t ns, int width)
{
	char buf[TEXT_DURATION];

	text_duration(ns, buf, sizeof(buf));
	fprintf(p->f, "%*s", width, ns ? buf : "-");
}

static void name(const struct page *p, const struct thread *t)
{
	char buf[ONCPU_COMM_LEN + 16];

	snprintf(buf, sizeof(buf), "%s/%u", t->comm[0] ? t->comm : "tid", t->tid);
	fprintf(p->f, "%s%*s", buf, NAME_WIDTH > columns(buf) ? NAME_WIDTH - columns(buf) : 1, "");
}

/* The last part of the command's first word. */
static void program(const struct page *p, char *buf, size_t size)
{
	const char *command = p->t->command, *end = command + strcspn(command, " ");
	const char *from = end;

	while (from > command && from[-1] != '/')
		from--;
	snprintf(buf, size, "%.*s", (int)(end - from), from);
	if (!buf[0])
		snprintf(buf, size, "the command");
}

static void say_how_parallel(const struct page *p, char *buf, size_t size)
{
	char overlap[TEXT_DURATION];

	text_duration(p->s->overlap_ns, overlap, sizeof(overlap));
	if (p->m->peak_parallel == 0)
		snprintf(buf, size, "No thread of it was seen on a CPU.");
	else if (p->m->peak_parallel == 1)
		snprintf(buf, size, "No two of its threads ever ran at the same instant.");
	else
		snprintf(buf, size,
			 "At most %u of its threads ran at the same instant; for %s two%s did.",
			 p->m->peak_parallel, overlap, p->m->peak_parallel > 2 ? " or more" : "");
}

static void summary(const struct page *p)
{
	char who[128], ran[TEXT_DURATION], all[TEXT_DURATION], parallel[128], buf[512];
	const struct summary *s = p->s;

	program(p, who, sizeof(who));
	if (!s->nr_threads) {
		snprintf(buf, sizeof(buf), "No thread of %s is in this trace.", who);
		wrap(p, buf, 0, 0);
		return;
	}
	text_duration(s->ran_ns, ran, sizeof(ran));
	text_duration(p->m->span_end_ns - p->m->span_start_ns, all, sizeof(all));
	say_how_parallel(p, parallel, sizeof(parallel));
	snprintf(buf, sizeof(buf), "%zu thread%s of %s ran for %s on %u CPU%s; it took %s. %s",
		 s->nr_threads, s->nr_threads == 1 ? "" : "s", who, ran, s->nr_cpus,
		 s->nr_cpus == 1 ? "" : "s", all, parallel);
	wrap(p, buf, 0, 0);
}

static void thread_row(const struct page *p, const struct thread *t)
{
	name(p, t);
	duration(p, t->total_ns[STATE_RUNNING], 9);
	duration(p, t->total_ns[STATE_RUNNABLE], 10);
	duration(p, summary_slept_ns(t), 10);
	fprintf(p->f, "%7llu%7llu%5llu", (unsigned long long)t->nr_voluntary,
		(unsigned long long)t->nr_involuntary, (unsigned long long)t->nr_migrations);
	duration(p, t->latency_max_ns, 10);
	fputc('\n', p->f);
}

static int by_running(const void *a, const void *b)
{
	const struct thread *x = *(const struct thread *const *)a;
	const struct thread *y = *(const struct thread *const *)b;

	if (x->total_ns[STATE_RUNNING] != y->total_ns[STATE_RUNNING])
		return x->total_ns[STATE_RUNNING] > y->total_ns[STATE_RUNNING] ? -1 : 1;
	return (x > y) - (x < y); /* the model's order */
}

/* Where there are more than fit, those that ran longest. */
static int threads(const struct page *p)
{
	const struct thread **list = calloc(p->s->nr_threads + 1, sizeof(*list));
	size_t i, n = 0;
	uint64_t rest_ns = 0;
	char rest[TEXT_DURATION];

	if (!list)
		return -ENOMEM;
	for (i = 0; i < p->m->nr_threads; i++)
		if (p->m->threads[i].target)
			list[n++] = &p->m->threads[i];
	if (n > MOST_ROWS)
		qsort(list, n, sizeof(*list), by_running);
	heading(p, "Thread                      ran wants CPU     slept leaves forced move"
		   "   latency");
	for (i = 0; i < n && i < MOST_ROWS; i++)
		thread_row(p, list[i]);
	for (; i < n; i++)
		rest_ns += list[i]->total_ns[STATE_RUNNING];
	text_duration(rest_ns, rest, sizeof(rest));
	if (n > MOST_ROWS)
		fprintf(p->f, "and %zu more, which ran %s in all\n", n - MOST_ROWS, rest);
	free(list);
	return 0;
}

static void share(const struct page *p, uint64_t ns)
{
	uint64_t all_ns = p->m->span_end_ns - p->m->span_start_ns;

	duration(p, ns, 10);
	fprintf(p->f, " %3u %%",
		all_ns ? (unsigned int)((double)ns * 100 / (double)all_ns + 0.5) : 0);
}

static void cpus(const struct page *p)
{
	uint64_t all_ns = p->m->span_end_ns - p->m->span_start_ns;
	const struct cpu *c;
	unsigned int i;

	heading(p, "CPU    this command          others            idle         unknown");
	for (i = 0; i < p->m->nr_cpus && i < MOST_ROWS; i++) {
		c = &p->m->cpus[i];
		fprintf(p->f, "%3u", i);
		share(p, c->target_ns);
		share(p, c->busy_ns - c->target_ns);
		share(p, c->idle_ns);
		share(p, all_ns - c->busy_ns - c->idle_ns);
		fputc('\n', p->f);
	}
	if (p->m->nr_cpus > MOST_ROWS)
		fprintf(p->f, "and %u more\n", p->m->nr_cpus - MOST_ROWS);
}

static void waits(const struct page *p)
{
	char sentence[MODEL_SENTENCE], at[TEXT_DURATION];
	const struct summary_wait *w;

	if (!p->s->nr_waits)
		return;
	heading(p, "The longest waits of its threads");
	for (w = p->s->waits; w < p->s->waits + p->s->nr_waits; w++) {
		model_sentence(p->m, w->thread, w->interval, sentence, sizeof(sentence));
		text_duration(w->interval->start_ns - p->m->span_start_ns, at, sizeof(at));
		fprintf(p->f, "at %9s  ", at);
		wrap(p, sentence, 14, 14);
	}
}

static void wakers(const struct page *p)
{
	const struct summary_waker *w;
	const struct thread *t;

	if (!p->s->nr_wakers)
		return;
	heading(p, "Who woke them most often");
	for (w = p->s->wakers; w < p->s->wakers + p->s->nr_wakers; w++) {
		t = model_thread(p->m, w->tid);
		if (t)
			name(p, t);
		else
			fprintf(p->f, "%-*s", NAME_WIDTH, w->tid ? "?" : "interrupts");
		fprintf(p->f, "%7llu time%s\n", (unsigned long long)w->nr_wakeups,
			w->nr_wakeups == 1 ? "" : "s");
	}
}

/* What a reader must know to believe the rest. */
static void honesty(const struct page *p)
{
	char time[TEXT_DURATION], buf[320], beside[128] = "Beside it no other task ran.";

	fputc('\n', p->f);
	text_duration(p->s->others_ns, time, sizeof(time));
	if (p->s->nr_others)
		snprintf(beside, sizeof(beside), "Beside it %zu other task%s ran for %s.",
			 p->s->nr_others, p->s->nr_others == 1 ? "" : "s", time);
	snprintf(buf, sizeof(buf), "%s From %llu records of the %s recorder; %s.", beside,
		 (unsigned long long)p->m->nr_records, report_source_name(p->m->source),
		 p->m->nr_lost ? "some were lost" : "none was lost");
	wrap(p, buf, 0, 0);
	text_duration(p->s->unknown_ns, time, sizeof(time));
	snprintf(buf, sizeof(buf),
		 "For %s of its threads' lives nothing is known: before their first record%s.",
		 time, p->m->nr_lost ? ", or where records were lost" : "");
	if (p->s->unknown_ns)
		wrap(p, buf, 0, 0);
	snprintf(buf, sizeof(buf),
		 "%llu records were lost: what is said around them may be wrong. Record "
		 "again, with less going on.",
		 (unsigned long long)p->m->nr_lost);
	if (p->m->nr_lost)
		warn(p, buf);
	if (!p->t->complete)
		warn(p, "The file is incomplete: the recorder did not finish, or the file was cut. "
			"This is what came before.");
}

/* A command line can be of any length: the screen is not. */
static void shorten(const char *text, char *buf, size_t size)
{
	size_t length = strlen(text);

	snprintf(buf, size, "%s", text);
	if (length < size)
		return;
	for (length = size - sizeof("..."); (buf[length] & 0xc0) == 0x80; length--)
		; /* not within a character */
	strcpy(buf + length, "...");
}

static void title(const struct page *p)
{
	char command[200], buf[256];

	shorten(p->t->command[0] ? p->t->command : "No command", command, sizeof(command));
	if (p->t->exit_signal)
		snprintf(buf, sizeof(buf), "%s: ended by signal %d", command, p->t->exit_signal);
	else if (p->t->exit_code >= 0)
		snprintf(buf, sizeof(buf), "%s: exit status %d", command, p->t->exit_code);
	else
		snprintf(buf, sizeof(buf), "%s: how it ended is unknown", command);
	fputs(begin(p, BOLD), p->f);
	wrap(p, buf, 0, 2);
	fputs(finish(p), p->f);
}

int report_text(FILE *f, const struct trace *t, const struct model *m, bool colour)
{
	struct summary s;
	struct page p = { .f = f, .t = t, .m = m, .s = &s, .colour = colour };
	int err = summary_make(&s, m);

	if (err)
		return err;
	title(&p);
	summary(&p);
	if (s.nr_threads) {
		err = threads(&p);
		if (err)
			return err;
	}
	cpus(&p);
	waits(&p);
	wakers(&p);
	honesty(&p);
	return 0;
}
