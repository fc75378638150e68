/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A run: the learner's program with some arguments, once, under the recorder, within fences: of time,
 * memory, processes, files and output.
 */
#ifndef ONCPU_GRADE_RUN_H
#define ONCPU_GRADE_RUN_H

#include <stdbool.h>
#include <stdint.h>

#include "grade/verdict.h"
#include "lib/trace.h"
#include "model/model.h"

#define RUN_SECONDS    15	    /* at most; what is right ends long before */
#define RUN_QUIET_MS   2500	    /* all asleep, none switched: it hangs */
#define RUN_OUTPUT     (1 << 20)    /* bytes of its output that are kept */
#define RUN_DATA_BYTES (4ull << 30) /* the stacks of 512 threads are as much */
#define RUN_OPTIONS    10

/* Of the CPUs, by the machine under this one: beyond it nothing follows. */
#define RUN_STOLEN_MOST 0.1

enum run_end {
	RUN_EXITED,
	RUN_KILLED,	/* by a signal of its own */
	RUN_QUIET,	/* it hung: all its threads slept */
	RUN_CROWD,	/* it made more tasks than QUIET_MOST_TASKS */
	RUN_ENDLESS,	/* it still ran when its time was over */
	RUN_UNRECORDED, /* it did not, but its recorder did */
};

struct run {
	char arguments[128], name[64];	  /* "count 4", "count-4": the trace is OUT/NAME.oncpu */
	const char *program;		  /* NULL: run_place.program */
	const char *options[RUN_OPTIONS]; /* more of them, of the recorder; NULL ends them */
	enum run_end end;
	int code;	/* exit status, or the signal */
	double stolen;	/* share of the CPUs that the machine's host took, 0 to 1 */
	double starved; /* see starved.h: before or after it, whichever was worse */
	char *output, *errors;
	char *told; /* by the tool that was loaded meanwhile (tool.h); "": there was none */
	struct trace *trace;
	struct model *model;
};

/* Where programs are and what is found goes: set once, by check_open(). */
struct run_place {
	const char *program, *explored, *out, *oncpu;
};
extern struct run_place run_place;

/* Loaded while a run is made; NULL: none. */
struct tool;
extern const struct tool *run_tool;

/* Arguments as a shell would write them, without quotes. Never NULL: a run that hung, crashed or
 * exited with a status that is not 0 is judged at once, and ends the CHECK. */
__attribute__((format(printf, 1, 2))) const struct run *run_of(const char *format, ...);
/* The same, but a status that is not 0 is the check's affair. */
__attribute__((format(printf, 1, 2))) const struct run *run_whatever(const char *format, ...);

/* Before a program of the learner's is started: what it writes, however many files, is not to come back. */
void run_leave_folder(void);
/* 0, or -errno: the recorder could not do it; why says what it said. */
int run_record(struct run *r, char *why, size_t why_size);
/* Of a run that was made: how starved the machine was. 0: not known. */
double run_starved(const char *name);
/* Reads what run_record() left in OUT. 0 or -errno with a sentence in why. */
int run_load(struct run *r, char *why, size_t why_size);

#endif
