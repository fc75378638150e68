// SPDX-License-Identifier: GPL-2.0
/*
 * Writing a trace file. The header says TRACE_INCOMPLETE until everything else is on the disk.
 * The first error sticks: a chunk that was half written must stay the file's end, so that the
 * reader sees a cut there and not garbage.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zstd.h>

#include "lib/trace_columns.h"

#define LEVEL	    3 /* zstd's: 1 packs 3 % worse and no faster, 6 packs 5 % better at half the speed */
#define CHUNK_MAX_N 32768u /* most in a chunk: 1 MB of memory here and in the reader */
#define CHUNK_RAW   (sizeof(struct records_header) + CHUNK_MAX_N * TRACE_PACKED_SIZE)

struct trace_writer {
	int fd;
	int err; /* the first error, or 0 */
	trace_tap *tap;
	void *tap_arg;
	ZSTD_CCtx *zstd;
	unsigned char *raw;    /* CHUNK_RAW bytes */
	unsigned char *stored; /* of stored_size: header and frame, to go out in one write */
	size_t stored_size;
};

static int write_all(int fd, const void *data, size_t size)
{
	const char *p = data;
	ssize_t n;

	while (size > 0) {
		n = write(fd, p, size);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (n == 0)
			return -EIO;
		p += n;
		size -= (size_t)n;
	}
	return 0;
}

static int reserve_stored(struct trace_writer *w, size_t raw_size)
{
	size_t need = sizeof(struct chunk_header) + ZSTD_compressBound(raw_size);
	unsigned char *bigger;

	if (need <= w->stored_size)
		return 0;
	bigger = realloc(w->stored, need);
	if (!bigger)
		return -ENOMEM;
	w->stored = bigger;
	w->stored_size = need;
	return 0;
}

static int write_chunk(struct trace_writer *w, enum chunk_kind kind, const void *raw, size_t size)
{
	struct chunk_header *h;
	size_t frame;
	int err;

	if (size >
	    (kind == CHUNK_RECORDS || kind == CHUNK_DECISIONS ? TRACE_MAX_RAW : TRACE_MAX_JSON))
		return -E2BIG;
	err = reserve_stored(w, size);
	if (err)
		return err;
	h = (struct chunk_header *)w->stored;
	frame = ZSTD_compress2(w->zstd, h + 1, w->stored_size - sizeof(*h), raw, size);
	if (ZSTD_isError(frame))
		return -ENOMEM; /* the room suffices and the parameters are valid: nothing else is left */
	*h = (struct chunk_header){ .kind = kind,
				    .stored = (uint32_t)frame,
				    .raw = (uint32_t)size };
	h->check = trace_chunk_check(h);
	return write_all(w->fd, w->stored, sizeof(*h) + frame);
}

static int write_header(struct trace_writer *w)
{
	struct trace_header h = {
		.major = TRACE_MAJOR,
		.minor = TRACE_MINOR,
		.flags = TRACE_INCOMPLETE,
	};

	memcpy(h.magic, TRACE_MAGIC, sizeof(h.magic));
	return write_all(w->fd, &h, sizeof(h));
}

static int set_up(struct trace_writer *w)
{
	w->raw = malloc(CHUNK_RAW);
	w->zstd = ZSTD_createCCtx();
	if (!w->raw || !w->zstd)
		return -ENOMEM;
	if (ZSTD_isError(ZSTD_CCtx_setParameter(w->zstd, ZSTD_c_compressionLevel, LEVEL)) ||
	    ZSTD_isError(ZSTD_CCtx_setParameter(w->zstd, ZSTD_c_checksumFlag, 1)))
		return -EINVAL;
	return 0;
}

int trace_writer_open(struct trace_writer **out, const char *path, const char *meta_json)
{
	struct trace_writer *w = calloc(1, sizeof(*w));
	int err;

	*out = NULL;
	if (!w)
		return -ENOMEM;
	w->fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (w->fd < 0) {
		err = -errno;
		goto out;
	}
	err = set_up(w);
	if (err)
		goto out;
	err = write_header(w);
	if (err)
		goto out;
	err = write_chunk(w, CHUNK_META, meta_json, strlen(meta_json));
	if (err)
		goto out;
	*out = w;
	return 0;
out:
	trace_writer_close(w);
	return err;
}

int trace_writer_records(struct trace_writer *w, enum trace_source source, unsigned int cpu,
			 const struct oncpu_record *r, uint32_t n)
{
	struct records_header h = { .cpu = (uint16_t)cpu, .source = (uint8_t)source };
	const struct oncpu_record *all = r;
	const uint32_t nr = n;

	if (source <= 0 || source >= TRACE_NR_SOURCES || cpu >= TRACE_MAX_CPUS)
		return -EINVAL;
	while (n > 0 && !w->err) {
		h.n = n < CHUNK_MAX_N ? n : CHUNK_MAX_N;
		memcpy(w->raw, &h, sizeof(h));
		trace_pack(w->raw + sizeof(h), r, h.n);
		w->err = write_chunk(w, source == TRACE_DECISIONS ? CHUNK_DECISIONS : CHUNK_RECORDS,
				     w->raw, sizeof(h) + (size_t)h.n * TRACE_PACKED_SIZE);
		r += h.n;
		n -= h.n;
	}
	/* It may take its time: a recorder that is killed meanwhile has written them. */
	if (w->tap && !w->err)
		w->tap(w->tap_arg, source, cpu, all, nr);
	return w->err;
}

int trace_writer_marks(struct trace_writer *w, const char *marks_json)
{
	if (!w->err)
		w->err = write_chunk(w, CHUNK_MARKS, marks_json, strlen(marks_json));
	return w->err;
}

void trace_writer_tap(struct trace_writer *w, trace_tap *tap, void *arg)
{
	w->tap = tap;
	w->tap_arg = arg;
}

int trace_writer_symbols(struct trace_writer *w, const char *symbols_json)
{
	if (!w->err)
		w->err = write_chunk(w, CHUNK_SYMBOLS, symbols_json, strlen(symbols_json));
	return w->err;
}

/* A pipe or a device cannot sync: that is no failure of writing. */
static int sync_data(int fd)
{
	if (fdatasync(fd) && errno != EINVAL && errno != ENOTSUP)
		return -errno;
	return 0;
}

static int clear_incomplete(int fd)
{
	uint32_t flags = 0;
	ssize_t n;

	n = pwrite(fd, &flags, sizeof(flags), offsetof(struct trace_header, flags));
	if (n < 0)
		return -errno;
	return n == sizeof(flags) ? 0 : -EIO;
}

/* The order matters: the mark may go only after what it vouches for has reached the disk. */
static int finish(struct trace_writer *w, const char *end_json)
{
	int err;

	if (w->err)
		return w->err;
	err = write_chunk(w, CHUNK_END, end_json, strlen(end_json));
	if (err)
		return err;
	err = sync_data(w->fd);
	if (err)
		return err;
	err = clear_incomplete(w->fd);
	if (err)
		return err;
	return sync_data(w->fd);
}

int trace_writer_finish(struct trace_writer *w, const char *end_json)
{
	w->err = finish(w, end_json);
	return w->err;
}

void trace_writer_close(struct trace_writer *w)
{
	if (!w)
		return;
	if (w->fd >= 0)
		close(w->fd);
	ZSTD_freeCCtx(w->zstd);
	free(w->raw);
	free(w->stored);
	free(w);
}
