// SPDX-License-Identifier: GPL-2.0
/*
 * The same failure with fewer switches: the end of the schedule is left to run quietly, as far as
 * that goes; then piece after piece is moved to its thread's next, as long as the failure stays.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "explore/explore.h"

#define MAX_RUNS 400

static bool same_failure(struct exploration *x, const struct explore_run *run,
			 const struct shared_finding *wanted)
{
	const struct shared *s = explore_shared(x);
	uint32_t i;

	if (wanted->kind == FOUND_EXIT || wanted->kind == FOUND_OUTPUT)
		return run->kind == wanted->kind;
	for (i = 0; i < s->nr_findings; i++)
		if (s->findings[i].kind == wanted->kind &&
		    (wanted->kind == FOUND_DEADLOCK || wanted->kind == FOUND_HANG ||
		     (s->findings[i].place[0].pc == wanted->place[0].pc)))
			return true;
	return wanted->kind == FOUND_SIGNAL && run->kind == FOUND_SIGNAL;
}

static bool still_fails(struct exploration *x, const struct explore_schedule *s,
			const struct shared_finding *wanted)
{
	struct explore_run run;

	return !explore_replay(x, s, false, &run) && same_failure(x, &run, wanted);
}

static int copy(struct explore_schedule *to, const struct shared_segment *from, uint32_t nr)
{
	struct shared_segment *copied = calloc(nr + 1, sizeof(*copied));

	if (!copied)
		return -ENOMEM;
	memcpy(copied, from, nr * sizeof(*copied));
	free(to->segments);
	*to = (struct explore_schedule){ copied, nr };
	return 0;
}

/* The shortest beginning that is enough. */
static int cut_end(struct exploration *x, struct explore_schedule *s,
		   const struct shared_finding *wanted)
{
	uint32_t low = 0, high = s->nr;

	while (low < high) {
		struct explore_schedule half = { s->segments, (low + high) / 2 };

		if (still_fails(x, &half, wanted))
			high = half.nr;
		else
			low = half.nr + 1;
	}
	s->nr = high;
	return 0;
}

/* s without its i-th piece: its operations are done together with the thread's next ones. */
static uint32_t without(const struct explore_schedule *s, uint32_t i, struct shared_segment *to)
{
	uint32_t n = 0, k, carry = s->segments[i].nr_ops, thread = s->segments[i].thread;

	for (k = 0; k < s->nr; k++) {
		struct shared_segment piece = s->segments[k];

		if (k == i)
			continue;
		if (k > i && carry && piece.thread == thread) {
			piece.nr_ops += carry;
			carry = 0;
		}
		if (n && to[n - 1].thread == piece.thread)
			to[n - 1].nr_ops += piece.nr_ops;
		else
			to[n++] = piece;
	}
	return n;
}

int explore_shrink(struct exploration *x, const struct explore_failure *f,
		   struct explore_schedule *s)
{
	struct shared_segment *trial = calloc(f->schedule.nr + 1, sizeof(*trial));
	uint32_t i, runs = 0;
	bool better = true;
	int err;

	*s = (struct explore_schedule){ 0 };
	err = trial ? copy(s, f->schedule.segments, f->schedule.nr) : -ENOMEM;
	if (!err && !still_fails(x, s, &f->finding))
		err = -EAGAIN;
	if (!err)
		err = cut_end(x, s, &f->finding);
	while (!err && better && runs < MAX_RUNS) {
		better = false;
		for (i = s->nr; i-- > 0 && runs < MAX_RUNS;) {
			struct explore_schedule t = { trial, without(s, i, trial) };

			runs++;
			if (t.nr >= s->nr || !still_fails(x, &t, &f->finding))
				continue;
			err = copy(s, trial, t.nr);
			better = true;
		}
	}
	free(trial);
	return err;
}
