// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lib/clock.h"
#include "lib/heard.h"
#include "record/decisions.h"
#include "record/guard.h"
#include "record/marks.h"
#include "record/meta.h"
#include "record/output.h"
#include "record/session.h"
#include "record/source.h"
#include "record/symbols.h"
#include "record/tasks.h"

#define REST_TRIES    200
#define REST_PAUSE_NS 1000000L

#define MARKS_FEWER \
	2 /* a thread marks less often than a CPU switches, and there are more threads */

/* How long to sleep between two looks at the rings, so that we are hardly seen in the trace. */
#define WAIT_MIN_MS   5u
#define WAIT_START_MS 20u
#define WAIT_MAX_MS   60u
#define DRAIN_WITHIN_MS \
	80u /* a killed recorder loses 100 ms at most; the rest is for the writing */

struct session {
	const struct session_options *o;
	struct source sources[2];
	size_t nr_sources;
	size_t nr_started;
	struct marks *marks;
	struct target target;
	struct guard guard;
	struct trace_writer *writer;
	struct symbols *symbols; /* NULL: addresses stay numbers */
	int write_err;		 /* the recording is over, but not the target */
	bool gave_up;		 /* ... and that was told */
	struct oncpu_record *buffer;
	struct source_options source;
	uint32_t *tids;
	struct meta meta;
	sigset_t signals;
	unsigned int nr_requests; /* of a person's, that it end */
	bool cut;		  /* ... or of who looks on */
	bool timed_out;
};

static int open_source(struct session *s, const struct source_ops *ops, char *why, size_t why_size)
{
	struct source *source = &s->sources[s->nr_sources++];

	*source = (struct source){ .ops = ops, .fd = -1, .counters = &s->o->counters };
	return ops->open(source, &s->source, why, why_size);
}

static int open_sources(struct session *s, char *why, size_t why_size)
{
	int err = 0;

	if (s->o->module)
		err = open_source(s, &source_module, why, why_size);
	if (!err && s->o->bpf)
		err = open_source(s, &source_bpf, why, why_size);
	return err;
}

static int start_sources(struct session *s, char *why, size_t why_size)
{
	int err;

	for (; s->nr_started < s->nr_sources; s->nr_started++) {
		struct source *source = &s->sources[s->nr_started];

		err = source->ops->start(source);
		if (err) {
			snprintf(why, why_size, "cannot start the recorder '%s': %s",
				 source->ops->name, strerror(-err));
			return err;
		}
	}
	return 0;
}

static int write_records(void *writer, enum trace_source source, unsigned int cpu,
			 const struct oncpu_record *r, uint32_t n)
{
	return trace_writer_records(writer, source, cpu, r, n);
}

static rings_put *put_of(const struct session *s)
{
	return s->o->watch ? s->o->watch->put : write_records;
}

static void *put_arg(const struct session *s)
{
	return s->o->watch ? s->o->watch->arg : s->writer;
}

/* Of all CPUs in one stream, as the file has them. */
static int write_decisions(void *writer, enum trace_source source, unsigned int cpu,
			   const struct oncpu_record *r, uint32_t n)
{
	(void)cpu;
	return trace_writer_records(writer, source, 0, r, n);
}

static void drain_decisions(struct session *s)
{
	const struct decisions *d = s->o->watch ? NULL : s->o->decisions;

	if (d && !s->write_err)
		s->write_err = rings_drain(&d->rings, write_decisions, s->writer, TRACE_DECISIONS,
					   s->buffer);
}

static int drain(struct session *s)
{
	uint64_t until_ns = now_ns();
	size_t i;

	for (i = 0; i < s->nr_sources && !s->write_err; i++)
		s->write_err = rings_drain(&s->sources[i].rings, put_of(s), put_arg(s),
					   s->sources[i].ops->id, s->buffer);
	drain_decisions(s);
	if (s->symbols)
		symbols_drain(s->symbols);
	if (s->o->watch)
		s->o->watch->drained(s->o->watch->arg, until_ns);
	return s->write_err;
}

/* The target alone, or the processes that were asked for, with all that they started. */
static int find_tids(struct session *s)
{
	const pid_t *pids = s->o->nr_pids ? s->o->pids : &s->target.pid;
	size_t n = s->o->nr_pids ? s->o->nr_pids : s->target.pid > 0;

	free(s->tids);
	return tasks_tree(pids, n, &s->tids, &s->source.nr_tids);
}

/* Again after the start: a thread that was born in between is in no FORK. */
static int want_tids(struct session *s)
{
	size_t i;
	int err = s->o->nr_pids ? find_tids(s) : 0;

	for (i = 0; !err && i < s->nr_sources; i++)
		source_want(&s->sources[i], s->tids, s->source.nr_tids);
	return err;
}

static void drain_marks(struct session *s, bool last)
{
	if (!s->write_err)
		s->write_err = marks_drain(s->marks, s->writer, last);
}

static uint64_t waiting(const struct session *s)
{
	uint64_t most = 0, n;
	size_t i;

	for (i = 0; i < s->nr_sources; i++) {
		n = rings_waiting(&s->sources[i].rings);
		most = n > most ? n : most;
	}
	n = s->o->decisions ? rings_waiting(&s->o->decisions->rings) : 0;
	return n > most ? n : most;
}

static void stop_sources(struct session *s)
{
	while (s->nr_started > 0) {
		s->nr_started--;
		s->sources[s->nr_started].ops->stop(&s->sources[s->nr_started]);
	}
}

/*
 * The rings are quiet now, or as good as: a probe that was put off the CPU in the middle of a record
 * may still end it. What is not whole after REST_TRIES stays behind, and is counted as lost.
 */
static void drain_rest(struct session *s, uint64_t stop_ns)
{
	const struct timespec pause = { .tv_nsec = REST_PAUSE_NS };
	size_t i;
	int tries;

	for (tries = 0; tries < REST_TRIES && !drain(s) && waiting(s); tries++)
		if (waiting(s) < RINGS_BATCH)
			nanosleep(&pause, NULL);
	if (s->o->decisions && !s->o->watch && !s->write_err)
		s->write_err = rings_drain_end(&s->o->decisions->rings, write_decisions, s->writer,
					       TRACE_DECISIONS, stop_ns);
	for (i = 0; i < s->nr_sources && !s->write_err; i++)
		s->write_err = rings_drain_end(&s->sources[i].rings, put_of(s), put_arg(s),
					       s->sources[i].ops->id, stop_ns);
}

static void block_signals(struct session *s)
{
	sigemptyset(&s->signals);
	sigaddset(&s->signals, SIGINT);
	sigaddset(&s->signals, SIGTERM);
	sigaddset(&s->signals, SIGHUP);
	sigaddset(&s->signals, SIGQUIT);
	sigaddset(&s->signals, SIGCHLD);
	sigprocmask(SIG_BLOCK, &s->signals, NULL);
}

/* Sleeps for a while or until a signal comes, and returns that, or 0. */
static int next_signal(const struct session *s, unsigned int wait_ms)
{
	struct timespec ts = { .tv_nsec = wait_ms * 1000000L };
	int sig = sigtimedwait(&s->signals, NULL, &ts);

	return sig > 0 ? sig : 0;
}

/* The first request to end goes to the target, which may want to tidy up; the second one kills. */
static void pass_on(struct session *s, int sig, unsigned int *nr_requests)
{
	if (sig && sig != SIGCHLD)
		target_signal(&s->target, (*nr_requests)++ ? SIGKILL : sig);
}

/* Before the next look at the rings what is in them would be too old. */
static bool is_due(uint64_t last_ns, unsigned int wait_ms)
{
	return now_ns() - last_ns + wait_ms * 1000000ull > DRAIN_WITHIN_MS * 1000000ull;
}

/* The disk is full, say: nothing more is recorded. That is no reason to end the command. */
static void give_up(struct session *s)
{
	char why[512], text[640];

	stop_sources(s);
	output_explain(s->o->path, s->write_err, why, sizeof(why));
	snprintf(text, sizeof(text), "%s. The command goes on, unrecorded", why);
	if (s->o->tell)
		s->o->tell(text);
	s->gave_up = true;
}

/* What it hangs in is the end of the recording: the kill that ends it is none of its doing. */
static void check_limit(struct session *s)
{
	if (!s->o->argv || s->o->limit_s <= 0 || s->timed_out ||
	    (double)(now_ns() - s->meta.start_ns) < s->o->limit_s * 1e9)
		return;
	s->timed_out = true;
	stop_sources(s);
	target_signal(&s->target, SIGKILL);
}

static unsigned int adapt(unsigned int wait_ms, uint64_t n, uint64_t room)
{
	if (n > room / 4)
		return wait_ms / 2 > WAIT_MIN_MS ? wait_ms / 2 : WAIT_MIN_MS;
	if (n < room / 16)
		return wait_ms * 2 < WAIT_MAX_MS ? wait_ms * 2 : WAIT_MAX_MS;
	return wait_ms;
}

static bool all_ended(const struct session *s)
{
	size_t i;

	for (i = 0; i < s->o->nr_pids; i++)
		if (process_runs(s->o->pids[i]))
			return false;
	return s->o->nr_pids > 0;
}

static bool is_late(const struct session *s)
{
	return s->o->seconds && now_ns() - s->meta.start_ns > s->o->seconds * 1000000000ull;
}

/* Who looks on ends it by a signal, too: the target then ends with it. */
static bool is_cut(const struct session *s, int sig)
{
	return s->o->watch && ((sig && sig != SIGCHLD) || is_late(s) ||
			       !s->o->watch->look(s->o->watch->arg, NULL));
}

/* One look; a signal is passed on to the target, or ends a recording that has none. */
static bool is_over(struct session *s, int sig, struct target_end *end)
{
	if (is_cut(s, sig)) {
		s->cut = true;
		return true;
	}
	if (s->o->argv) {
		pass_on(s, sig, &s->nr_requests);
		return target_ended(&s->target, end);
	}
	*end = (struct target_end){};
	return (sig && sig != SIGCHLD) || all_ended(s) || is_late(s);
}

static void watch_target(struct session *s, struct target_end *end)
{
	const uint64_t room = 1ULL << s->o->source.order;
	unsigned int wait_ms = WAIT_START_MS;
	uint64_t last = now_ns(), n;

	while (!is_over(s, next_signal(s, wait_ms), end)) {
		stay_heard();
		n = s->gave_up ? 0 : waiting(s) + (marks_fill(s->marks) * room >> 8);
		wait_ms = adapt(wait_ms, n, room);
		if (n > room / 4 || is_due(last, wait_ms)) {
			drain(s);
			drain_marks(s, false);
			last = now_ns();
		}
		if (s->write_err && !s->gave_up)
			give_up(s);
		check_limit(s);
		if (s->o->look)
			s->o->look(s->o->look_arg);
	}
}

/* The guard is forked first: it must not hold what the target holds. */
static int start_target(struct session *s, char *why, size_t why_size)
{
	int err = guard_start(&s->guard);

	if (err) {
		snprintf(why, why_size, "cannot fork: %s", strerror(-err));
		return err;
	}
	err = target_fork(&s->target, s->o->argv, s->o->user, why, why_size);
	if (!err)
		guard_target(&s->guard, s->target.pid);
	if (err || !s->o->adopt)
		return err;
	err = s->o->adopt(s->target.pid);
	if (err)
		snprintf(why, why_size, "the command cannot be taken over: %s", strerror(-err));
	return err;
}

/* A program can be recorded without its marks: low limits are no reason to fail. */
static void open_marks(struct session *s)
{
	char why[256];

	if (!marks_open(&s->marks, s->o->source.order - MARKS_FEWER, why, sizeof(why)))
		return;
	marks_close(s->marks);
	s->marks = NULL;
	if (s->o->tell)
		s->o->tell(why);
}

static int begin_watch(struct session *s, char *why, size_t why_size)
{
	const struct session_parts parts = { &s->meta, &s->sources[0], s->symbols };
	int err = s->o->watch->begin(s->o->watch->arg, &parts);

	if (err)
		snprintf(why, why_size, "cannot look on: %s", strerror(-err));
	return err;
}

/* The target has ended, and what it did can still be looked at. */
static void hold(struct session *s, const struct target_end *end)
{
	int sig = 0;

	while ((!sig || sig == SIGCHLD) && s->o->watch->look(s->o->watch->arg, end))
		sig = next_signal(s, WAIT_MAX_MS);
}

/* Everything that can fail before the target runs. The probes are on when it returns. */
static int prepare(struct session *s, char *why, size_t why_size)
{
	char *meta = NULL;
	int err = 0;

	s->buffer = malloc(RINGS_BATCH * sizeof(*s->buffer));
	if (!s->buffer) {
		snprintf(why, why_size, "no memory");
		return -ENOMEM;
	}
	if (s->o->argv && !s->o->watch && s->o->source.types & 1ull << ONCPU_MARK_BEGIN)
		open_marks(s);
	err = s->o->argv ? start_target(s, why, why_size) : 0;
	if (err)
		return err;
	if (symbols_open(&s->symbols))
		s->symbols = NULL;
	s->source = s->o->source;
	err = find_tids(s);
	if (err) {
		snprintf(why, why_size, "cannot read /proc: %s", strerror(-err));
		return err;
	}
	s->source.tids = s->tids;
	err = open_sources(s, why, why_size);
	if (err)
		return err;
	s->meta = (struct meta){ .argv = s->o->argv,
				 .target = s->target.pid,
				 .start_ns = now_ns(),
				 .options = s->o,
				 .sources = s->sources,
				 .nr_sources = s->nr_sources,
				 .marks = s->marks,
				 .counters = &s->o->counters };
	err = start_sources(s, why, why_size);
	if (err)
		return err;
	err = want_tids(s);
	if (!err && s->o->watch)
		return begin_watch(s, why, why_size);
	/* After the start: a task that appears in between is in the scan, in a FORK, or in both. */
	if (!err)
		err = meta_start(&meta, &s->meta);
	if (!err)
		err = trace_writer_open(&s->writer, s->o->path, meta);
	if (err)
		output_explain(s->o->path, err, why, why_size);
	else if (s->symbols)
		trace_writer_tap(s->writer, symbols_see, s->symbols);
	free(meta);
	return err;
}

/* A recording without words for its addresses is one all the same. */
static void write_symbols(struct session *s)
{
	char *json = NULL;
	int err = symbols_finish(s->symbols, 0, &json);

	if (!err)
		err = trace_writer_symbols(s->writer, json);
	if (err)
		fprintf(stderr, "oncpu record: addresses stay numbers: %s\n", strerror(-err));
	free(json);
}

static int finish(struct session *s, const struct target_end *end, char *why, size_t why_size)
{
	char *json = NULL;
	int err = s->write_err;

	if (!err && s->symbols)
		write_symbols(s);
	if (!err)
		err = meta_end(&json, &s->meta, now_ns(), end);
	if (!err)
		err = trace_writer_finish(s->writer, json);
	if (err)
		output_explain(s->o->path, err, why, why_size);
	free(json);
	return err;
}

static void count(const struct session *s, struct session_result *result)
{
	unsigned int cpu;
	size_t i;

	for (i = 0; i < s->nr_sources; i++) {
		const struct source *source = &s->sources[i];
		enum trace_source id = source->ops->id;

		result->recorded[id] = true;
		result->lost[id] = source->missed;
		for (cpu = 0; cpu < source->rings.nr_cpus; cpu++) {
			result->records[id] += source->rings.cpus[cpu].written;
			result->lost[id] += rings_lost(&source->rings, cpu);
		}
	}
	result->records[TRACE_MARKS] = marks_recorded(s->marks);
	result->lost[TRACE_MARKS] = marks_lost(s->marks);
	result->file_bytes = s->o->watch ? 0 : output_size(s->o->path);
}

static int record(struct session *s, struct session_result *result, char *why, size_t why_size)
{
	int err;

	result->released = true;
	if (s->o->argv)
		result->exec_err = target_release(&s->target);
	watch_target(s, &result->end);
	target_kill_left(&s->target);
	stop_sources(s);
	drain_rest(s, now_ns());
	drain_marks(s, true);
	result->nr_left = target_bury(&s->target);
	result->timed_out = s->timed_out;
	result->interrupted = s->nr_requests > 0;
	result->cut = s->cut;
	if (s->o->watch) {
		s->o->watch->drained(s->o->watch->arg, now_ns());
		if (!s->cut)
			hold(s, &result->end);
		count(s, result);
		return 0;
	}
	err = finish(s, &result->end, why, why_size);
	count(s, result);
	return err;
}

int session_run(const struct session_options *o, struct session_result *result, char *why,
		size_t why_size)
{
	struct session s = { .o = o, .target = TARGET_NONE, .guard = { .alive = -1 } };
	int err;

	memset(result, 0, sizeof(*result));
	err = o->watch ? 0 : output_check(o->path, why, why_size);
	if (err)
		return err;
	block_signals(&s);
	err = prepare(&s, why, why_size);
	if (!err)
		err = record(&s, result, why, why_size);
	stop_sources(&s);
	target_bury(&s.target);
	guard_stop(&s.guard);
	while (s.nr_sources > 0) {
		s.nr_sources--;
		s.sources[s.nr_sources].ops->close(&s.sources[s.nr_sources]);
	}
	marks_close(s.marks);
	trace_writer_close(s.writer);
	symbols_close(s.symbols);
	free(s.buffer);
	free(s.tids);
	if (err && !o->watch)
		output_remove_empty(o->path);
	return err;
}
