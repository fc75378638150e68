// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lib/clock.h"
#include "commands/storm.h"
#include "lib/command.h"
#include "lib/trace_reader.h"
#include "model/findings.h"
#include "record/classes.h"
#include "record/how.h"
#include "record/session.h"
#include "record/stacks.h"
#include "record/whom.h"
#include "sched/ext.h"
#include "sched/storm.h"

#define DEFAULT_PATH	     "storm.oncpu"
#define DEFAULT_RUNS	     20
#define DEFAULT_SECONDS_EACH 30
#define ORDER		     15 /* 32768 records a CPU: runs are short, and there are many */
#define OUTPUT_SHOWN	     2000
#define FINDINGS_SHOWN	     8

struct run {
	const struct explore_options *o;
	struct session_options session;
	struct storm *storm;
	uint64_t seed;
	int output; /* what it printed: a file in memory; -1: it was let print */
	struct session_result result;
	bool is_calm; /* the first: what there is to disturb */
	struct storm_counts counts, calm;
	const char *failure; /* NULL: none */
	bool hangs;	     /* it came to its limit, and none of its tasks could go on */
	unsigned int nr_failed, nr_undecided;
	bool asked_for_trace;
	char beside[PATH_MAX];
};

/* What it printed, as a string to be freed. NULL: no memory. */
static char *output_of(const struct run *r)
{
	off_t size = lseek(r->output, 0, SEEK_END);
	char *text = size < 0 ? NULL : calloc(1, (size_t)size + 1);

	if (text && pread(r->output, text, (size_t)size, 0) != size)
		text[0] = '\0';
	return text;
}

static bool printed_as_expected(const struct run *r)
{
	char *text = output_of(r);
	bool same = text && !strcmp(text, r->o->expect);

	free(text);
	return same;
}

static bool can_go_on(const struct thread *t)
{
	const struct interval *last = t->intervals + t->nr_intervals - 1;

	return t->target && t->nr_intervals && last->open &&
	       (last->state == STATE_RUNNING || last->state == STATE_RUNNABLE ||
		last->cause == CAUSE_SLEEP || last->state == STATE_UNKNOWN);
}

/* When its time was over: one that is slow, or that our scheduler kept waiting, is not stuck. */
static bool all_are_stuck(const char *path)
{
	struct model *m = NULL;
	struct trace *t;
	bool stuck = false;
	char why[256];
	size_t i;

	if (trace_read(&t, path, why, sizeof(why)))
		return false;
	if (!model_build(&m, t, 0))
		for (i = 0, stuck = true; i < m->nr_threads && stuck; i++)
			stuck = !can_go_on(&m->threads[i]);
	model_free(m);
	trace_free(t);
	return stuck;
}

static const char *failure_of(const struct run *r)
{
	if (r->result.timed_out)
		return r->hangs ? "it hangs" : NULL;
	if (r->result.end.signal)
		return "it was killed by a signal";
	if (r->result.end.code && !r->o->any_exit_status)
		return "its exit status is not 0";
	if (r->o->expect && !printed_as_expected(r))
		return "it printed something else than expected";
	return NULL;
}

/* Its standard output is ours: there it goes to a file while it runs. 0 or -errno. */
static int catch_output(struct run *r, int *own)
{
	*own = -1;
	r->output = -1;
	if (r->o->show_output)
		return 0;
	r->output = memfd_create("output", MFD_CLOEXEC);
	*own = dup(STDOUT_FILENO);
	if (r->output < 0 || *own < 0)
		return -errno;
	fflush(stdout);
	return dup2(r->output, STDOUT_FILENO) < 0 ? -errno : 0;
}

static void release_output(int own)
{
	if (own < 0)
		return;
	dup2(own, STDOUT_FILENO);
	close(own);
}

static int record(struct run *r, char *why, size_t why_size)
{
	int own, err = catch_output(r, &own);

	if (err)
		snprintf(why, why_size, "its output cannot be caught: %s", strerror(-err));
	else
		err = session_run(&r->session, &r->result, why, why_size);
	release_output(own);
	if (!err && r->result.exec_err) {
		err = r->result.exec_err;
		snprintf(why, why_size, "cannot run %s: %s", r->session.argv[0], strerror(-err));
	}
	return err;
}

/* One run in the weather of its seed. -errno, and why, where it tells nothing of the program. */
static int run_once(struct run *r, char *why, size_t why_size)
{
	int err;

	if (r->is_calm)
		storm_calm(r->storm);
	else
		storm_brew(r->storm, r->seed, &r->calm, r->session.limit_s / 4);
	err = record(r, why, why_size);
	storm_count(r->storm, &r->counts);
	if (!err && storm_was_thrown_out(r->storm, why, why_size))
		err = -ECANCELED;
	r->hangs = !err && r->result.timed_out && all_are_stuck(r->session.path);
	r->nr_undecided += !err && r->result.timed_out && !r->hangs;
	r->failure = err || r->result.interrupted ? NULL : failure_of(r);
	return err;
}

static void print_findings(const struct model *m)
{
	struct finding *findings = NULL;
	char sentence[FINDING_SENTENCE];
	size_t n = 0, i;

	if (model_findings(&findings, &n, m))
		return;
	for (i = 0; i < n && i < FINDINGS_SHOWN; i++)
		if (finding_sentence(m, &findings[i], sentence, sizeof(sentence)) >= 0)
			printf("  %s\n", sentence);
	if (n > FINDINGS_SHOWN)
		printf("  and %zu more: oncpu report tells\n", n - FINDINGS_SHOWN);
	free(findings);
}

/* Who waits for whom. The scheduler's own doing (starvation) is told, too: it is what happened. */
static void tell_trace(const char *path)
{
	struct model *m = NULL;
	struct trace *t;
	char why[256];

	if (trace_read(&t, path, why, sizeof(why))) {
		printf("  %s: %s\n", path, why);
		return;
	}
	if (!model_build(&m, t, 0))
		print_findings(m);
	model_free(m);
	trace_free(t);
}

static void tell_output(const struct run *r)
{
	char *text = r->output < 0 ? NULL : output_of(r);

	if (text && *text)
		printf("It printed:\n%.*s%s", OUTPUT_SHOWN, text,
		       strlen(text) > OUTPUT_SHOWN ? "...\n" : "");
	free(text);
}

static void tell_end(const struct run *r)
{
	const struct target_end *end = &r->result.end;

	if (r->result.timed_out)
		printf(" (%g s)", r->session.limit_s);
	else if (end->signal)
		printf(" (%d, %s)", end->signal, strsignal(end->signal));
	else if (end->code > 0)
		printf(" (%d)", end->code);
}

static void tell_weather(const struct run *r)
{
	const struct storm_counts *c = &r->counts;
	char weather[192];

	storm_describe(r->storm, weather, sizeof(weather));
	printf("The weather of seed %llu: %s\n"
	       "  %llu times queued, %llu of them held back, %llu at a system call; %llu eras\n",
	       (unsigned long long)r->seed, weather, (unsigned long long)c->nr_queued,
	       (unsigned long long)c->nr_held, (unsigned long long)c->nr_stalled,
	       (unsigned long long)c->nr_eras);
}

static void tell_failure(const struct run *r, unsigned int number)
{
	if (r->is_calm)
		printf("It fails in calm weather: %s", r->failure);
	else
		printf("Run %u failed: %s", number, r->failure);
	tell_end(r);
	printf("\n");
	if (!r->is_calm)
		tell_weather(r);
	tell_output(r);
	tell_trace(r->session.path);
	printf("What happened: oncpu view %s\n", r->session.path);
	if (!r->is_calm)
		printf("The same weather: --storm --seed %llu; that it fails again is likely, not "
		       "sure\n",
		       (unsigned long long)r->seed);
}

static int prepare(struct run *r, char *why, size_t why_size)
{
	struct whom whom = { .o = &r->session };

	how_one_recorder(&r->session);
	stacks_default(&r->session.source);
	return whom_finish(&whom, why, why_size);
}

/* The trace of the first failure stays where it was asked for; later ones go beside it, and go. */
static void keep_trace(struct run *r, unsigned int number)
{
	if (r->nr_failed++)
		return;
	tell_failure(r, number);
	snprintf(r->beside, sizeof(r->beside), "%s~", r->session.path);
	r->session.path = r->beside;
}

static bool is_over(const struct run *r, unsigned int nr, double start)
{
	return nr == (r->o->nr_schedules ? r->o->nr_schedules : DEFAULT_RUNS) ||
	       (r->nr_failed && !r->o->keep_going) ||
	       (r->o->seconds > 0 && now_s() - start > r->o->seconds);
}

static void tell_all(const struct run *r, unsigned int nr, double seconds)
{
	printf("%u run%s in %.1f s: ", nr, nr == 1 ? "" : "s", seconds);
	if (r->nr_failed)
		printf("%u failed\n", r->nr_failed);
	else
		printf("none failed, which proves nothing\n");
	if (r->nr_undecided)
		printf("%u came to the limit of %g s and could still go on: they decide nothing "
		       "(--seconds-each)\n",
		       r->nr_undecided, r->session.limit_s);
}

/* 0: that was a run, failed or not. */
static int try_once(struct run *r, unsigned int number, char *why, size_t why_size)
{
	int err = run_once(r, why, why_size);

	if (!err && r->result.interrupted) {
		snprintf(why, why_size, "interrupted in run %u", number);
		err = -EINTR;
	}
	if (r->failure)
		keep_trace(r, number);
	if (r->output >= 0)
		close(r->output);
	return err;
}

static int run_all(struct run *r, char *why, size_t why_size)
{
	double start = now_s();
	unsigned int nr = 0;
	int err;

	r->is_calm = true;
	err = try_once(r, 0, why, why_size);
	r->is_calm = false;
	r->calm = r->counts;
	for (; !err && !is_over(r, nr, start); r->seed++)
		err = try_once(r, ++nr, why, why_size);
	if (r->nr_failed ? r->session.path == r->beside : !r->asked_for_trace)
		unlink(r->session.path);
	if (!err)
		tell_all(r, nr, now_s() - start);
	return err;
}

int storm_about(const struct explore_options *o, char *const *argv, const char *path)
{
	struct run r = { .o = o,
			 .seed = o->seed,
			 .asked_for_trace = path,
			 .session = { .path = path ? path : DEFAULT_PATH,
				      .argv = argv,
				      .limit_s = o->seconds_each > 0 ? o->seconds_each
								     : DEFAULT_SECONDS_EACH,
				      .adopt = ext_take,
				      .source = { .order = ORDER, .types = types_of_default() } } };
	char why[512] = "";
	int err;

	if (ext_check(why, sizeof(why))) {
		fprintf(stderr, "oncpu explore: --storm: %s\n", why);
		return EXIT_SKIPPED;
	}
	signal(SIGPIPE, SIG_IGN);
	err = prepare(&r, why, sizeof(why));
	if (!err)
		err = storm_begin(&r.storm, why, sizeof(why));
	if (!err)
		err = run_all(&r, why, sizeof(why));
	storm_end(r.storm);
	if (!err)
		return r.nr_failed ? EXIT_FAILED : EXIT_OK;
	fprintf(stderr, "oncpu explore: --storm: %s\n", why);
	return EXIT_ENVIRON;
}
