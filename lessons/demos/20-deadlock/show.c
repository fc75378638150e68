// SPDX-License-Identifier: GPL-2.0
/* Two locks in two orders: the bars stop, and the record has the cycle. In one order they do not. */
#include <stdlib.h>
#include <string.h>

#include "demo/show.h"
#include "model/findings.h"

#define BEFORE_NS 150000000 /* of the work, left of where it stops */
#define AFTER_NS  1500000000

/* The rounds that came to their end. */
static size_t rounds_done(const struct run *r)
{
	const struct mark *const *marks;
	size_t n, i, done = 0;

	marks = marks_of(r, "move", &n);
	for (i = 0; i < n; i++)
		done += !marks[i]->no_end;
	return done;
}

/* How many threads the cycle has; 0: there is none. */
static size_t find_cycle(const struct run *r, struct finding *cycle)
{
	struct finding *all;
	size_t n, i, threads = 0;

	if (model_findings(&all, &n, r->model))
		give_up("no memory");
	for (i = 0; i < n && !threads; i++) {
		if (all[i].kind != FINDING_DEADLOCK)
			continue;
		*cycle = all[i];
		threads = all[i].nr;
	}
	free(all);
	return threads;
}

/* "mover-1 waits for what mover-2 holds, and mover-2 ..." */
static const char *tell(const struct run *r, const struct finding *f)
{
	const char *text = words("%s", f->thread->comm);
	unsigned int i;

	for (i = 0; i < f->nr_tids && i < FINDING_THREADS; i++)
		text = words("%s waits for what %s holds, %s", text, name_of(r, f->tids[i]),
			     name_of(r, f->tids[i]));
	return words("%s for what %s holds", text, f->thread->comm);
}

static void rows(const struct run *r, long threads)
{
	long i;

	for (i = 1; i <= threads; i++)
		row(r, words("mover-%ld", i));
}

/* From the closing of the cycle on: does any of them run? */
static double ran_after_ms(const struct run *r, long threads, struct stretch s)
{
	double sum = 0;
	long i;

	for (i = 1; i <= threads; i++)
		sum += ran_ms(who(r, words("mover-%ld", i)), s);
	return sum;
}

SHOW
{
	long threads = knob("threads"), seed = knob("seed");
	const struct run *opposite, *ordered;
	struct finding cycle = {}, none;
	size_t length, done, done_ordered;
	struct stretch still = {};
	double ran = 0;

	opposite = act_whatever("opposite", "each takes its own lock first",
				"workload opposite %ld %ld", threads, seed);
	ordered = act("ordered", "the lock with the smaller number first",
		      "workload ordered %ld %ld", threads, seed);
	done_ordered = rounds_done(ordered);
	look(ordered, part(any(ordered, "move"), 40, 60),
	     "They wait for each other, and go on: whoever needs two takes the smaller first.");
	rows(ordered, threads);

	length = find_cycle(opposite, &cycle);
	done = rounds_done(opposite);
	expect("in opposite orders it hangs", opposite->end == RUN_QUIET, "after %zu rounds %s",
	       done, opposite->end == RUN_QUIET ? "all slept" : "it came to an end");
	expect("the record has the cycle", length == (size_t)threads, "a cycle of %zu threads",
	       length);
	if (length) {
		still = (struct stretch){ cycle.start_ns, cycle.end_ns };
		ran = ran_after_ms(opposite, threads, still);
		look(opposite, around(opposite, still.from_ns, BEFORE_NS, AFTER_NS),
		     "The bars stop: each sleeps, and holds what the next one waits for.");
		rows(opposite, threads);
		claim(opposite, 1, still.from_ns + 20000000);
		claim(opposite, 2, still.from_ns + 1000000000);
		claim(opposite, 3, around(opposite, still.from_ns, 0, AFTER_NS).to_ns);
		happened(opposite, around(opposite, still.from_ns, 0, AFTER_NS).to_ns);
		say("After %zu rounds in all the bars stop: %s.", done, tell(opposite, &cycle));
		say("From there on they ran %.0f ms in %.1f s. Nobody uses a CPU, and nobody "
		    "complains; it is the recorder that ends it.",
		    ran, length_ms(still) / 1000);
	}
	answer(length && ran < 1 ? 3 : 0);
	say("The same work with the smaller lock first: %zu rounds of %llu, and no cycle.",
	    done_ordered, (unsigned long long)number_of(ordered, "rounds") * (unsigned)threads);
	expect("once it stands, nothing runs", length && ran < 1, "they ran %.2f ms in %.1f s", ran,
	       length_ms(still) / 1000);
	expect("in one order all rounds are done",
	       done_ordered == number_of(ordered, "rounds") * (size_t)threads &&
		       !find_cycle(ordered, &none),
	       "%zu rounds", done_ordered);
}
