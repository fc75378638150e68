/* SPDX-License-Identifier: GPL-2.0 */
/* What `oncpu sched` says: the list, a policy's help, its numbers while it is on and at the end. */
#ifndef ONCPU_COMMANDS_SCHED_TELL_H
#define ONCPU_COMMANDS_SCHED_TELL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sched/policy.h"

struct sched_texts { /* for argp, which wants them to stay */
	char *doc;
	char **knobs; /* as policy_knobs() */
	size_t nr_knobs;
};

int sched_texts_of(struct sched_texts *texts, const struct policy *p);
void sched_texts_free(struct sched_texts *texts);

/* Both an exit status. */
int sched_list(void);
int sched_help(const char *option);

struct sched_screen {
	struct policy *policy;
	uint64_t start_ns, last_ns;
	bool is_terminal;
};

/* A line a second on a terminal, that writes over itself. sched_look(): for session_options.look. */
void sched_screen_begin(struct sched_screen *s);
void sched_look(void *screen);
void sched_screen_end(struct sched_screen *s);

void sched_tell_stats(struct policy *p);

#endif
