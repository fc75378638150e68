// SPDX-License-Identifier: GPL-2.0
#include "lib/clock.h"
#include "explore/explore.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "explore/plan.h"
#include "explore/server.h"

#define SCHEDULES    1000
#define SECONDS_EACH 10.0
#define MAX_STEPS    2000000
#define MAX_FAILURES 64

struct exploration {
	struct explore_options o;
	struct server server;
	struct learned *learned;
	struct explore_failure failures[MAX_FAILURES];
	uint32_t nr_failures, number;
	char refused[256];
	char *output;
	size_t output_size;
};

static const char *const names[EXPLORE_NR] = {
	[EXPLORE_MIX] = "mix",	   [EXPLORE_SURW] = "surw", [EXPLORE_RF] = "rf",
	[EXPLORE_PCT] = "pct",	   [EXPLORE_POS] = "pos",   [EXPLORE_RANDOM] = "random",
	[EXPLORE_QUIET] = "quiet",
};

const char *explore_strategy_name(enum explore_strategy s)
{
	return names[s];
}

int explore_strategy_by_name(const char *name, enum explore_strategy *s)
{
	int i;

	for (i = 0; i < EXPLORE_NR; i++)
		if (!strcmp(names[i], name)) {
			*s = (enum explore_strategy)i;
			return 0;
		}
	return -EINVAL;
}

int explore_open(struct exploration **out, const struct explore_options *o, char *why, size_t size)
{
	struct exploration *x = calloc(1, sizeof(*x));
	int err = -ENOMEM;

	if (!x)
		goto fail;
	x->o = *o;
	x->server.request = x->server.answer = x->server.output = -1;
	x->o.nr_schedules = o->nr_schedules ? o->nr_schedules : SCHEDULES;
	x->o.seconds_each = o->seconds_each > 0 ? o->seconds_each : SECONDS_EACH;
	x->o.max_steps = o->max_steps ? o->max_steps : MAX_STEPS;
	x->learned = calloc(1, sizeof(*x->learned));
	if (!x->learned)
		goto fail;
	err = server_start(&x->server, o->program, o->argv, !o->show_output, why, size);
	if (err)
		goto fail;
	*out = x;
	return 0;
fail:
	if (err == -ENOMEM)
		snprintf(why, size, "no memory");
	explore_close(x);
	return err;
}

static void free_failure(struct explore_failure *f)
{
	free(f->waits);
	free(f->schedule.segments);
	free(f->word);
	free(f->output);
}

void explore_close(struct exploration *x)
{
	uint32_t i;

	if (!x)
		return;
	server_stop(&x->server);
	for (i = 0; i < x->nr_failures; i++)
		free_failure(&x->failures[i]);
	free(x->output);
	free(x->learned);
	free(x);
}

const struct shared *explore_shared(const struct exploration *x)
{
	return x->server.shm;
}

const struct explore_options *explore_options(const struct exploration *x)
{
	return &x->o;
}

/* What the last run printed. */
const char *explore_output(struct exploration *x)
{
	struct stat st;
	ssize_t n;

	if (x->server.output < 0 || fstat(x->server.output, &st))
		return "";
	free(x->output);
	x->output = malloc((size_t)st.st_size + 1);
	if (!x->output)
		return "";
	n = pread(x->server.output, x->output, (size_t)st.st_size, 0);
	x->output[n < 0 ? 0 : n] = '\0';
	return x->output;
}

/* What ended the run. */
uint32_t explore_kind(const struct exploration *x, const struct explore_run *run)
{
	const struct shared *s = x->server.shm;
	uint32_t i;

	for (i = 0; i < s->nr_findings; i++) {
		uint32_t kind = s->findings[i].kind;

		if (kind <= FOUND_LAST_HARM || kind > FOUND_LAST_FAULT)
			return kind;
	}
	if (run->timed_out)
		return FOUND_TIME;
	if (WIFSIGNALED(run->status))
		return FOUND_SIGNAL;
	if (WEXITSTATUS(run->status) && !x->o.any_exit_status)
		return FOUND_EXIT;
	if (x->o.expect && strcmp(explore_output((struct exploration *)x), x->o.expect))
		return FOUND_OUTPUT;
	return FOUND_NOTHING;
}

static int run_once(struct exploration *x, struct explore_run *run)
{
	struct shared *s = x->server.shm;
	int late;

	s->max_steps = x->o.max_steps;
	late = server_run(&x->server, x->o.seconds_each, &run->status);
	if (late < 0)
		return late;
	run->timed_out = late;
	run->nr_steps = s->nr_steps;
	run->nr_switches = s->nr_segments ? s->nr_segments - 1 : 0;
	run->hash = s->hash;
	run->kind = explore_kind(x, run);
	return 0;
}

int explore_replay(struct exploration *x, const struct explore_schedule *s, bool log,
		   struct explore_run *run)
{
	struct shared *shm = x->server.shm;
	uint32_t n = s->nr < MAX_SEGMENTS ? s->nr : MAX_SEGMENTS;
	int err;

	memcpy(shm->replay, s->segments, n * sizeof(*s->segments));
	shm->nr_replay = n;
	shm->strategy = STRATEGY_REPLAY;
	shm->flags = log ? RUN_LOG : 0;
	err = run_once(x, run);
	shm->flags = 0;
	return err;
}

int explore_debug(struct exploration *x, const struct explore_schedule *s)
{
	struct shared *shm = x->server.shm;
	uint32_t n = s->nr < MAX_SEGMENTS ? s->nr : MAX_SEGMENTS;
	int argc = 0, i;
	char **argv;

	while (x->o.argv[argc])
		argc++;
	argv = calloc((size_t)argc + 5, sizeof(*argv));
	if (!argv)
		return -ENOMEM;
	argv[0] = "gdb";
	argv[1] = "-q";
	argv[2] = "--args";
	argv[3] = (char *)(uintptr_t)x->o.program;
	for (i = 1; i < argc; i++)
		argv[3 + i] = x->o.argv[i];
	memcpy(shm->replay, s->segments, n * sizeof(*s->segments));
	shm->nr_replay = n;
	shm->strategy = STRATEGY_REPLAY;
	shm->flags = RUN_DEBUG;
	shm->max_steps = x->o.max_steps;
	return server_exec(&x->server, argv);
}

int explore_again(struct exploration *x, struct explore_run *run)
{
	const struct shared *shm = x->server.shm;
	struct explore_schedule s = { calloc(shm->nr_segments + 1, sizeof(*s.segments)),
				      shm->nr_segments };
	uint64_t hash = run->hash;
	int err = s.segments ? 0 : -ENOMEM;

	if (!err) {
		memcpy(s.segments, shm->segments, s.nr * sizeof(*s.segments));
		err = explore_replay(x, &s, true, run);
	}
	free(s.segments);
	if (!err && run->hash != hash)
		err = -EILSEQ;
	return err;
}

static int run_next(struct exploration *x, struct explore_run *run, enum explore_strategy *strategy)
{
	int err;

	x->number++;
	*strategy = plan_next(x->learned, x->server.shm, x->o.strategy, x->o.seed, x->number);
	err = run_once(x, run);
	if (!err)
		learn_from(x->learned, x->server.shm);
	return err;
}

/* Learning makes each schedule depend on those before it: they are run again. */
int explore_number(struct exploration *x, uint32_t number, struct explore_run *run)
{
	enum explore_strategy strategy;
	int err = x->number < number ? 0 : -EINVAL;

	while (!err && x->number < number)
		err = run_next(x, run, &strategy);
	return err;
}

static bool is_known(const struct exploration *x, const struct shared_finding *f)
{
	uint32_t i;

	for (i = 0; i < x->nr_failures; i++) {
		const struct shared_finding *k = &x->failures[i].finding;

		if (k->kind == f->kind &&
		    ((k->place[0].pc == f->place[0].pc && k->place[1].pc == f->place[1].pc) ||
		     (k->place[0].pc == f->place[1].pc && k->place[1].pc == f->place[0].pc)))
			return true;
	}
	return false;
}

static int keep(struct exploration *x, const struct shared_finding *finding,
		enum explore_strategy strategy)
{
	const struct shared *s = x->server.shm;
	struct explore_failure *f = &x->failures[x->nr_failures];

	if (x->nr_failures == MAX_FAILURES || is_known(x, finding))
		return 0;
	*f = (struct explore_failure){
		.finding = *finding, .number = x->number, .strategy = strategy, .hash = s->hash
	};
	f->schedule.nr = s->nr_segments;
	f->schedule.segments = calloc(s->nr_segments + 1, sizeof(*f->schedule.segments));
	f->waits = calloc(s->nr_waits + 1, sizeof(*f->waits));
	f->output = strdup(explore_output(x));
	if (!f->schedule.segments || !f->waits || !f->output) {
		free_failure(f);
		return -ENOMEM;
	}
	memcpy(f->schedule.segments, s->segments, s->nr_segments * sizeof(*s->segments));
	if (finding->kind == FOUND_DEADLOCK || finding->kind == FOUND_HANG) {
		f->nr_waits = s->nr_waits;
		memcpy(f->waits, s->waits, s->nr_waits * sizeof(*s->waits));
	}
	f->word = explore_word(&f->schedule);
	x->nr_failures++;
	return f->word ? 0 : -ENOMEM;
}

/* A failure that the runtime did not see itself: an exit status, an output, an unhandled signal. */
static struct shared_finding from_outside(const struct explore_run *run)
{
	struct shared_finding f = { .kind = run->kind };

	if (run->kind == FOUND_SIGNAL)
		f.number = WTERMSIG(run->status);
	if (run->kind == FOUND_EXIT)
		f.number = WEXITSTATUS(run->status);
	return f;
}

static int keep_all(struct exploration *x, const struct explore_run *run,
		    enum explore_strategy strategy)
{
	const struct shared *s = x->server.shm;
	bool told = false;
	uint32_t i;
	int err = 0;

	for (i = 0; !err && i < s->nr_findings; i++) {
		const struct shared_finding *f = &s->findings[i];

		if (f->kind <= FOUND_LAST_FAULT)
			err = keep(x, f, strategy);
		told |= f->kind == run->kind;
	}
	if (!err && !told && run->kind && run->kind <= FOUND_LAST_HARM) {
		struct shared_finding f = from_outside(run);

		err = keep(x, &f, strategy);
	}
	return err;
}

static void summarise(struct exploration *x, struct explore_result *r)
{
	uint32_t i;

	r->failures = x->failures;
	r->nr_failures = x->nr_failures;
	r->nr_schedules = x->number;
	r->nr_threads = x->server.shm->nr_threads;
	for (i = 0; i < x->nr_failures; i++) {
		if (!r->first)
			r->first = &x->failures[i];
		if (!r->harm && x->failures[i].finding.kind <= FOUND_LAST_HARM)
			r->harm = &x->failures[i];
	}
}

static bool is_over(const struct exploration *x, const struct explore_run *run, double started)
{
	if (run->kind == FOUND_REFUSED || x->number >= x->o.nr_schedules)
		return true;
	if (x->o.seconds > 0 && now_s() - started >= x->o.seconds)
		return true;
	if (x->o.keep_going)
		return false;
	if (x->o.stop_at_fault && x->nr_failures)
		return true;
	return run->kind && run->kind <= FOUND_LAST_HARM;
}

int explore_run(struct exploration *x, struct explore_result *r)
{
	double started = now_s();
	struct explore_run run;
	enum explore_strategy strategy;
	int err;

	*r = (struct explore_result){ 0 };
	do {
		err = run_next(x, &run, &strategy);
		if (!err)
			err = keep_all(x, &run, strategy);
		if (err)
			break;
		r->nr_undecided += run.kind > FOUND_REFUSED;
	} while (!is_over(x, &run, started));
	r->seconds = now_s() - started;
	summarise(x, r);
	if (!err && run.kind == FOUND_REFUSED) {
		snprintf(x->refused, sizeof(x->refused), "%s",
			 x->server.shm->findings[x->server.shm->nr_findings - 1].text);
		r->refused = x->refused;
	}
	return err;
}
