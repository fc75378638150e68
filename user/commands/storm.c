// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "commands/storm.h"
#include "lib/command.h"
#include "lib/trace_reader.h"
#include "model/findings.h"
#include "record/classes.h"
#include "record/session.h"
#include "record/stacks.h"
#include "record/whom.h"
#include "sched/ext.h"
#include "sched/storm.h"

#define DEFAULT_PATH	     "storm.oncpu"
#define DEFAULT_RUNS	     20
#define DEFAULT_SECONDS_EACH 10
#define ORDER		     15 /* 32768 records a CPU: runs are short, and there are many */
#define OUTPUT_SHOWN	     2000
#define FINDINGS_SHOWN	     8

struct run {
	const struct explore_options *o;
	struct session_options session;
	uint64_t seed;
	int output; /* what it printed: a file in memory; -1: it was let print */
	struct session_result result;
	struct storm_counts counts;
	const char *failure; /* NULL: none */
};

static double now_s(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

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

static const char *failure_of(const struct run *r)
{
	if (r->result.timed_out)
		return "it did not end in time";
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
	struct storm *storm;
	char reason[256];
	int err = storm_begin(&storm, r->seed, why, why_size);

	if (err)
		return err;
	err = record(r, why, why_size);
	storm_count(storm, &r->counts);
	if (!err && storm_was_thrown_out(storm, reason, sizeof(reason))) {
		snprintf(why, why_size, "the kernel threw the scheduler out: %s", reason);
		err = -ECANCELED;
	}
	storm_end(storm);
	if (!err)
		r->failure = failure_of(r);
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

static void tell_failure(const struct run *r, unsigned int number)
{
	const struct target_end *end = &r->result.end;

	printf("Run %u failed: %s", number, r->failure);
	if (!r->result.timed_out && end->signal)
		printf(" (%d, %s)", end->signal, strsignal(end->signal));
	else if (end->code > 0)
		printf(" (%d)", end->code);
	printf("\n  seed %llu, %s: %llu times queued, %llu of them held back, %llu change points\n",
	       (unsigned long long)r->seed, storm_weather(r->seed),
	       (unsigned long long)r->counts.nr_queued, (unsigned long long)r->counts.nr_held,
	       (unsigned long long)r->counts.nr_eras);
	tell_output(r);
	tell_trace(r->session.path);
	printf("What happened: oncpu view %s\n"
	       "The same weather: --storm --schedules 1 --seed %llu; that it fails again is "
	       "likely, "
	       "not sure\n",
	       r->session.path, (unsigned long long)r->seed);
}

static int prepare(struct run *r, char *why, size_t why_size)
{
	struct whom whom = { .o = &r->session };

	/* One recorder is enough evidence. The probes take seconds to load in an emulated machine. */
	r->session.module = !access(ONCPU_DEVICE, F_OK);
	r->session.bpf = !r->session.module;
	stacks_default(&r->session.source);
	return whom_finish(&whom, why, why_size);
}

static int run_all(struct run *r, unsigned int nr_runs, char *why, size_t why_size)
{
	double start = now_s();
	unsigned int i;
	int err = 0;

	for (i = 0; i < nr_runs && !err && !r->failure; i++, r->seed++) {
		if (r->o->seconds > 0 && now_s() - start > r->o->seconds)
			break;
		err = run_once(r, why, why_size);
		if (!err && r->result.interrupted) {
			snprintf(why, why_size, "interrupted in run %u", i + 1);
			err = -EINTR;
		}
		if (!err && r->failure)
			tell_failure(r, i + 1);
		else
			unlink(r->session.path);
		if (r->output >= 0)
			close(r->output);
	}
	if (!err)
		printf("%u run%s in %.1f s%s\n", i, i == 1 ? "" : "s", now_s() - start,
		       r->failure ? "" : ": none failed, which proves nothing");
	return err;
}

int storm_about(const struct explore_options *o, char *const *argv, const char *path)
{
	struct run r = { .o = o,
			 .seed = o->seed,
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
		err = run_all(&r, o->nr_schedules ? o->nr_schedules : DEFAULT_RUNS, why,
			      sizeof(why));
	if (!err)
		return r.failure ? EXIT_FAILED : EXIT_OK;
	fprintf(stderr, "oncpu explore: --storm: %s\n", why);
	return EXIT_ENVIRON;
}
