// SPDX-License-Identifier: GPL-2.0
/*
 * Evidence of schedules: the explorer, run as the learner's user, for it runs the learner's program.
 */
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "grade/evidence.h"
#include "lib/identity.h"
#include "lib/text.h"

#define MOST_WORDS 40

struct command {
	const char *words[MOST_WORDS + 1];
	int n;
	char arguments[128];
};

static void add_word(struct command *c, const char *word)
{
	if (c->n < MOST_WORDS)
		c->words[c->n++] = word;
}

static void add_program(struct command *c, const char *arguments)
{
	char *word, *rest;

	add_word(c, "--");
	add_word(c, run_place.explored);
	snprintf(c->arguments, sizeof(c->arguments), "%s", arguments);
	for (word = strtok_r(c->arguments, " ", &rest); word; word = strtok_r(NULL, " ", &rest))
		add_word(c, word);
}

static void exec_as_learner(const struct command *c, int out)
{
	struct identity id;
	char why[256];

	dup2(open("/dev/null", O_RDONLY | O_CLOEXEC), STDIN_FILENO);
	dup2(out, STDOUT_FILENO);
	run_leave_folder();
	if (!identity_choose(&id, NULL, why, sizeof(why)) && !identity_become(&id))
		execv(run_place.oncpu, (char *const *)c->words);
	_exit(127);
}

/* Its standard output is read from *out; its errors are ours. */
static pid_t start(const struct command *c, FILE **out)
{
	int ends[2];
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC))
		return -errno;
	fflush(stdout);
	pid = fork();
	if (pid == 0)
		exec_as_learner(c, ends[1]);
	close(ends[1]);
	*out = fdopen(ends[0], "r");
	return *out ? pid : -ENOMEM;
}

static json_t *explore(const char *arguments, unsigned int n, int *status)
{
	char schedules[16], seconds[16];
	struct command c = { .words = { "oncpu", "explore", "--json", "--schedules", schedules,
					"--seconds", seconds },
			     .n = 7 };
	json_t *found = NULL;
	FILE *out = NULL;
	pid_t pid;

	snprintf(schedules, sizeof(schedules), "%u", n);
	snprintf(seconds, sizeof(seconds), "%d", PERT_SECONDS);
	add_program(&c, arguments);
	pid = start(&c, &out);
	if (out) {
		found = json_loadf(out, 0, NULL);
		fclose(out);
	}
	*status = -1;
	if (pid > 0)
		waitpid(pid, status, 0);
	return found;
}

/* The interleaving by source line, a column a thread, for who wants to read it: OUT/schedule.txt */
static void write_columns(const char *word, const char *arguments)
{
	struct command c = { .words = { "oncpu", "explore", "--replay", word }, .n = 4 };
	char path[4096], text[4096];
	FILE *out = NULL, *to;
	int status;
	size_t n;
	pid_t pid;

	snprintf(path, sizeof(path), "%s/schedule.txt", run_place.out);
	to = fopen(path, "we");
	add_program(&c, arguments);
	pid = start(&c, &out);
	while (to && out && (n = fread(text, 1, sizeof(text), out)) > 0)
		fwrite(text, 1, n, to);
	if (out)
		fclose(out);
	if (to)
		fclose(to);
	if (pid > 0)
		waitpid(pid, &status, 0);
}

static const char *string_at(const json_t *o, const char *key)
{
	const char *s = json_string_value(json_object_get(o, key));

	return s ? s : "";
}

static void add(struct verdict *v, const char *format, ...)
{
	size_t n = strlen(v->saw);
	va_list args;

	va_start(args, format);
	vsnprintf(v->saw + n, sizeof(v->saw) - n, format, args);
	va_end(args);
}

/* The explorer's names of steps in words: as what a thread did, and as what it waits in. */
static const struct step {
	const char *operation, *did, *waits;
} steps[] = {
	{ "read", "reads", NULL },
	{ "write", "writes", NULL },
	{ "atomic read", "reads, atomically,", NULL },
	{ "atomic write", "writes, atomically,", NULL },
	{ "atomic update", "updates, atomically,", NULL },
	{ "free", "frees", NULL },
	{ "destroy", "destroys", NULL },
	{ "lock", "takes the lock", "waits for the lock" },
	{ "unlock", "gives back the lock", NULL },
	{ "wait", "waits by the condition", "sleeps by the condition" },
	{ "wake up", "was woken by the condition", "sleeps by the condition" },
	{ "barrier", "comes to the barrier", "waits at the barrier" },
	{ "sem_wait", "takes from the semaphore", "sleeps by the semaphore" },
	{ "sem_post", "adds to the semaphore", NULL },
	{ "futex wait", "sleeps by the futex", "sleeps by the futex" },
	{ "wait for a descriptor", "waits for a file or pipe", "waits for a file or pipe" },
};

static const char *words_of(const char *operation, bool waits)
{
	size_t i;

	for (i = 0; i < sizeof(steps) / sizeof(*steps); i++)
		if (!strcmp(operation, steps[i].operation) && (!waits || steps[i].waits))
			return waits ? steps[i].waits : steps[i].did;
	return operation;
}

/* "Thread 1 at count.c:22 in work()". Names come from the program: harmless, but for ends of lines. */
static void add_line(struct verdict *v, const json_t *place)
{
	const char *file = string_at(place, "file"), *slash = strrchr(file, '/');

	add(v, "\nThread %d at %s:%d in %s()",
	    (int)json_integer_value(json_object_get(place, "thread")), slash ? slash + 1 : file,
	    (int)json_integer_value(json_object_get(place, "line")), string_at(place, "function"));
}

static void add_what(struct verdict *v, const json_t *place)
{
	char what[128];

	snprintf(what, sizeof(what), "%s", string_at(place, "what"));
	text_clean(what);
	if (what[0])
		add(v, " %s", what);
}

static void add_place(struct verdict *v, const json_t *place)
{
	add_line(v, place);
	add(v, " %s", words_of(string_at(place, "operation"), false));
	add_what(v, place);
	add(v, ".");
}

static void add_wait(struct verdict *v, const json_t *wait)
{
	const char *operation = string_at(wait, "operation");
	int holder = (int)json_integer_value(json_object_get(wait, "holder"));

	add_line(v, wait);
	if (!strcmp(operation, "join")) {
		if (holder < 0)
			add(v, " waits for a thread to end.");
		else
			add(v, " waits for thread %d to end.", holder);
		return;
	}
	add(v, " %s", words_of(operation, true));
	add_what(v, wait);
	if (holder >= 0)
		add(v, ", which thread %d holds", holder);
	add(v, ".");
}

static void explain_heap(struct verdict *v)
{
	const char *heap = strstr(v->saw, "heap:");
	char name[32];

	if (!heap)
		return;
	snprintf(name, sizeof(name), "%.*s", (int)(5 + strspn(heap + 5, "0123456789abcdef")), heap);
	add(v, "\n(%s is a place in what malloc() gave.)", name);
}

static void add_failure(struct verdict *v, const json_t *failure)
{
	char sentence[512], said[256];

	snprintf(sentence, sizeof(sentence), "%s", string_at(failure, "sentence"));
	snprintf(said, sizeof(said), "%s", string_at(failure, "said"));
	text_clean(sentence);
	text_clean(said);
	if (said[0] && !strcmp(string_at(failure, "kind"), "exit")) /* by main.c, which says why */
		snprintf(sentence, sizeof(sentence), "%s", said);
	add(v, "In schedule %d of `%s`: %s.",
	    (int)json_integer_value(json_object_get(failure, "schedule")), v->scenario, sentence);
}

/* The first that did harm, if one did: its interleaving is the one that is shown. */
static const json_t *harm_among(const json_t *failures)
{
	const json_t *f;
	size_t i;

	for (i = 0; i < json_array_size(failures); i++) {
		f = json_array_get(failures, i);
		if (json_is_true(json_object_get(f, "harm")))
			return f;
	}
	return NULL;
}

static void tell(struct verdict *v, const json_t *all)
{
	const char *word = string_at(json_object_get(all, "interleaving"), "replay");
	const json_t *failures = json_object_get(all, "failures"), *harm = harm_among(failures),
		     *first = json_array_get(failures, 0), *places, *waits;
	size_t i;

	if (!word[0])
		word = string_at(harm ? harm : first, "replay");
	v->kind = VERDICT_FAIL;
	add_failure(v, first);
	places = json_array_size(json_object_get(first, "waits"))
			 ? NULL /* which tell the same, and more */
			 : json_object_get(first, "places");
	for (i = 0; i < json_array_size(places); i++)
		add_place(v, json_array_get(places, i));
	if (harm && harm != first) {
		add(v, "\n");
		add_failure(v, harm);
	}
	waits = json_object_get(harm, "waits");
	for (i = 0; i < json_array_size(waits); i++)
		add_wait(v, json_array_get(waits, i));
	explain_heap(v);
	if (strlen(word) < sizeof(v->schedule))
		snprintf(v->schedule, sizeof(v->schedule), "%s", word);
	write_columns(word, v->scenario);
}

struct verdict holds_in_schedules(const char *arguments, unsigned int n)
{
	struct verdict v = { .kind = VERDICT_PASS };
	int status;
	json_t *all = explore(arguments, n, &status);
	const json_t *failures = json_object_get(all, "failures");
	int done = (int)json_integer_value(json_object_get(all, "schedules"));
	int undecided = (int)json_integer_value(json_object_get(all, "undecided"));

	snprintf(v.scenario, sizeof(v.scenario), "%s", arguments);
	if (json_array_size(failures)) {
		tell(&v, all);
	} else if (!all || done - undecided < 1) {
		v.kind = VERDICT_INCONCLUSIVE;
		snprintf(v.saw, sizeof(v.saw),
			 "`%s` could not be run under schedules of the explorer's choosing (%s).",
			 arguments,
			 json_is_string(json_object_get(all, "refused")) ? string_at(all, "refused")
									 : "it says why above");
	}
	json_decref(all);
	return v;
}
