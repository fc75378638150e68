/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The critical path: what the length of the run was made of, step after step, back from the end of
 * the target's last thread. Where that one ran, or wanted a CPU, this is a step. Where it had
 * waited until another thread of the target woke it, what that one did before is; so too for the
 * creation of a thread. A wait that no thread of the target ended (a timer, a disk, another
 * program, nobody known) is a step itself. So the steps lie end to end from the start of the span
 * to its end, and nothing but what is on the path could have made the run shorter.
 */
#ifndef ONCPU_MODEL_PATH_H
#define ONCPU_MODEL_PATH_H

#include "model/model.h"

struct path_step {
	uint64_t start_ns, end_ns;
	uint32_t thread;   /* of model.threads; nr_threads: nobody is known for that time */
	uint32_t interval; /* of the thread */
};

/* All steps of one thread that are alike. */
struct path_share {
	uint32_t thread; /* as above */
	enum state state;
	enum cause cause; /* of those asleep or blocked; else CAUSE_UNKNOWN */
	uint64_t ns;
	size_t nr; /* of steps; those that follow each other at once are one */
};

struct path {
	struct path_step *steps; /* in order of time */
	size_t nr_steps;
	struct path_share *shares; /* by ns, the most first */
	size_t nr_shares;
	uint64_t ran_ns, runnable_ns, waited_ns, unknown_ns; /* of the span */
	size_t nr_handovers;				     /* from thread to thread */
};

/* 0 or -ENOMEM. Without a target no steps. path_free() it. */
int model_path(struct path *p, const struct model *m);
void path_free(struct path *p);

/* "ran", "wanted a CPU", "waited for the disk": what a share's thread did. */
const char *path_did(const struct path_share *s);

#endif
