// SPDX-License-Identifier: GPL-2.0
/*
 * oncpu watch: the check of an exercise at each save, and single keys. What the check prints goes
 * straight to the terminal; below it stands one line that says which keys there are.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "commands/checking.h"
#include "commands/keys.h"
#include "commands/loop.h"
#include "course/hints.h"
#include "course/last.h"
#include "course/saved.h"
#include "lib/command.h"

#define CLEAR "\033[H\033[2J"

struct watch {
	struct loop *loop;
	const struct exercise *exercise;
	char path[PATH_MAX]; /* of the learner's file */
	struct saved saved;
	struct checking checking;
};

static void say_keys(const struct watch *w)
{
	struct standing s;

	progress_of(&s, &w->loop->progress, w->exercise->slug);
	if (s.passed && !strcmp(s.verdict, "pass"))
		printf("\n[n] next  [t] timeline  [c] check again  [q] quit\n");
	else if (s.hints < NR_HINTS)
		printf("\n[h] hint %u of %d  [t] timeline  [c] check again  [n] next  [q] quit\n",
		       s.hints + 1, NR_HINTS);
	else
		printf("\n[t] timeline  [c] check again  [h] the last hint  [n] next  [q] quit\n");
	fflush(stdout);
}

static void check(struct watch *w)
{
	char when[16], shown[PATH_MAX];
	time_t now = time(NULL);
	struct tm here;
	int err;

	checking_stop(&w->checking);
	strftime(when, sizeof(when), "%H:%M:%S", localtime_r(&now, &here));
	printf("%sChecking %s (%s)\n\n", isatty(STDOUT_FILENO) ? CLEAR : "",
	       loop_shown(shown, w->loop, "work/%s%s", w->exercise->slug, w->exercise->ending),
	       when);
	err = checking_begin(&w->checking, w->loop, w->exercise);
	if (err)
		loop_trouble(w->loop, "run the check", err);
}

static void after_check(struct watch *w, int status)
{
	if (status >= 128)
		printf("\nThe check was ended by signal %d.\n", status - 128);
	else if (status == EXIT_ENVIRON)
		printf("\nThis says nothing about your program. Check again by c.\n");
	loop_reread(w->loop);
	say_keys(w);
}

static void watch_file(struct watch *w, const struct exercise *e)
{
	w->exercise = e;
	course_work(w->path, &w->loop->course, e);
	saved_begin(&w->saved, w->path);
}

static void look_at_file(struct watch *w)
{
	char shown[PATH_MAX], oncpu[PATH_MAX];

	switch (saved_poll(&w->saved)) {
	case SAVED_NEW:
		check(w);
		break;
	case SAVED_GONE:
		checking_stop(&w->checking);
		printf("\n%s is gone. It is checked when it is there again.\n",
		       loop_shown(shown, w->loop, "work/%s%s", w->exercise->slug,
				  w->exercise->ending));
		printf("A new one: %s start %s\n", loop_oncpu(oncpu, w->loop), w->exercise->slug);
		fflush(stdout);
		break;
	default:
		break;
	}
}

static void show_timeline(struct watch *w)
{
	char from[40], to[40], tid[32];
	struct last_check last;
	int err = last_check_read(&last, &w->loop->course, w->exercise), n = 3;
	const struct verdict *v = &last.verdict;
	char *argv[10] = { NULL, "view", "--term" };

	if (err || !last.trace[0]) {
		printf("\n%s\n", err == -EBADMSG ? "The last check's verdict.json is broken: check "
						   "again."
						 : "There is no trace of the last check.");
		return;
	}
	snprintf(from, sizeof(from), "--from=%" PRIu64 "ns", v->from_ns);
	snprintf(to, sizeof(to), "--to=%" PRIu64 "ns", v->to_ns);
	snprintf(tid, sizeof(tid), "--thread=%" PRIu32, v->tid);
	if (v->to_ns > v->from_ns) {
		argv[n++] = from;
		argv[n++] = to;
	}
	if (v->tid)
		argv[n++] = tid;
	argv[n] = last.trace;
	keys_give_back();
	checking_run_self(argv);
	keys_take();
}

/* On to the next exercise, once this one is passed; otherwise what there is to do. */
static void go_on(struct watch *w)
{
	struct next n;

	loop_reread(w->loop);
	next_find(&n, &w->loop->course, &w->loop->progress);
	if ((n.kind != NEXT_START && n.kind != NEXT_WORK) || n.exercise == w->exercise) {
		putchar('\n');
		loop_print_next(w->loop);
		return;
	}
	checking_stop(&w->checking);
	if (loop_start(w->loop, n.exercise) == EXIT_OK)
		watch_file(w, n.exercise);
}

/* False where the key says to leave. */
static bool press(struct watch *w, int key)
{
	switch (key) {
	case 'q':
	case 'Q':
	case 4: /* Ctrl-D */
	case KEY_END:
		return false;
	case 'c':
		check(w);
		return true;
	case 'h':
		putchar('\n');
		loop_hint(w->loop, w->exercise);
		break;
	case 't':
		show_timeline(w);
		break;
	case 'n':
		go_on(w);
		break;
	default:
		return true;
	}
	if (!w->checking.pid)
		say_keys(w);
	return true;
}

static int watch(struct watch *w)
{
	bool keys = isatty(STDIN_FILENO), goes_on = true;
	struct timespec pause = { .tv_nsec = SAVED_POLL_MS * 1000000L };
	int status, key;

	keys_take();
	while (goes_on && !keys_signal()) {
		look_at_file(w);
		if (checking_ended(&w->checking, &status))
			after_check(w, status);
		key = KEY_NONE;
		if (keys)
			key = keys_read(SAVED_POLL_MS);
		else
			nanosleep(&pause, NULL);
		if (key != KEY_NONE)
			goes_on = press(w, key);
	}
	checking_stop(&w->checking);
	keys_give_back();
	return keys_signal() ? 128 + keys_signal() : EXIT_OK;
}

static int run(int argc, char **argv)
{
	const char *word = loop_argument(argc, argv, "[EX]",
					 "Checks an exercise at each save of its file. Keys: h "
					 "hint, t timeline, c check again, n next, q quit.");
	const struct exercise *e = NULL;
	struct loop l;
	struct watch w = { .loop = &l };
	int status = loop_open(&l, "watch");

	if (status == EXIT_OK) {
		e = loop_exercise(&l, word);
		status = !e ? EXIT_USAGE : EXIT_OK;
	}
	if (e && access(course_work(w.path, &l.course, e), F_OK))
		status = loop_start(&l, e);
	if (e && status == EXIT_OK) {
		watch_file(&w, e);
		status = watch(&w);
	}
	loop_close(&l);
	return status;
}

ONCPU_COMMAND(watch, { .name = "watch",
		       .args = "[EX]",
		       .help = "check an exercise at each save; keys for hint, timeline, next",
		       .run = run });
