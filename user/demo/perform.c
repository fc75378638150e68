// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "demo/perform.h"
#include "lib/folder.h"

#define WORDS (8 + DEMO_KNOBS)

/* The words of the show's command; all of them live as long as this process. */
static int words_of(const char **words, const struct demos *all, const struct demo *d,
		    const char *out)
{
	char oncpu[PATH_MAX], *text;
	ssize_t length = readlink("/proc/self/exe", oncpu, sizeof(oncpu) - 1);
	int n = 0;
	size_t i;

	if (length < 0)
		return -errno;
	oncpu[length] = '\0';
	n = asprintf(&text, "%s/%s/show", all->home, d->folder);
	words[0] = text;
	n = n < 0 ? n : asprintf(&text, "--folder=%s/%s", all->home, d->folder);
	words[1] = text;
	n = n < 0 ? n : asprintf(&text, "--workload=%s/%s/workload", all->home, d->folder);
	words[2] = text;
	n = n < 0 ? n : asprintf(&text, "--out=%s", out);
	words[3] = text;
	n = n < 0 ? n : asprintf(&text, "--oncpu=%s", oncpu);
	words[4] = text;
	for (i = 0; i < d->nr_knobs && n >= 0; i++) {
		n = asprintf(&text, "--set=%s=%ld", d->knobs[i].name, d->knobs[i].value);
		words[5 + i] = text;
	}
	words[5 + i] = NULL;
	return n < 0 ? -ENOMEM : 0;
}

/* Its exit status; 128 + the signal that killed it; -errno. */
static int run_show(const char *const *words)
{
	int status;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		execv(words[0], (char *const *)words);
		_exit(127);
	}
	if (pid < 0)
		return -errno;
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

static int try_once(const char *const *words, const char *out, struct seen *s, char *why,
		    size_t size)
{
	int status, err = folder_empty(out);

	if (err) {
		snprintf(why, size, "%s: %s", out, strerror(-err));
		return err;
	}
	status = run_show(words);
	if (status) {
		snprintf(why, size, "%s ended with status %d: make build", words[0], status);
		return status < 0 ? status : -ECHILD;
	}
	err = seen_read(s, out);
	if (err)
		snprintf(why, size, "%s/" SEEN_FILE ": %s", out, strerror(-err));
	return err;
}

/* What held in none of the tries until now. */
struct never_held {
	char names[SEEN_EXPECTATIONS][sizeof(((struct seen_expectation *)0)->name)];
	size_t n;
};

#define RECORDED "it can be recorded"

static bool failed(const struct seen *s, const char *name)
{
	size_t i;

	if (!s->nr_expectations) /* it did not come that far */
		return !strcmp(name, RECORDED);
	for (i = 0; i < s->nr_expectations; i++)
		if (!s->expectations[i].held && !strcmp(s->expectations[i].name, name))
			return true;
	return false;
}

static void remember_failures(struct never_held *h, const struct seen *s, bool first)
{
	size_t i, n = 0;

	for (i = 0; first && i < s->nr_expectations; i++)
		if (!s->expectations[i].held)
			memcpy(h->names[h->n++], s->expectations[i].name, sizeof(h->names[0]));
	if (first && !s->nr_expectations)
		strcpy(h->names[h->n++], RECORDED);
	for (i = 0; i < h->n; i++)
		if (failed(s, h->names[i]))
			memmove(h->names[n++], h->names[i], sizeof(h->names[0]));
	h->n = n;
}

static void judge_tries(struct seen *s, const struct never_held *h)
{
	struct seen_expectation *e = &s->expectations[0];

	if (s->outcome != SEEN_INCONCLUSIVE || s->lacking || s->tries < PERFORM_TRIES || !h->n)
		return;
	s->outcome = SEEN_FAILED;
	if (s->nr_expectations)
		return;
	s->nr_expectations = 1;
	*e = (struct seen_expectation){ .name = RECORDED };
	snprintf(e->saw, sizeof(e->saw), "%.*s", (int)sizeof(e->saw) - 1, s->why);
}

int perform(const struct demos *all, const struct demo *d, const char *out, struct seen *s,
	    char *why, size_t size)
{
	const char *words[WORDS];
	unsigned int tries, failures = 0;
	struct never_held never = { 0 };
	int err = words_of(words, all, d, out);

	for (tries = 1; !err && tries <= PERFORM_TRIES; tries++) {
		err = try_once(words, out, s, why, size);
		if (err)
			break;
		s->tries = tries;
		failures += s->outcome == SEEN_FAILED;
		remember_failures(&never, s, tries == 1);
		if (s->outcome == SEEN_HELD || failures == 2 || s->lacking)
			break;
		if (tries < PERFORM_TRIES)
			printf("# once more: %s\n",
			       s->outcome == SEEN_FAILED ? "not all was as expected" : s->why);
	}
	if (err)
		return err;
	judge_tries(s, &never);
	return seen_write(s, out);
}
