// SPDX-License-Identifier: GPL-2.0
/*
 * Reading a trace file: chunk after chunk, with pread and not mmap, because a file that shrinks
 * under a map kills its reader. No length is believed before it was held against the file's size
 * and the limits of trace.h, so nothing in a file makes this crash, hang or allocate without bound.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

#include "lib/trace_columns.h"
#include "lib/trace_reader.h"

#define MEND "record it again, or copy it again in binary mode from where it was made"

int trace_reader_fail(struct trace_reader *r, int err, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(r->why, r->why_size, format, args);
	va_end(args);
	return err;
}

int trace_reader_damaged(struct trace_reader *r, const char *what)
{
	return trace_reader_fail(r, -EBADMSG, "the trace is damaged at byte %llu: %s; " MEND,
				 (unsigned long long)r->offset, what);
}

static int read_at(struct trace_reader *r, void *to, size_t size, uint64_t offset)
{
	char *p = to;
	ssize_t n;

	while (size > 0) {
		n = pread(r->fd, p, size, (off_t)offset);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (n == 0)
			return trace_reader_fail(r, -EIO,
						 "the file shrank while it was read; "
						 "wait for the recorder to end");
		p += n;
		offset += (uint64_t)n;
		size -= (size_t)n;
	}
	return 0;
}

static int open_file(struct trace_reader *r, const char *path)
{
	struct stat st;

	r->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* never wait for a FIFO's writer */
	if (r->fd < 0 && errno == ENOENT)
		return trace_reader_fail(r, -ENOENT,
					 "there is no such file; "
					 "'oncpu record -o FILE -- CMD' makes one");
	if (r->fd < 0 || fstat(r->fd, &st))
		return -errno;
	if (!S_ISREG(st.st_mode))
		return trace_reader_fail(r, -EINVAL,
					 "it is not an ordinary file; "
					 "give the .oncpu file that was recorded");
	r->size = (uint64_t)st.st_size;
	return 0;
}

static int read_header(struct trace_reader *r)
{
	struct trace_header h = { .magic = "" };
	size_t have = r->size < sizeof(h) ? (size_t)r->size : sizeof(h);
	size_t magic = have < sizeof(h.magic) ? have : sizeof(h.magic);
	int err = read_at(r, &h, have, 0);

	if (err)
		return err;
	if (memcmp(h.magic, TRACE_MAGIC, magic))
		return trace_reader_fail(
			r, -EBADMSG,
			"it is not an oncpu trace, or one harmed by a copy in text "
			"mode; 'oncpu record -o FILE -- CMD' makes one");
	if (have < sizeof(h))
		return 0; /* cut */
	if (h.major != TRACE_MAJOR)
		return trace_reader_fail(r, -EPROTO,
					 "it is of format %u.%u and this oncpu reads %u.x; "
					 "use an oncpu as %s as the one that recorded it",
					 h.major, h.minor, TRACE_MAJOR,
					 h.major > TRACE_MAJOR ? "new" : "old");
	r->t->complete = !(h.flags & TRACE_INCOMPLETE);
	return 0;
}

static bool is_of_records(uint32_t kind)
{
	return kind == CHUNK_RECORDS || kind == CHUNK_DECISIONS;
}

static int take_chunk(struct trace_reader *r, uint32_t kind, const unsigned char *raw, size_t size)
{
	if (kind == CHUNK_META) {
		if (r->meta)
			return trace_reader_damaged(r, "a second META chunk");
		r->meta = true;
		return trace_reader_meta(r, (const char *)raw, size);
	}
	if (!r->meta)
		return trace_reader_damaged(r, "the META chunk must come first");
	if (is_of_records(kind))
		return trace_reader_records(r, raw, size);
	if (kind == CHUNK_MARKS)
		return trace_reader_marks(r, (const char *)raw, size);
	if (kind == CHUNK_SYMBOLS) {
		if (r->symbols)
			return trace_reader_damaged(r, "a second SYMBOLS chunk");
		r->symbols = true;
		return trace_reader_symbols(r, (const char *)raw, size);
	}
	r->end = true;
	return trace_reader_end(r, (const char *)raw, size);
}

static int unpack_chunk(struct trace_reader *r, const struct chunk_header *h)
{
	unsigned char *stored = malloc(h->stored + 1ul), *raw = malloc(h->raw + 1ul);
	int err = -ENOMEM;

	if (!stored || !raw)
		goto out;
	err = read_at(r, stored, h->stored, r->offset + sizeof(*h));
	if (err)
		goto out;
	if (ZSTD_decompress(raw, h->raw, stored, h->stored) != h->raw) {
		err = trace_reader_damaged(r, "a chunk that does not unpack to what was packed");
		goto out;
	}
	err = take_chunk(r, h->kind, raw, h->raw);
out:
	free(stored);
	free(raw);
	return err;
}

/* Zeroes pack to nothing: neither a chunk nor many of them may cost more than what is stored. */
static int allow(struct trace_reader *r, const struct chunk_header *h)
{
	r->unpacked += h->raw;
	if (r->unpacked > TRACE_MAX_RAW + r->size * TRACE_MAX_RATIO ||
	    (!is_of_records(h->kind) && h->raw > TRACE_MAX_JSON))
		return trace_reader_damaged(r,
					    "it claims to unpack to more than any recording does");
	return 0;
}

static bool is_known(uint32_t kind)
{
	return kind >= CHUNK_META && kind <= CHUNK_DECISIONS;
}

/* 1: a chunk was read. 0: the file ends here, as it should or cut. */
static int read_chunk(struct trace_reader *r)
{
	struct chunk_header h;
	uint64_t left = r->size - r->offset;
	int err;

	if (left && r->end)
		return trace_reader_damaged(r, "something comes after the END chunk");
	if (left < sizeof(h))
		return 0;
	err = read_at(r, &h, sizeof(h), r->offset);
	if (err)
		return err;
	if (h.check != trace_chunk_check(&h) || h.raw > TRACE_MAX_RAW)
		return trace_reader_damaged(r, "this is not the beginning of a chunk");
	if (h.stored > left - sizeof(h))
		return 0;
	err = allow(r, &h);
	if (err)
		return err;
	if (is_known(h.kind)) {
		err = unpack_chunk(r, &h);
		if (err)
			return err;
	}
	r->offset += sizeof(h) + h.stored;
	return 1;
}

static void find_end(struct trace *t)
{
	const struct trace_stream *s;
	size_t i;

	if (t->end_ns < t->start_ns)
		t->end_ns = t->start_ns;
	for (i = 0; i < t->nr_streams; i++) {
		s = &t->streams[i];
		if (s->n && s->records[s->n - 1].time_ns > t->end_ns)
			t->end_ns = s->records[s->n - 1].time_ns;
	}
}

static int read_file(struct trace_reader *r, const char *path)
{
	int err = open_file(r, path);

	if (err)
		return err;
	err = read_header(r);
	if (err)
		return err;
	r->offset = sizeof(struct trace_header);
	do {
		err = r->offset <= r->size ? read_chunk(r) : 0;
	} while (err > 0);
	if (err)
		return err;
	if (!r->meta)
		return trace_reader_fail(r, -ENODATA,
					 "it is empty, or cut before it says what was "
					 "recorded; record it again");
	if (!r->end)
		r->t->complete = false;
	err = trace_reader_streams(r);
	if (err)
		return err;
	find_end(r->t);
	return 0;
}

static struct trace *new_trace(void)
{
	struct trace *t = calloc(1, sizeof(*t));

	if (!t)
		return NULL;
	t->exit_code = -1;
	t->oncpu_version = strdup("");
	t->command = strdup("");
	t->kernel = strdup("");
	t->arch = strdup("");
	t->start_utc = strdup("");
	if (t->oncpu_version && t->command && t->kernel && t->arch && t->start_utc)
		return t;
	trace_free(t);
	return NULL;
}

int trace_read(struct trace **out, const char *path, char *why, size_t why_size)
{
	struct trace_reader *r = calloc(1, sizeof(*r));
	int err = -ENOMEM;

	*out = NULL;
	if (why_size)
		*why = '\0';
	if (!r)
		goto out;
	r->fd = -1;
	r->why = why;
	r->why_size = why_size;
	r->t = new_trace();
	if (!r->t)
		goto out;
	err = read_file(r, path);
	if (err)
		goto out;
	*out = r->t;
	r->t = NULL;
out:
	if (err && why_size && !*why)
		snprintf(why, why_size, "it cannot be read: %s", strerror(-err));
	if (r) {
		if (r->fd >= 0)
			close(r->fd);
		trace_reader_free_slots(r);
		trace_free(r->t);
	}
	free(r);
	return err;
}

void trace_free(struct trace *t)
{
	size_t i;

	if (!t)
		return;
	for (i = 0; t->streams && i < t->nr_streams; i++)
		free(t->streams[i].records);
	free(t->streams);
	trace_free_marks(t);
	trace_free_policy(t);
	trace_symbols_free(&t->symbols);
	free(t->tasks);
	free(t->oncpu_version);
	free(t->command);
	free(t->kernel);
	free(t->arch);
	free(t->start_utc);
	for (i = 0; i < t->nr_counters; i++)
		free(t->counter_names[i]);
	free(t);
}
