/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Run a program under many schedules and show the first that breaks it. For the explore command and
 * for the checks of exercises.
 *
 *	struct exploration *x;
 *	struct explore_options o = { .program = "prog", .argv = argv, .nr_schedules = 1000 };
 *
 *	err = explore_open(&x, &o, why, sizeof(why));
 *	err = explore_run(x, &result);	  result.failure is NULL if nothing was found
 *	explore_close(x);
 *
 * The program must have been built for it: explore_build() or "oncpu cc". Nothing here prints.
 * Functions return 0 or -errno; why then says what is missing, with the mend.
 */
#ifndef ONCPU_EXPLORE_EXPLORE_H
#define ONCPU_EXPLORE_EXPLORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "explore/shared.h"

enum explore_strategy {
	EXPLORE_MIX, /* the default: what found most in our measurements */
	EXPLORE_SURW,
	EXPLORE_RF,
	EXPLORE_PCT,
	EXPLORE_POS,
	EXPLORE_RANDOM,
	EXPLORE_QUIET,
	EXPLORE_NR,
};

struct explore_options {
	const char *program;
	char *const *argv; /* argv[0] included */
	enum explore_strategy strategy;
	uint64_t seed;	       /* of the whole exploration */
	uint32_t nr_schedules; /* 0: 1000 */
	double seconds;	       /* 0: no limit */
	double seconds_each;   /* of one schedule; 0: 10 */
	uint32_t max_steps;    /* of one schedule; 0: 2 million */
	const char *expect;    /* what it must print; NULL: anything */
	bool any_exit_status;  /* one that is not 0 is no failure */
	bool keep_going;       /* on to the last schedule, whatever was found */
	bool stop_at_fault;    /* also where the run went on: at a data race */
	bool show_output;      /* the program's output is not caught */
};

/* One schedule, as it can be run again. */
struct explore_schedule {
	struct shared_segment *segments;
	uint32_t nr;
};

/* One run. */
struct explore_run {
	uint32_t kind;	/* FOUND_..., of what ended it */
	int32_t status; /* as waitpid() tells it */
	uint32_t nr_steps, nr_switches;
	uint64_t hash;
	bool timed_out;
};

/* What was found, copied from the run that found it. */
struct explore_failure {
	struct shared_finding finding;
	struct shared_wait *waits;
	uint32_t nr_waits;
	uint32_t number; /* of the schedule that showed it first, from 1 */
	enum explore_strategy strategy;
	uint64_t hash;
	struct explore_schedule schedule;
	char *word; /* the schedule as text: replays it bit for bit */
	char *output;
};

struct explore_result {
	struct explore_failure *failures; /* one a kind and place, in the order they came */
	uint32_t nr_failures;
	struct explore_failure *harm;  /* the first that ended its run, or NULL */
	struct explore_failure *first; /* the first of all, or NULL */
	uint32_t nr_schedules;	       /* that were run */
	uint32_t nr_undecided;	       /* that met a limit: of time, of steps */
	uint32_t nr_threads;
	double seconds;
	const char *refused; /* what the program does that the explorer cannot take, or NULL */
};

struct exploration;

int explore_open(struct exploration **x, const struct explore_options *o, char *why, size_t size);
int explore_run(struct exploration *x, struct explore_result *result);
void explore_close(struct exploration *x);

/* Runs the schedule again; with log, what it did is in explore_shared()->events. */
int explore_replay(struct exploration *x, const struct explore_schedule *s, bool log,
		   struct explore_run *run);
/* Becomes "gdb --args PROGRAM...", in which the schedule is run and stops where it fails. */
int explore_debug(struct exploration *x, const struct explore_schedule *s);
/* Runs the last run's schedule once more, with log. -EILSEQ: it came out differently. */
int explore_again(struct exploration *x, struct explore_run *run);
/* Runs the number-th schedule of this exploration. */
int explore_number(struct exploration *x, uint32_t number, struct explore_run *run);
const struct shared *explore_shared(const struct exploration *x);
const struct explore_options *explore_options(const struct exploration *x);
const char *explore_output(struct exploration *x);
/* The findings of the last run that are worth to be told; what ended it comes last. */
uint32_t explore_kind(const struct exploration *x, const struct explore_run *run);

/* The same failure with fewer switches. */
int explore_shrink(struct exploration *x, const struct explore_failure *f,
		   struct explore_schedule *smaller);

/* word.c: "0x12.1x5": thread 0 does 12 operations, then thread 1 does 5 */
char *explore_word(const struct explore_schedule *s);
int explore_parse_word(const char *word, struct explore_schedule *s);

/* build.c */
int explore_build(const char *cc, char *const *arguments, const char *output, char *why,
		  size_t size);
int explore_compiler_command(const char *cc, char *const *arguments, char ***command, char *why,
			     size_t size);

const char *explore_strategy_name(enum explore_strategy s);
int explore_strategy_by_name(const char *name, enum explore_strategy *s);

#endif
