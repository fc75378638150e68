// SPDX-License-Identifier: GPL-2.0
/*
 * oncpu sched: runs a command, or all that there is, under a scheduler that can be read, and records it.
 */
#include <argp.h>
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <oncpu/ioctl.h>
#include "commands/sched_tell.h"
#include "lib/command.h"
#include "record/how.h"
#include "record/session.h"
#include "record/whom.h"
#include "sched/cpus.h"
#include "sched/ext.h"

#define DEFAULT_PATH "sched.oncpu"

enum { KEY_ALL = 0x200, KEY_CPUS, KEY_SECONDS, KEY_KNOB };

struct request {
	struct session_options session;
	struct whom whom;
	struct policy *policy;
	bool all;
};

static cpu_set_t cpus; /* that the command may use; none: all */

static const struct argp_option own_options[] = {
	{ "output", 'o', "FILE", 0, "the trace file (" DEFAULT_PATH ")", 0 },
	{ "all", KEY_ALL, NULL, 0,
	  "it schedules all that runs here, not just CMD and what that starts", 0 },
	{ "cpus", KEY_CPUS, "N|LIST", 0,
	  "CMD runs on so many CPUs, the last ones, or on these: 2, or 0,2-3 (a single one: 0,)",
	  0 },
	{ "seconds", KEY_SECONDS, "N", 0, "with --all, without CMD: end after so long", 0 },
};

#define NR_OWN (sizeof(own_options) / sizeof(*own_options))

static void set_knob(struct argp_state *state, struct request *r, const char *knob, const char *arg)
{
	char setting[256], why[512];

	snprintf(setting, sizeof(setting), "%s=%s", knob, arg);
	if (policy_set(r->policy, setting, why, sizeof(why)))
		argp_error(state, "%s", why);
}

static void set_seconds(struct argp_state *state, struct request *r, const char *arg)
{
	char *end;
	unsigned long n = strtoul(arg, &end, 10);

	if (!*arg || *end || n == 0 || n > 1000000)
		argp_error(state, "--seconds is a number from 1 to 1000000, not '%s'", arg);
	r->session.seconds = (unsigned int)n;
}

static void check(struct argp_state *state, const struct request *r)
{
	if (!r->session.argv && !r->all)
		argp_error(state, "which command? Or --all");
	if (r->session.argv && r->session.seconds)
		argp_error(state, "--seconds is for --all without a command: this ends with it");
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct request *r = state->input;
	size_t n;
	const struct policy_knob *knobs = policy_knobs(r->policy, &n);
	char why[512];

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &r->session;
		break;
	case 'o':
		r->session.path = arg;
		break;
	case KEY_ALL:
		r->all = true;
		break;
	case KEY_CPUS:
		if (cpus_parse(&cpus, arg, why, sizeof(why)))
			argp_error(state, "%s", why);
		break;
	case KEY_SECONDS:
		set_seconds(state, r, arg);
		break;
	case ARGP_KEY_ARG:
		/* The first word is the command; what follows is its own. */
		r->session.argv = &state->argv[state->next - 1];
		state->next = state->argc;
		break;
	case ARGP_KEY_END:
		check(state, r);
		break;
	default:
		if (key < KEY_KNOB || (size_t)(key - KEY_KNOB) >= n)
			return ARGP_ERR_UNKNOWN;
		set_knob(state, r, knobs[key - KEY_KNOB].name, arg);
	}
	return 0;
}

/* Our own options, then a policy's knobs. NULL: no memory. */
static struct argp_option *list_options(const struct policy *p, struct sched_texts *texts)
{
	size_t n, i;
	const struct policy_knob *knobs = policy_knobs(p, &n);
	struct argp_option *all = calloc(NR_OWN + n + 2, sizeof(*all));

	if (!all || sched_texts_of(texts, p))
		return all;
	memcpy(all, own_options, sizeof(own_options));
	all[NR_OWN].doc = "Its knobs:";
	all[NR_OWN].group = 1;
	for (i = 0; i < n; i++)
		all[NR_OWN + 1 + i] = (struct argp_option){ .name = knobs[i].name,
							    .key = (int)(KEY_KNOB + i),
							    .arg = "N",
							    .doc = texts->knobs[i],
							    .group = 1 };
	return all;
}

/* argv[1] names the policy, and that says which options there are. */
static int parse_all(struct request *r, int argc, char **argv)
{
	static const struct argp_child children[] = { { &how_argp, 0, NULL, 0 }, {} };
	struct sched_texts texts = {};
	struct argp_option *all = list_options(r->policy, &texts);
	const struct argp argp = {
		.options = all,
		.parser = parse,
		.children = children,
		.args_doc = "-- CMD [ARGUMENT...]\n--all [-- CMD [ARGUMENT...]]",
		.doc = texts.doc,
	};
	char name[128];
	int err = -ENOMEM;

	snprintf(name, sizeof(name), "%s %s", argv[0], argv[1]);
	argv[1] = name;
	if (all && texts.doc)
		err = argp_parse(&argp, argc - 1, argv + 1, ARGP_IN_ORDER, NULL, r);
	sched_texts_free(&texts);
	free(all);
	return err;
}

static int adopt(pid_t target)
{
	if (CPU_COUNT(&cpus) && sched_setaffinity(target, sizeof(cpus), &cpus))
		return -errno;
	return ext_take(target);
}

/*
 * A policy that starves us, too, could not be seen doing it: so the recorder goes first. What it starts
 * does not.
 */
static int stand_above(void)
{
	const struct sched_param one = { .sched_priority = 1 };

	return sched_setscheduler(0, SCHED_FIFO | SCHED_RESET_ON_FORK, &one) ? -errno : 0;
}

static int prepare(struct request *r, char *why, size_t why_size)
{
	struct session_options *o = &r->session;
	int err;

	how_one_recorder(o);
	o->adopt = adopt;
	r->whom.all = r->all;
	err = whom_finish(&r->whom, why, why_size);
	if (!err && r->all)
		err = stand_above();
	return err;
}

static int run_under(struct request *r, struct session_result *result, char *why, size_t why_size)
{
	struct sched_screen screen = { .policy = r->policy };
	int err = prepare(r, why, why_size);

	if (!err)
		err = policy_begin(r->policy, r->all, why, why_size);
	if (err)
		return err;
	r->session.decisions = policy_decisions(r->policy);
	r->session.look = sched_look;
	r->session.look_arg = &screen;
	sched_screen_begin(&screen);
	err = session_run(&r->session, result, why, why_size);
	sched_screen_end(&screen);
	return err;
}

/* The command's own, as a shell has it; a policy that was thrown out has failed. */
static int exit_status(const struct request *r, const struct session_result *result)
{
	char why[1024];

	if (result->exec_err) {
		fprintf(stderr, "oncpu sched: cannot run %s: %s\n", r->session.argv[0],
			strerror(-result->exec_err));
		return result->exec_err == -ENOENT ? 127 : 126;
	}
	sched_tell_stats(r->policy);
	if (result->nr_left)
		fprintf(stderr, "oncpu sched: %s ended and left %zu process%s running: killed\n",
			r->session.argv[0], result->nr_left, result->nr_left == 1 ? "" : "es");
	fprintf(stderr, "oncpu sched: what it did, and why: oncpu view %s\n", r->session.path);
	if (policy_was_thrown_out(r->policy, why, sizeof(why))) {
		fprintf(stderr, "oncpu sched: %s\n", why);
		return EXIT_FAILED;
	}
	return result->end.signal ? 128 + result->end.signal : result->end.code;
}

static void tell(const char *text)
{
	fprintf(stderr, "oncpu sched: %s\n", text);
}

static int run_policy(struct request *r)
{
	struct session_result result;
	char why[1024] = "";
	int err;

	if (ext_check(why, sizeof(why))) {
		fprintf(stderr, "oncpu sched: %s\n", why);
		return EXIT_SKIPPED;
	}
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN); /* a file that may not grow is a write that fails */
	err = run_under(r, &result, why, sizeof(why));
	if (!err)
		return exit_status(r, &result);
	fprintf(stderr, "oncpu sched: %s\n", why);
	return EXIT_ENVIRON;
}

static int run_sched(int argc, char **argv)
{
	struct request r = { .session = { .path = DEFAULT_PATH, .tell = tell },
			     .whom = { .o = &r.session } };
	char why[1024] = "";
	int status = EXIT_USAGE;

	if (argc < 2)
		return sched_list();
	if (argv[1][0] == '-')
		return sched_help(argv[1]);
	how_default(&r.session);
	if (policy_open(&r.policy, argv[1], why, sizeof(why)))
		fprintf(stderr, "oncpu sched: %s\n", why);
	else if (!parse_all(&r, argc, argv))
		status = run_policy(&r);
	policy_end(r.policy);
	return status;
}

ONCPU_COMMAND(sched,
	      {
		      .name = "sched",
		      .args = "[POLICY [--KNOB=N...] [-o FILE] [--cpus N|LIST] [--all] -- CMD...]",
		      .help = "run a command under a scheduler that can be read, or list those",
		      .run = run_sched,
	      });
