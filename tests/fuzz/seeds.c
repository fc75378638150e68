// SPDX-License-Identifier: GPL-2.0
/* seeds TEXT NAME: a golden text as a seed of both fuzzers, bytes/NAME and loose/NAME here. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "builder.h"

static char *slurp(const char *path)
{
	FILE *f = fopen(path, "r");
	char *text = calloc(1, 1 << 16);

	if (f && text)
		text[fread(text, 1, (1 << 16) - 1, f)] = '\0';
	if (f)
		fclose(f);
	return text;
}

static void put(FILE *f, unsigned int kind, const void *data, size_t size)
{
	fputc((int)kind, f);
	fputc((int)(size & 0xff), f);
	fputc((int)(size >> 8 & 0xff), f);
	fwrite(data, 1, size, f);
}

static void put_stream(FILE *f, const struct trace_stream *s)
{
	static unsigned char data[1 << 16];
	uint64_t before = 1000000000, step;
	size_t at = 3, i;

	data[0] = (unsigned char)s->source;
	data[1] = (unsigned char)s->cpu;
	data[2] = 0;
	for (i = 0; i < s->n && at + 28 < sizeof(data); i++, at += 28) {
		step = s->records[i].time_ns - before;
		before = s->records[i].time_ns;
		memcpy(data + at, &step, 4);
		memcpy(data + at + 4, &s->records[i].tid, 4);
		data[at + 8] = s->records[i].type;
		data[at + 9] = s->records[i].flags;
		memcpy(data + at + 12, s->records[i].raw, 16);
	}
	put(f, CHUNK_RECORDS, data, at);
}

static void put_meta(FILE *f, const struct trace *t)
{
	json_t *tasks = json_array(), *meta;
	char *text;
	size_t i;

	for (i = 0; i < t->nr_tasks; i++)
		json_array_append_new(tasks,
				      json_pack("{s:i,s:i,s:i,s:s}", "tid", (int)t->tasks[i].tid,
						"tgid", (int)t->tasks[i].tgid, "ppid",
						(int)t->tasks[i].ppid, "comm", t->tasks[i].comm));
	meta = json_pack("{s:[s],s:i,s:{s:i},s:I,s:o}", "command", t->command, "target_tid",
			 (int)t->target_tid, "machine", "cpus", (int)t->nr_cpus, "start_ns",
			 (json_int_t)t->start_ns, "tasks", tasks);
	text = json_dumps(meta, JSON_COMPACT);
	put(f, CHUNK_META, text, strlen(text));
	free(text);
	json_decref(meta);
}

static int write_loose(const struct trace *t, const char *path)
{
	static const char end[] = "{\"end_ns\":1060000000,\"exit\":{\"code\":0},\"sources\":[]}";
	FILE *f = fopen(path, "w");
	size_t i;

	if (!f)
		return 1;
	fputc(0, f);
	put_meta(f, t);
	for (i = 0; i < t->nr_streams; i++)
		put_stream(f, &t->streams[i]);
	put(f, CHUNK_END, end, strlen(end));
	return fclose(f);
}

int main(int argc, char **argv)
{
	char *text = argc == 3 ? slurp(argv[1]) : NULL, why[256] = "", path[512];
	struct trace *t = NULL;
	int err = 1;

	if (!text)
		return 2;
	snprintf(path, sizeof(path), "bytes/%s", argv[2]);
	if (!builder_write(text, path, why, sizeof(why)) &&
	    !trace_read(&t, path, why, sizeof(why))) {
		snprintf(path, sizeof(path), "loose/%s", argv[2]);
		err = write_loose(t, path);
	}
	if (why[0])
		fprintf(stderr, "%s: %s\n", argv[1], why);
	trace_free(t);
	free(text);
	return err;
}
