/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The trace file (.oncpu): the only thing that views and verdicts read.
 *
 * Layout, little-endian, the structs below without holes:
 *
 *   struct trace_header
 *   chunk*              struct chunk_header, then .stored bytes: one zstd frame
 *                       (with its checksum) that unpacks to .raw bytes
 *
 * chunk_header.check is FNV-1a, 32 bits, of the 12 bytes before it: hash = 2166136261, then for each
 * byte hash = (hash ^ byte) * 16777619 modulo 2^32. A wrong one is damage; a file that ends within a
 * chunk, header or frame, was cut there, and what came before is as good as it was. Nothing may come
 * after END. JSON is UTF-8; in names, what was no UTF-8 came as '?'.
 *
 * Kinds of chunk, told by chunk_header.kind:
 *   META    JSON object: what was recorded, where, by whom. Comes first, once.
 *           {"oncpu":"0.1", "command":["./a.out","7"], "target_tid":123,
 *            "machine":{"kernel":"7.3.4","arch":"x86_64","cpus":2,"host":"..."},
 *            "clock":"CLOCK_MONOTONIC", "start_ns":N, "start_utc":"2026-01-02T03:04:05Z",
 *            "sources":["module","bpf"],
 *            "classes":["sched","task",...],                             of events that were asked for
 *            "filter":{"switches":"all","self":false,"recorder":122,     of whom; no more members:
 *             "trees":[123],"comm":"worker","cgroup":45,"cpus":[0,1]},   of the whole system
 *            "missing":[{"source":"bpf","event":"contended_release","why":"..."}, ...]   asked for
 *            "counters":["page-faults", ...]   by index; where none were asked for, it is missing
 *            "not_counted":[{"name":"cycles", "why":"..."}, ...],
 *            "policy":{"name":"mlfq","text":"...","queues":3,"knobs":{"slice_us":5000},
 *             "why":[[1,"it is new"], ...]},            the scheduler it ran under; decision.why is such an id
 *            "tasks":[{"tid":1,"tgid":1,"ppid":0,"comm":"init"}, ...]}   alive at the start; in a
 *           trace that begins in the middle of a recording also "state", what it did then:
 *           "running" or "runnable" (on "cpu":N), "sleeping" (in a futex wait: "futex":"0x..."),
 *           "blocked", "stopped".
 *   RECORDS struct records_header, then n records of one source on one CPU in the
 *           order of that ring, column by column (trace_columns.h) because columns of
 *           like values compress to a fraction of rows. Chunks come in any order but that
 *           of one ring; a record may be a little older than the one before it, where an
 *           interrupt came in between: a reader sorts each stream by time, stably.
 *           A LOST record says which of this stream's records are missing; see END.
 *   MARKS   JSON object: {"names":["fill", "drain"]}. The names of marks, before the first
 *           record that uses them; those of a later chunk go on where this one ended.
 *           Marks are RECORDS of source 3, CPU 0: MARK_* rows, mark.name counts the names.
 *   DECISIONS as RECORDS, of source 4, CPU 0: what the scheduler that META's "policy" tells of decided
 *           (DECISION rows; format 2.2).
 *   SYMBOLS JSON object: what addresses mean. At most once, after all records. Addresses and ids are
 *           strings in hex. "user", "kernel": indices into "frames", innermost first; "whole": up
 *           to where the thread began; "at": which of "user" called into the library that waits,
 *           "kind": for what, by the function it called. "variables": global and static ones
 *           that hold a word that was waited for, in the process tgid from from_ns until to_ns;
 *           "kind" and "base": the lock there, by the variable's type, and where it begins.
 *           {"frames":[{"function":"put","file":"/src/queue.c","line":42,"module":"a.out",
 *                       "offset":"0x1139"}, ...],
 *            "stacks":[{"id":"0x...","kernel":[0],"user":[1,2],"whole":true,"kind":"mutex",
 *                       "at":1}, ...],
 *            "variables":[{"tgid":7,"from_ns":N,"to_ns":N,"address":"0x...",
 *                          "name":"queue.lock","kind":"mutex","base":"0x..."}, ...]}
 *           Members that are not known are not there.
 *   END     JSON object: how it ended. Comes last, once; without it, or with
 *           TRACE_INCOMPLETE still set, the recorder did not finish.
 *           {"end_ns":N, "exit":{"code":0} or {"signal":9}, "sources":[{"name":"bpf",
 *            "missed":0, "cpus":[{"cpu":0,"records":10,"lost":0}, ...]}, ...]}
 *           records: as many must be in the file, else it is incomplete. lost: of that stream,
 *           those that LOST records tell of included: what is beyond was lost nobody knows
 *           when. missed: lost besides, nobody knows on which CPU, either.
 *
 * A recorder writes what it has at least every 100 ms, in whole chunks: one that is killed leaves a
 * file that was cut, or ends with a whole chunk, and lacks END. Only a finished file has its mark
 * TRACE_INCOMPLETE cleared, and only after all else has reached the disk.
 *
 * Version rule: a reader refuses another major; it reads any minor. Within a major it skips
 * chunks and JSON members that it does not know, and record types it does not know reach nobody
 * (they count as records of END). So a writer that adds a kind of chunk, a member, or a type of
 * record with a new id raises the minor; one that changes what an old one means, its size or its
 * place, raises the major. Ids are never used again.
 */
#ifndef ONCPU_LIB_TRACE_H
#define ONCPU_LIB_TRACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <oncpu/record.h>

#define TRACE_MAGIC	 "\x89oncpu\r\n" /* 8 bytes: not text, and harmed by a text-mode copy */
#define TRACE_MAJOR	 2
#define TRACE_MINOR	 2
#define TRACE_INCOMPLETE 0x1u

struct trace_header {
	char magic[8];
	uint16_t major, minor;
	uint32_t flags; /* TRACE_INCOMPLETE from creation until the very end */
};

enum chunk_kind {
	CHUNK_META = 1,
	CHUNK_RECORDS = 2,
	CHUNK_END = 3,
	CHUNK_SYMBOLS = 4,
	CHUNK_MARKS = 5,
	CHUNK_DECISIONS = 6,
};

struct chunk_header {
	uint32_t kind;
	uint32_t stored; /* bytes that follow */
	uint32_t raw;	 /* bytes after unpacking, at most TRACE_MAX_RAW */
	uint32_t check;	 /* trace_chunk_check(): a damaged length or kind must not pass as a cut */
};
#define TRACE_MAX_RAW	   (64u << 20)
#define TRACE_MAX_JSON	   (16u << 20) /* unpacked META and END: as a tree they are 25 times that */
#define TRACE_MAX_RATIO	   50u /* all chunks unpack to TRACE_MAX_RAW + that times the file */
#define TRACE_MAX_CPUS	   8192u
#define TRACE_MAX_LOST	   (1ull << 40) /* of a stream: more is told as this */
#define TRACE_MAX_NAMES	   65536u	/* of marks, and of texts of decisions */
#define TRACE_MAX_COUNTERS 8u
#define TRACE_MAX_RECORDS  (64u << 20) /* 2 GB in a reader: a small file can claim any number */

/* MARKS are no recorder's: the program wrote them (oncpu/mark.h); DECISIONS are a scheduler's. */
enum trace_source {
	TRACE_MODULE = 1,
	TRACE_BPF = 2,
	TRACE_MARKS = 3,
	TRACE_DECISIONS = 4,
	TRACE_NR_SOURCES = 5
};

struct records_header {
	uint16_t cpu;
	uint8_t source; /* enum trace_source */
	uint8_t pad0;
	uint32_t n;
	uint64_t pad1;
};

/*
 * Writing. All return 0 or -errno (-ENOSPC is what a full disk says). The first error sticks:
 * every later call returns it, and whatever was written before it stays readable.
 * trace_writer_records() makes a chunk of each call: give it a thousand records or more at a time
 * where you can, small chunks pack badly. trace_writer_finish() writes END and clears
 * TRACE_INCOMPLETE. trace_writer_close() frees, always, and is NULL-safe; without finish before it
 * the file stays marked as incomplete.
 */
struct trace_writer;
int trace_writer_open(struct trace_writer **out, const char *path, const char *meta_json);
int trace_writer_records(struct trace_writer *w, enum trace_source source, unsigned int cpu,
			 const struct oncpu_record *r, uint32_t n);
int trace_writer_marks(struct trace_writer *w, const char *marks_json);
int trace_writer_symbols(struct trace_writer *w, const char *symbols_json);
int trace_writer_finish(struct trace_writer *w, const char *end_json);
/* Shows all records that are written to somebody else, too. */
typedef void trace_tap(void *arg, enum trace_source source, unsigned int cpu,
		       const struct oncpu_record *r, uint32_t n);
void trace_writer_tap(struct trace_writer *w, trace_tap *tap, void *arg);
void trace_writer_close(struct trace_writer *w);

/* Reading: the whole file at once. One stream is what one source wrote on one CPU. */
struct trace_stream {
	enum trace_source source;
	unsigned int cpu;
	uint64_t lost;	  /* as END tells it, or its LOST records where they tell of more */
	uint64_t untimed; /* part of it: no LOST record tells when */
	size_t n;
	struct oncpu_record *records; /* in the ring's order, time never decreasing */
};

enum trace_task_state { /* what a task did at the start */
			TRACE_TASK_UNKNOWN,
			TRACE_TASK_RUNNING,
			TRACE_TASK_RUNNABLE,
			TRACE_TASK_SLEEPING,
			TRACE_TASK_BLOCKED,
			TRACE_TASK_STOPPED,
			TRACE_TASK_STATES
};

struct trace_task {
	uint32_t tid, tgid, ppid;
	uint32_t cpu;	/* RUNNING, RUNNABLE: where; TRACE_MAX_CPUS: not known */
	uint64_t futex; /* SLEEPING: in a wait for it; 0: not known */
	enum trace_task_state state;
	char comm[ONCPU_COMM_LEN];
};

struct trace_frame { /* texts: "" where not known */
	char *function, *file, *module;
	uint32_t line;	 /* 0: not known */
	uint64_t offset; /* in the module; of the kernel: in the function */
};

struct trace_stack {
	uint64_t id;
	uint32_t *frames; /* indices: nr_kernel, then nr_user */
	uint32_t nr_kernel, nr_user;
	int32_t at;   /* of the user's: who called into the library; -1: not known */
	uint8_t kind; /* ONCPU_ULOCK_* that was called for; 0: not known */
	bool whole;
};

struct trace_variable {
	uint64_t address, from_ns, to_ns;
	uint64_t base; /* with kind */
	uint32_t tgid;
	uint8_t kind; /* ONCPU_ULOCK_*; 0: not known */
	char *name;
};

struct trace_symbols {
	struct trace_frame *frames;
	struct trace_stack *stacks;	  /* by id */
	struct trace_variable *variables; /* by address, tgid, from_ns */
	size_t nr_frames, nr_stacks, nr_variables;
};

struct trace_why { /* a text that decisions name by its id; # in it is their number */
	uint16_t id;
	char *text;
};

struct trace_knob {
	char *name;
	uint64_t value;
};

struct trace_policy { /* the scheduler of ours that it ran under; name NULL: none */
	char *name, *text;
	struct trace_knob *knobs;
	struct trace_why *why; /* by id */
	size_t nr_knobs, nr_why;
	uint32_t nr_queues; /* 0: not known */
};

struct trace {
	bool complete;
	char *oncpu_version, *command, *kernel, *arch,
		*start_utc; /* never NULL; command joined by spaces */
	unsigned int nr_cpus;
	uint32_t target_tid;	    /* 0: none */
	uint64_t start_ns, end_ns;  /* end_ns: the last record's time where END is missing */
	int exit_code, exit_signal; /* of the command; -1 and 0 where unknown */
	/* Bit (1 << type): was asked for, and is not among that source's records: it could not be had. */
	uint64_t missing[TRACE_NR_SOURCES];
	struct trace_task *tasks; /* alive at the start, by tid */
	size_t nr_tasks;
	struct trace_stream *streams; /* by source, then CPU; marks are none of them */
	size_t nr_streams;
	uint64_t missed[TRACE_NR_SOURCES]; /* lost besides, nobody knows on which CPU and when */
	char *counter_names[TRACE_MAX_COUNTERS];
	size_t nr_counters;
	struct trace_stream marks; /* of all threads, by time */
	char **mark_names;	   /* what mark.name counts; it may be any number */
	size_t nr_mark_names;
	struct trace_policy policy;
	struct trace_stream decisions; /* of that, about all threads, by time */
	struct trace_symbols symbols;  /* all empty where nothing is known */
};

/*
 * 0, or -errno with a sentence for a person in why (what is wrong and the mend).
 * A file cut anywhere gives what was whole before the cut, complete = false; -ENODATA if META was
 * not. So does one that has fewer records than its END promises.
 * A file that is damaged inside gives -EBADMSG, one of another major version -EPROTO.
 * One of more than TRACE_MAX_RECORDS gives -EFBIG, one that unpacks to more than TRACE_MAX_RATIO
 * allows -EBADMSG: so memory is bounded, and for a small file by little.
 * Text is clean for any view (lib/text.h).
 */
int trace_read(struct trace **out, const char *path, char *why, size_t why_size);
void trace_free(struct trace *t);

/* NULL: not known. */
const struct trace_stack *trace_stack(const struct trace *t, uint64_t id);
const struct trace_variable *trace_variable(const struct trace *t, uint32_t tgid, uint64_t address,
					    uint64_t time_ns);

/* "running"...; NULL of UNKNOWN. */
const char *trace_task_state_name(enum trace_task_state state);

/* "mutex", "rwlock"... of ONCPU_ULOCK_*; "futex" of another number. And back; 0: none of them. */
const char *trace_lock_name(unsigned int kind);
unsigned int trace_lock_kind(const char *name);

#endif
