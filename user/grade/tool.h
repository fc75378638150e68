/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tools of the kernel's own: what the learner wrote, where that is no part of the program but looks at
 * it, or schedules it, from within the kernel. A check.c says which kind by CHECKS_END_WITH(probe_tool);
 * run_of() then loads it before each run and takes it out after, and what it had to say is kept
 * beside the trace: told_of().
 */
#ifndef ONCPU_GRADE_TOOL_H
#define ONCPU_GRADE_TOOL_H

#include <stdint.h>
#include <stdio.h>

#include "grade/run.h"

struct tool {
	const char *file; /* beside the program */
	/* What records, instead of `oncpu record`: `oncpu sched FILE OPTION`. NULL: that. */
	const char *recorder, *option;
	void (*begin)(void); /* in what records, before that begins; may be NULL */
	/* The CHECK ends here where the kernel refuses it, which is told as that. */
	void (*load)(const struct run *r, const char *path);
	/* What it has to say, as lines "key number...", and out with it. */
	void (*unload)(FILE *told);
	/* What went wrong that no check need ask for is judged at once; NULL: nothing can. */
	void (*judge)(const struct run *r);
};

/*
 * BPF programs at tracepoints. Told: "map NAME KEY_BYTES VALUE_BYTES" for each map of theirs, and
 * "NAME KEY WORD..." for each element, of each CPU where it has one a CPU; words are of 8 bytes.
 */
extern const struct tool probe_tool;

/*
 * A kernel module, with a file of its own name in /proc. Told: that file's lines; then, of what its end
 * was like, "waits 0|1" (for whom is in its code), "unloaded ERRNO", "file_left 0|1", "again ERRNO" (loaded and unloaded a second time) and "log
 * LINE" for each complaint of the kernel.
 */
extern const struct tool module_tool;

/*
 * A scheduler, as `oncpu sched` takes it; the program is to bind itself to CPU 0. Where the kernel threw
 * it out, that is judged at once.
 */
extern const struct tool policy_tool;

/* The numbers of the next line "KEY NUMBER..." from *at (NULL: the first); how many, 0: no more of them. */
size_t told_next(const struct run *r, const char **at, const char *key, uint64_t *numbers,
		 size_t max);
/* What follows KEY in the first line of it, up to the line's end; NULL: there is none. */
const char *told_text(const struct run *r, const char *key);

/* Has the verifier look at a BPF object; NULL: it takes it, else its words. For tools only. */
const char *tool_verify(const char *path);

/* Refused: a verdict of the class "build", with the end of what the kernel said. Does not return. */
void tool_refused(const struct run *r, const char *what, const char *said);

#endif
