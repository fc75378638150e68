// SPDX-License-Identifier: GPL-2.0
/* oncpu live: what happens now, on a screen that scrolls, or in a line a second. */
#include <argp.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "lib/clock.h"
#include "commands/live.h"
#include "lib/command.h"
#include "record/how.h"
#include "record/whom.h"

#define KEPT_NS	      10000000000ull
#define KEPT_BYTES    (64u << 20) /* two million records */
#define SECOND_NS     1000000000ull
#define LAST_NS	      (SECOND_NS / 5) /* of a second: worth a line at the end */
#define NOT_ASKED     0xff
#define PLAIN_COLUMNS 8 /* nobody sees them */

enum { KEY_SOURCE = 's' };

static const struct argp_option options[] = {
	{ "source", KEY_SOURCE, "module|bpf", 0,
	  "the recorder: the kernel module, or eBPF (the module where it is loaded)", 0 },
	{}
};

static int parse_source(struct session_options *o, const char *arg)
{
	o->module = !strcmp(arg, "module");
	o->bpf = !strcmp(arg, "bpf");
	return o->module || o->bpf ? 0 : -EINVAL;
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
	case KEY_SOURCE:
		if (parse_source(o, arg))
			argp_error(state, "--source is module or bpf, not '%s'", arg);
		break;
	case ARGP_KEY_ARG:
		/* The first word is the command; what follows is its own. */
		o->argv = &state->argv[state->next - 1];
		state->next = state->argc;
		break;
	case ARGP_KEY_END:
		whom_default_all(w);
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
	.args_doc = "[--] CMD [ARGUMENT...]\n[-a|--pid PID|--comm NAME|--cgroup PATH]",
	.doc = "Shows what CMD's threads, or all of the system, do now: CPUs and threads as lanes "
	       "that scroll, queues for CPUs, and who waits for locks. Space pauses, to look back "
	       "at the last 10 seconds; s saves them as a trace.\v"
	       "Where the output is no terminal: a line a second, with the numbers of switches, "
	       "and the means of how many threads ran, waited for a CPU, and waited for a lock; "
	       "CMD then writes to the standard error. "
	       "The exit status is CMD's own, or 0 where it was not waited for; 2: wrong usage, 3: "
	       "it could not be recorded.",
};

static void choose_source(struct live_run *run)
{
	struct session_options *o = &run->o;

	if (!o->module && !o->bpf)
		how_one_recorder(o);
	run->source = o->module ? "module" : "eBPF";
}

/* Of all that waits in a system they are more than all else together. */
static void choose_stacks(struct live_run *run, const struct whom *w)
{
	if (run->o.source.stacks_at_futex == NOT_ASKED)
		run->o.source.stacks_at_futex = w->all ? 0 : ONCPU_STACK_USER;
}

static void say_whom(struct live_run *run, const struct whom *w)
{
	char *const *word = run->o.argv;
	size_t n = 0;

	run->hidden = run->o.source.filter.flags & ONCPU_FILTER_SELF ? 0 : (uint32_t)getpid();
	run->all = w->all || (!word && !run->o.nr_pids);

	if (!word)
		snprintf(run->what, sizeof(run->what), "%s",
			 w->all ? "the whole system" : "what was chosen of the system");
	for (; word && *word && n < sizeof(run->what); word++)
		n += (size_t)snprintf(run->what + n, sizeof(run->what) - n, "%s%s", n ? " " : "",
				      *word);
}

/* A line of the second that has passed, if one has; at the end, of what there is of it. */
static void print_line(struct live_run *run, uint64_t least_ns)
{
	const struct live_sums *s = &run->live.rates;
	uint64_t said_ns = run->live.second.time_ns;

	if (run->past.drained_ns < said_ns + least_ns)
		return;
	live_advance(&run->live, run->past.drained_ns);
	live_rate(&run->live);
	fprintf(run->lines,
		"t=%.1f switches=%" PRIu64
		" running=%.2f runnable=%.2f lock_waits=%.2f lost=%" PRIu64 "\n",
		(double)(run->live.time_ns - run->live.start_ns) / 1e9, s->nr_switches,
		(double)s->running_ns / (double)s->time_ns,
		(double)s->runnable_ns / (double)s->time_ns,
		(double)s->lock_ns / (double)s->time_ns, run->past.nr_lost);
	fflush(run->lines);
}

static void see(void *arg, unsigned int cpu, const struct oncpu_record *r)
{
	struct live_run *run = arg;

	run->nr_switches += r->type == ONCPU_SWITCH;
	live_take(&run->live, cpu, r);
}

static int begin(void *arg, const struct session_parts *parts)
{
	struct live_run *run = arg;
	const struct now *before = &run->past.history.before;
	size_t i;
	int err = lookback_begin(&run->past, parts, KEPT_NS, KEPT_BYTES);

	run->past.see = see;
	run->past.arg = run;
	if (err)
		return err;
	run->looked_ns = now_ns();
	run->cpu_before_ns = clock_ns(CLOCK_PROCESS_CPUTIME_ID);
	if (run->with_screen)
		return live_screen_begin(run);
	err = live_begin(&run->live, before->nr_cpus, run->past.history.start_ns, SECOND_NS,
			 PLAIN_COLUMNS);
	run->live.hidden = run->hidden;
	for (i = 0; !err && i < before->size; i++)
		if (before->table[i])
			live_thread(&run->live, before->table[i]);
	return err;
}

static int put(void *arg, enum trace_source source, unsigned int cpu, const struct oncpu_record *r,
	       uint32_t n)
{
	struct live_run *run = arg;

	lookback_put(&run->past, source, cpu, r, n);
	return 0;
}

static void drained(void *arg, uint64_t until_ns)
{
	struct live_run *run = arg;

	lookback_drained(&run->past, until_ns);
}

static bool look(void *arg, const struct target_end *end)
{
	struct live_run *run = arg;

	run->cpu_ns = clock_ns(CLOCK_PROCESS_CPUTIME_ID) - run->cpu_before_ns;
	run->seen_ns = now_ns();
	if (run->past.err || run->live.err)
		return false;
	if (run->with_screen)
		return live_screen_look(run, end);
	print_line(run, end ? LAST_NS : SECOND_NS);
	return !end && !ferror(run->lines);
}

static void print_summary(const struct live_run *run, const struct session_result *r)
{
	double seconds = (double)(run->seen_ns - run->looked_ns) / 1e9;
	enum trace_source id = run->o.module ? TRACE_MODULE : TRACE_BPF;

	if (run->past.err || run->live.err)
		fprintf(stderr, "oncpu live: no memory to go on\n");
	if (r->cut && run->o.argv)
		fprintf(stderr, "oncpu live: %s was still at work: ended\n", run->o.argv[0]);
	fprintf(stderr,
		"oncpu live: %s %" PRIu64 " records, %" PRIu64 " lost; %" PRIu64
		" switches in %.1f s, for %.3f s of CPU time: %.1f %% of one CPU\n",
		run->source, r->records[id], r->lost[id], run->nr_switches, seconds,
		(double)run->cpu_ns / 1e9, seconds > 0 ? (double)run->cpu_ns / 1e7 / seconds : 0);
}

static int exit_status(const struct live_run *run, const struct session_result *r)
{
	if (r->exec_err) {
		fprintf(stderr, "oncpu live: cannot run %s: %s\n", run->o.argv[0],
			strerror(-r->exec_err));
		return r->exec_err == -ENOENT ? 127 : 126;
	}
	if (r->cut)
		return EXIT_OK;
	return r->end.signal ? 128 + r->end.signal : r->end.code;
}

/* Lines are for a program to read: what the command says must not be among them. */
static int open_lines(struct live_run *run)
{
	int fd = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 10);

	run->lines = fd < 0 ? NULL : fdopen(fd, "w");
	return run->lines && dup2(STDERR_FILENO, STDOUT_FILENO) >= 0 ? 0 : -errno;
}

static int watch(struct live_run *run, struct session_result *result, char *why, size_t why_size)
{
	const struct session_watch w = { run, begin, put, drained, look };
	int err;

	run->with_screen = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
	err = run->with_screen ? live_screen_open(&run->screen) : open_lines(run);
	if (err) {
		snprintf(why, why_size, "cannot write to the standard output: %s", strerror(-err));
		return err;
	}
	run->o.watch = &w;
	err = session_run(&run->o, result, why, why_size);
	if (run->with_screen)
		live_screen_close(&run->screen);
	else if (!err && result->cut)
		print_line(run, LAST_NS);
	return err;
}

static int run_live(int argc, char **argv)
{
	static struct live_run run;
	struct whom whom = { .o = &run.o, .timed = true };
	struct session_result result;
	char why[512] = "";
	int err;

	how_default(&run.o);
	run.o.source.stacks_at_futex = NOT_ASKED;
	if (argp_parse(&argp, argc, argv, ARGP_IN_ORDER, NULL, &whom))
		return EXIT_USAGE;
	if (whom.list_events) {
		whom_print_events(stdout);
		return EXIT_OK;
	}
	choose_source(&run);
	choose_stacks(&run, &whom);
	say_whom(&run, &whom);
	err = whom_finish(&whom, why, sizeof(why));
	if (!err) {
		signal(SIGPIPE, SIG_IGN); /* nobody reads us: then we end */
		err = watch(&run, &result, why, sizeof(why));
	}
	if (!err)
		print_summary(&run, &result);
	live_end(&run.live);
	lookback_end(&run.past);
	if (!err)
		return exit_status(&run, &result);
	fprintf(stderr, "oncpu live: %s\n", why);
	return EXIT_ENVIRON;
}

ONCPU_COMMAND(live, {
			    .name = "live",
			    .args = "[--seconds N] [-a|--pid PID|--comm NAME|...] [-- CMD...]",
			    .help = "show what happens now, look back at it, and save it",
			    .run = run_live,
		    });
