/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A verdict: pass, fail or inconclusive, with what was seen that argues for it, and where. Facts come
 * from the model; words are for a person.
 */
#ifndef ONCPU_GRADE_VERDICT_H
#define ONCPU_GRADE_VERDICT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum verdict_kind {
	VERDICT_PASS,
	VERDICT_FAIL,
	VERDICT_INCONCLUSIVE, /* nothing about the program: the record or the machine is to blame */
};

/* What an exercise is looked at for, in this order. The first that fails is told. */
enum check_class {
	CLASS_BUILD,
	CLASS_OUTPUT,
	CLASS_HANG,
	CLASS_STRUCTURE,
	CLASS_OVERLAP,
	CLASS_WAITING,
	CLASS_SECTION,
	CLASS_PERT,
	NR_CLASSES
};

#define VERDICT_SAW  2048
#define VERDICT_WORD 512

struct verdict {
	enum verdict_kind kind;
	enum check_class in;
	char title[128];	 /* what must hold: "every word is counted once" */
	char saw[VERDICT_SAW];	 /* what was seen, in numbers */
	char why[VERDICT_WORD];	 /* why it matters */
	char look[VERDICT_WORD]; /* where to look next */
	char run[64];		 /* the scenario: its trace is RUN.oncpu; "": none */
	uint64_t from_ns, to_ns; /* from the start of the span; both 0: all of it */
	uint32_t tid;		 /* 0: nobody in particular */
	bool certain;		 /* no machine is slow enough to make a right program look so */
	char schedule[256];	 /* of the explorer: replays the failure; "": none */
	char scenario[128];	 /* the arguments it was explored with */
};

const char *verdict_kind_name(enum verdict_kind k);
const char *check_class_name(enum check_class c);
int check_class_by_name(const char *name, enum check_class *c);
/* A failure in a class that looks at times is believed when it comes twice in three. */
bool check_class_is_timing(enum check_class c);

/* One JSON object a file. 0 or -errno; reading: -EBADMSG where it is none. */
int verdict_write(const struct verdict *v, const char *path);
int verdict_read(struct verdict *v, const char *path);

#endif
