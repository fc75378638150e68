// SPDX-License-Identifier: GPL-2.0
/* A trace's records, line by line; see dump.h. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "view/dump.h"
#include "view/dump_fields.h"
#include "view/text.h"

struct place { /* the next record of a stream */
	const struct trace_stream *stream;
	size_t next;
};

static const struct oncpu_record *record_at(const struct place *p)
{
	return &p->stream->records[p->next];
}

static bool before(const struct place *a, const struct place *b)
{
	uint64_t x = record_at(a)->time_ns, y = record_at(b)->time_ns;

	if (x != y)
		return x < y;
	if (a->stream->source != b->stream->source)
		return a->stream->source < b->stream->source;
	return a->stream->cpu < b->stream->cpu;
}

/* Lets the one at the top of the heap sink to where it belongs. */
static void sink(struct place *heap, size_t n)
{
	struct place last = heap[0];
	size_t i = 0, child;

	for (child = 1; child < n; child = 2 * i + 1) {
		if (child + 1 < n && before(&heap[child + 1], &heap[child]))
			child++;
		if (!before(&heap[child], &last))
			break;
		heap[i] = heap[child];
		i = child;
	}
	heap[i] = last;
}

static void rise(struct place *heap, size_t i)
{
	struct place p = heap[i];

	for (; i > 0 && before(&p, &heap[(i - 1) / 2]); i = (i - 1) / 2)
		heap[i] = heap[(i - 1) / 2];
	heap[i] = p;
}

/* Stream i of all: the recorders', then marks and decisions. NULL: not wanted, or empty. */
static const struct trace_stream *stream_at(const struct trace *t, size_t i,
					    enum trace_source source)
{
	const struct trace_stream *s = i < t->nr_streams    ? &t->streams[i]
				       : i == t->nr_streams ? &t->marks
							    : &t->decisions;

	if (i >= t->nr_streams && !s->n && !s->lost)
		return NULL;
	return !source || s->source == source ? s : NULL;
}

static size_t nr_streams(const struct trace *t)
{
	return t->nr_streams + 2;
}

static void print_json_head(FILE *f, const struct trace *t)
{
	size_t i;

	fprintf(f,
		"{\"oncpu_dump\":1,\"complete\":%s,\"command\":", t->complete ? "true" : "false");
	dump_string(f, t->command);
	fputs(",\"kernel\":", f);
	dump_string(f, t->kernel);
	fputs(",\"arch\":", f);
	dump_string(f, t->arch);
	fputs(",\"start_utc\":", f);
	dump_string(f, t->start_utc);
	fprintf(f,
		",\"cpus\":%u,\"target_tid\":%" PRIu32 ",\"start_ns\":%" PRIu64
		",\"end_ns\":%" PRIu64 ",\"exit_code\":%d,\"exit_signal\":%d}\n",
		t->nr_cpus, t->target_tid, t->start_ns, t->end_ns, t->exit_code, t->exit_signal);
	for (i = 0; i < t->nr_tasks; i++) {
		fprintf(f,
			"{\"task\":{\"tid\":%" PRIu32 ",\"tgid\":%" PRIu32 ",\"ppid\":%" PRIu32
			",\"comm\":",
			t->tasks[i].tid, t->tasks[i].tgid, t->tasks[i].ppid);
		dump_string(f, t->tasks[i].comm);
		fputs("}}\n", f);
	}
}

static void print_json_streams(FILE *f, const struct trace *t, enum trace_source source)
{
	const struct trace_stream *s;
	unsigned int id;
	size_t i;

	for (i = 0; i < nr_streams(t); i++)
		if ((s = stream_at(t, i, source)))
			fprintf(f,
				"{\"stream\":{\"source\":\"%s\",\"cpu\":%u,\"records\":%zu,"
				"\"lost\":%" PRIu64 ",\"untimed\":%" PRIu64 "}}\n",
				view_source(s->source), s->cpu, s->n, s->lost, s->untimed);
	for (id = 1; id < TRACE_NR_SOURCES; id++)
		if (t->missed[id] && (!source || id == source))
			fprintf(f, "{\"missed\":{\"source\":\"%s\",\"events\":%" PRIu64 "}}\n",
				view_source((enum trace_source)id), t->missed[id]);
}

static void print_text_head(FILE *f, const struct trace *t, enum trace_source source)
{
	const struct trace_stream *s;
	unsigned int id;
	size_t i;

	fprintf(f, "# %s\n# Linux %s %s, %s, %u CPUs, %s\n", t->command, t->kernel, t->arch,
		t->start_utc, t->nr_cpus, t->complete ? "complete" : "incomplete");
	for (i = 0; i < nr_streams(t); i++)
		if ((s = stream_at(t, i, source)))
			fprintf(f,
				"# %s cpu%u: %zu records, %" PRIu64 " lost (%" PRIu64
				" nobody knows when)\n",
				view_source(s->source), s->cpu, s->n, s->lost, s->untimed);
	for (id = 1; id < TRACE_NR_SOURCES; id++)
		if (t->missed[id] && (!source || id == source))
			fprintf(f, "# %s: %" PRIu64 " events missed, nobody knows where\n",
				view_source((enum trace_source)id), t->missed[id]);
}

static void print_record(FILE *f, const struct trace *t, const struct place *p, bool json)
{
	const struct oncpu_record *r = record_at(p);
	const char *source = view_source(p->stream->source);
	bool early = r->time_ns < t->start_ns;
	uint64_t ns = early ? t->start_ns - r->time_ns : r->time_ns - t->start_ns;

	if (json)
		fprintf(f,
			"{\"time_ns\":%" PRIu64
			",\"source\":\"%s\",\"cpu\":%u,\"type\":\"%s\",\"tid\":%" PRIu32
			",\"flags\":%u",
			(uint64_t)r->time_ns, source, p->stream->cpu, dump_type(r->type), r->tid,
			r->flags);
	else
		fprintf(f, "%s%7" PRIu64 ".%06" PRIu64 " cpu%u %s %s tid=%" PRIu32 " flags=0x%x",
			early ? "-" : " ", ns / 1000000, ns % 1000000, p->stream->cpu, source,
			dump_type(r->type), r->tid, r->flags);
	dump_fields(f, r, json);
	fputs(json ? "}\n" : "\n", f);
}

int dump_trace(FILE *f, const struct trace *t, enum trace_source source, bool json)
{
	struct place *heap = calloc(nr_streams(t) + 1, sizeof(*heap));
	const struct trace_stream *s;
	size_t n = 0, i;

	if (!heap)
		return -ENOMEM;
	if (json) {
		print_json_head(f, t);
		print_json_streams(f, t, source);
	} else {
		print_text_head(f, t, source);
	}
	for (i = 0; i < nr_streams(t); i++) {
		s = stream_at(t, i, source);
		if (!s || !s->n)
			continue;
		heap[n] = (struct place){ s, 0 };
		rise(heap, n++);
	}
	while (n > 0 && !ferror(f)) {
		print_record(f, t, &heap[0], json);
		if (++heap[0].next == heap[0].stream->n)
			heap[0] = heap[--n];
		sink(heap, n);
	}
	free(heap);
	return 0;
}
