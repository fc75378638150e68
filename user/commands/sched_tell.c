// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/clock.h"
#include "commands/sched_tell.h"
#include "commands/terminal.h"
#include "lib/command.h"

#define SECOND 1000000000ull
#define AFTER                                                                                     \
	"\vThe exit status is CMD's own (128 + N where signal N killed it); 1: the kernel threw " \
	"the "                                                                                    \
	"policy out, 2: wrong usage, 3: something is missing here, 4: this kernel has no "        \
	"sched_ext."

int sched_texts_of(struct sched_texts *texts, const struct policy *p)
{
	const struct policy_knob *knobs = policy_knobs(p, &texts->nr_knobs);
	size_t i;

	if (asprintf(&texts->doc, "Runs CMD under %s%s%s, and records it." AFTER, policy_name(p),
		     *policy_sentence(p) ? ": " : "", policy_sentence(p)) < 0)
		texts->doc = NULL;
	texts->knobs = calloc(texts->nr_knobs + 1, sizeof(*texts->knobs));
	if (!texts->doc || !texts->knobs)
		return -ENOMEM;
	for (i = 0; i < texts->nr_knobs; i++)
		if (asprintf(&texts->knobs[i], "%s (%" PRIu64 "; %" PRIu64 " to %" PRIu64 ")",
			     knobs[i].text, knobs[i].value, knobs[i].least, knobs[i].most) < 0)
			texts->knobs[i] = NULL;
	return 0;
}

void sched_texts_free(struct sched_texts *texts)
{
	size_t i;

	for (i = 0; texts->knobs && i < texts->nr_knobs; i++)
		free(texts->knobs[i]);
	free(texts->knobs);
	free(texts->doc);
}

static void print_policy(const char *name)
{
	const struct policy_knob *knobs;
	struct policy *p;
	char why[512];
	size_t n, i;

	if (policy_open(&p, name, why, sizeof(why))) {
		fprintf(stderr, "oncpu sched: %s\n", why);
		return;
	}
	printf("  %-9s %s\n", name, policy_sentence(p));
	knobs = policy_knobs(p, &n);
	for (i = 0; i + 1 < n; i++) /* but the last, which all have */
		printf("  %-9s   --%s=%" PRIu64 "  %s\n", "", knobs[i].name, knobs[i].value,
		       knobs[i].text);
	policy_end(p);
}

int sched_list(void)
{
	char **names, why[512] = "no memory";
	size_t n, i;

	if (policy_list(&names, &n, why, sizeof(why))) {
		fprintf(stderr, "oncpu sched: %s\n", why);
		return EXIT_ENVIRON;
	}
	printf("Schedulers that can be read (bpf/sched/NAME.bpf.c), and their knobs:\n\n");
	for (i = 0; i < n; i++) {
		print_policy(names[i]);
		free(names[i]);
	}
	free(names);
	printf("\nUnder one of them: oncpu sched NAME [--KNOB=N...] -- CMD...\n"
	       "Under one of your own: oncpu sched PATH.bpf.o -- CMD...\n"
	       "More: oncpu sched NAME --help\n");
	return EXIT_OK;
}

int sched_help(const char *option)
{
	if (!strcmp(option, "--help") || !strcmp(option, "-?") || !strcmp(option, "-h"))
		return sched_list();
	fprintf(stderr,
		"oncpu sched: the policy comes first, then its options, not '%s': "
		"'oncpu sched' lists them\n",
		option);
	return EXIT_USAGE;
}

static void draw(const struct sched_screen *s)
{
	size_t n, i, used;
	const struct policy_stat *stats = policy_stats(s->policy, &n);
	char line[512];

	used = (size_t)snprintf(line, sizeof(line), "%s, %.0f s:", policy_name(s->policy),
				(double)(s->last_ns - s->start_ns) / 1e9);
	for (i = 0; i < n && used < sizeof(line); i++)
		used += (size_t)snprintf(line + used, sizeof(line) - used, "%s %" PRIu64 " %s",
					 i ? "," : "", stats[i].value, stats[i].name);
	fprintf(stderr, "\r\033[K%.*s", (int)terminal_columns(STDERR_FILENO, 80) - 1, line);
}

void sched_screen_begin(struct sched_screen *s)
{
	s->is_terminal = isatty(STDERR_FILENO);
	s->start_ns = s->last_ns = now_ns();
}

void sched_look(void *screen)
{
	struct sched_screen *s = screen;
	uint64_t now = now_ns();

	if (!s->is_terminal || now - s->last_ns < SECOND)
		return;
	s->last_ns = now;
	draw(s);
}

void sched_screen_end(struct sched_screen *s)
{
	if (s->is_terminal && s->last_ns != s->start_ns)
		fprintf(stderr, "\r\033[K");
}

void sched_tell_stats(struct policy *p)
{
	size_t n, i;
	const struct policy_stat *stats = policy_stats(p, &n);

	for (i = 0; i < n; i++)
		fprintf(stderr, "oncpu sched: %s: %" PRIu64 " %s\n", policy_name(p), stats[i].value,
			stats[i].text);
}
