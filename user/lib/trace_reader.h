/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the files of the trace reader share; for user/lib/trace_*.c only.
 *
 *   trace_read.c    the file: chunks, limits, sentences
 *   trace_json.c    META and END
 *   trace_symbols.c SYMBOLS
 *   trace_stream.c  records, sorted into streams
 *   trace_marks.c   the names of marks
 *   trace_policy.c  META's "policy"
 */
#ifndef ONCPU_LIB_TRACE_READER_H
#define ONCPU_LIB_TRACE_READER_H

#include <jansson.h>

#include "lib/trace.h"

struct slot { /* a stream as it grows */
	struct trace_stream stream;
	size_t capacity;
	uint64_t seen;	   /* records in the file, unknown types included */
	uint64_t promised; /* records that END says were written */
};

struct trace_reader {
	struct trace *t;
	int fd;
	uint64_t size, offset;	 /* of the file; of the chunk being read */
	bool meta, symbols, end; /* seen */
	uint64_t nr_records;	 /* seen, in all streams */
	uint64_t unpacked;	 /* bytes of all chunks so far, as they claim */
	char *why;
	size_t why_size;
	struct slot *slots[TRACE_NR_SOURCES][TRACE_MAX_CPUS];
};

/* Says why as printf does and returns err. */
__attribute__((format(printf, 3, 4))) int trace_reader_fail(struct trace_reader *r, int err,
							    const char *format, ...);
/* -EBADMSG with the offset, what is wrong there, and the mend. */
int trace_reader_damaged(struct trace_reader *r, const char *what);

int trace_reader_meta(struct trace_reader *r, const char *json, size_t size);
int trace_reader_marks(struct trace_reader *r, const char *json, size_t size);
void trace_free_marks(struct trace *t);
/* policy: that member of META's, or NULL. */
int trace_reader_policy(struct trace_reader *r, const json_t *policy);
void trace_free_policy(struct trace *t);
int trace_reader_end(struct trace_reader *r, const char *json, size_t size);

int trace_reader_symbols(struct trace_reader *r, const char *json, size_t size);
void trace_symbols_free(struct trace_symbols *s);

int trace_reader_slot(struct trace_reader *r, struct slot **out, uint64_t source, uint64_t cpu);
int trace_reader_records(struct trace_reader *r, const unsigned char *raw, size_t size);
/* Sorts each stream by time and hands all to r->t. */
int trace_reader_streams(struct trace_reader *r);
void trace_reader_free_slots(struct trace_reader *r);

#endif
