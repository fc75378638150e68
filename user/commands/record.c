// SPDX-License-Identifier: GPL-2.0
/*
 * oncpu record: runs a command and writes down what the kernel did with it.
 */
#include <argp.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <oncpu/ioctl.h>
#include "lib/command.h"
#include "record/how.h"
#include "record/session.h"
#include "record/source.h"
#include "record/whom.h"

#define DEFAULT_PATH "trace.oncpu"

enum { KEY_SOURCE = 's', KEY_COUNTERS = 'c', KEY_LOCKS = 'l' };

static const struct argp_option options[] = {
	{ "output", 'o', "FILE", 0, "the trace file (" DEFAULT_PATH ")", 0 },
	{ "source", KEY_SOURCE, "module|bpf|both", 0,
	  "the recorder: the kernel module, eBPF, or both (both where the module is loaded)", 0 },
	{ "counters", KEY_COUNTERS, "LIST", 0,
	  "what to count for each thread: cycles,instructions,cache-misses... where the machine "
	  "has "
	  "them; page-faults,task-clock,context-switches,migrations... everywhere",
	  0 },
	{ "locks", KEY_LOCKS, "contended|all", 0,
	  "all: also locks of the C library that nobody waits for, so that the report tells how "
	  "long they "
	  "were held; each such call costs a trap into the kernel (contended)",
	  0 },
	{}
};

static int parse_source(struct session_options *o, const char *arg)
{
	o->module = !strcmp(arg, "module") || !strcmp(arg, "both");
	o->bpf = !strcmp(arg, "bpf") || !strcmp(arg, "both");
	return o->module || o->bpf ? 0 : -EINVAL;
}

#define ULOCK_TYPES (1ull << ONCPU_ULOCK_WAIT | 1ull << ONCPU_ULOCK_RELEASE)

static int parse_locks(struct session_options *o, const char *arg)
{
	if (!strcmp(arg, "all"))
		o->source.types |= ULOCK_TYPES;
	else if (!strcmp(arg, "contended"))
		o->source.types &= ~ULOCK_TYPES;
	else
		return -EINVAL;
	return 0;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct whom *w = state->input;
	struct session_options *o = w->o;
	char why[512];

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = w;
		state->child_inputs[1] = o;
		break;
	case 'o':
		o->path = arg;
		break;
	case KEY_SOURCE:
		if (parse_source(o, arg))
			argp_error(state, "--source is module, bpf or both, not '%s'", arg);
		break;
	case KEY_LOCKS:
		if (parse_locks(o, arg))
			argp_error(state, "--locks is contended or all, not '%s'", arg);
		break;
	case KEY_COUNTERS:
		if (counters_parse(&o->counters, arg, why, sizeof(why)))
			argp_error(state, "--counters: %s", why);
		break;
	case ARGP_KEY_ARG:
		/* The first word is the command; what follows is its own. */
		o->argv = &state->argv[state->next - 1];
		state->next = state->argc;
		break;
	case ARGP_KEY_END:
		if (!w->list_events && whom_check(w, why, sizeof(why)))
			argp_error(state, "%s", why);
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static const struct argp_child children[] = { { &whom_argp, 0, NULL, 0 },
					      { &how_argp, 0, NULL, 0 },
					      {} };

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.children = children,
	.args_doc = "[--] CMD [ARGUMENT...]\n{-a|--pid PID|--comm NAME|--cgroup PATH}",
	.doc = "Runs CMD and records what the kernel did with it, in a trace file. Or, without "
	       "CMD, "
	       "records what runs already.\v"
	       "The exit status is CMD's own (128 + N where signal N killed it); 2: wrong usage, "
	       "3: it could not be recorded.",
};

static void choose_source(struct session_options *o)
{
	if (o->module || o->bpf)
		return;
	o->bpf = true;
	if (o->counters.nr_asked || o->source.types & ULOCK_TYPES)
		return; /* the module can neither count nor see calls into a library */
	o->module = !access(ONCPU_DEVICE, F_OK);
	if (!o->module)
		fprintf(stderr,
			"oncpu record: the module is not loaded (no %s): recording with "
			"eBPF alone\n",
			ONCPU_DEVICE);
}

static int choose_counters(struct session_options *o, char *why, size_t why_size)
{
	struct counters *c = &o->counters;
	size_t i;
	int err = o->bpf ? counters_open(c) : 0;

	if (err) {
		snprintf(why, why_size, "cannot count: %s", strerror(-err));
		return err;
	}
	for (i = 0; i < c->nr_asked; i++) {
		if (!o->bpf)
			snprintf(c->asked[i].why, sizeof(c->asked[i].why),
				 "only the eBPF recorder can count: leave out --source module");
		if (c->asked[i].why[0])
			fprintf(stderr, "oncpu record: %s: not available here: %s\n",
				c->asked[i].name, c->asked[i].why);
	}
	return 0;
}

/* --events may stand behind --locks, and say anew what is recorded: so only now. */
static int check_locks(const struct session_options *o)
{
	if (!(o->source.types & ULOCK_TYPES) || o->bpf)
		return 0;
	fprintf(stderr, "oncpu record: --locks=all is eBPF's: leave out --source module\n");
	return -EINVAL;
}

static void print_summary(const struct session_options *o, const struct session_result *r)
{
	static const char *const names[] = { [TRACE_MODULE] = "module", [TRACE_BPF] = "bpf" };
	int id;

	if (r->nr_left)
		fprintf(stderr, "oncpu record: %s ended and left %zu process%s running: killed\n",
			o->argv[0], r->nr_left, r->nr_left == 1 ? "" : "es");
	fprintf(stderr, "oncpu record:");
	for (id = TRACE_MODULE; id <= TRACE_BPF; id++)
		if (r->recorded[id])
			fprintf(stderr, " %s %llu records, %llu lost;", names[id],
				(unsigned long long)r->records[id],
				(unsigned long long)r->lost[id]);
	if (r->records[TRACE_MARKS] || r->lost[TRACE_MARKS])
		fprintf(stderr, " %llu marks, %llu lost;",
			(unsigned long long)r->records[TRACE_MARKS],
			(unsigned long long)r->lost[TRACE_MARKS]);
	fprintf(stderr, " %s, %llu bytes\n", o->path, (unsigned long long)r->file_bytes);
}

/* As a shell has it: 127 not found, 126 found but not to be run. */
static int exit_status(const struct session_options *o, const struct session_result *r)
{
	if (r->exec_err) {
		fprintf(stderr, "oncpu record: cannot run %s: %s\n", o->argv[0],
			strerror(-r->exec_err));
		return r->exec_err == -ENOENT ? 127 : 126;
	}
	return r->end.signal ? 128 + r->end.signal : r->end.code;
}

static void tell(const char *text)
{
	fprintf(stderr, "oncpu record: %s\n", text);
}

/* The file could not be written to its end: what became of the command is told all the same. */
static void print_end(const struct session_options *o, const struct session_result *r)
{
	if (!r->released)
		return;
	if (r->end.signal)
		fprintf(stderr, "oncpu record: %s was ended by signal %d\n", o->argv[0],
			r->end.signal);
	else
		fprintf(stderr, "oncpu record: %s ended with exit status %d\n", o->argv[0],
			r->end.code);
}

static int run_record(int argc, char **argv)
{
	struct session_options o = { .path = DEFAULT_PATH, .tell = tell };
	struct whom whom = { .o = &o };
	struct session_result result;
	char why[512] = "";
	int err;

	how_default(&o);
	if (argp_parse(&argp, argc, argv, ARGP_IN_ORDER, NULL, &whom))
		return EXIT_USAGE;
	if (whom.list_events) {
		whom_print_events(stdout);
		return EXIT_OK;
	}
	err = whom_finish(&whom, why, sizeof(why));
	if (err) {
		fprintf(stderr, "oncpu record: %s\n", why);
		return EXIT_ENVIRON;
	}
	signal(SIGPIPE, SIG_IGN); /* nobody may hear us: no reason to lose the recording */
	signal(SIGXFSZ, SIG_IGN); /* a file that may not grow is a write that fails */
	choose_source(&o);
	if (check_locks(&o))
		return EXIT_USAGE;
	if (o.argv)
		o.source.program = o.argv[0];
	err = choose_counters(&o, why, sizeof(why));
	if (!err)
		err = session_run(&o, &result, why, sizeof(why));
	counters_close(&o.counters);
	if (err) {
		fprintf(stderr, "oncpu record: %s\n", why);
		print_end(&o, &result);
		return EXIT_ENVIRON;
	}
	print_summary(&o, &result);
	return exit_status(&o, &result);
}

ONCPU_COMMAND(record,
	      {
		      .name = "record",
		      .args = "[-o FILE] [--events LIST] [-a|--pid PID|--comm NAME|...] -- CMD...",
		      .help = "run a command and record what the kernel does with it",
		      .run = run_record,
	      });
