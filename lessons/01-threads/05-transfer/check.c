// SPDX-License-Identifier: GPL-2.0
#include "grade/check.h"

#define LONG_WAIT_NS 3000000ull

CHECK(output, "no money is lost, and none is made")
{
	const struct run *r = run_of("bank");

	JUDGE(printed(r, "at_once 0"),
	      "Two clerks at one account both read what it holds, and the second writes over what "
	      "the first wrote.",
	      "Find two intervals \"move\" on the timeline that overlap and have an account in "
	      "common. What did each of the two clerks hold then?");
	JUDGE(printed(r, "total 6000"), "The six accounts began with 6000 together.",
	      "Which transfer took and did not give, or gave twice?");
}

CHECK(output, "each transfer is tried once, and says what came of it")
{
	const struct run *r = run_of("bank");

	JUDGE(printed(r, "calls 52"),
	      "There were 52 transfers: a clerk who finds an account busy has to wait, and then to "
	      "move the money all the same.",
	      "Is there a way through your transfer() that does not come to move_money(), or comes "
	      "to it twice?");
	JUDGE(printed(r, "said 51"),
	      "One account had not enough, all others had: the caller relies on what it is told.",
	      "Compare what move_money() returned and what transfer() returned.");
}

CHECK(structure, "clerks without an account in common work at the same time")
{
	JUDGE(most_at_once(run_of("disjoint"), "move", 2, 2),
	      "Clerk 0 moves money between accounts 0 and 1, clerk 2 between 2 and 3. If one waits "
	      "for the other, a bank with a thousand clerks is as slow as one with a single clerk.",
	      "Look at the two clerks' rows: what do they wait for in turn, which they both need "
	      "although they share no account?");
}

CHECK(structure, "a clerk who waits holds up nobody who wants other accounts")
{
	const struct run *r = run_of("third");

	JUDGE(certain(seen(r, number_of(r, "third_came") == 1,
			   "clerk-0-to-1 was at work for 3 s, and clerk-1-to-2 waited for account "
			   "1. clerk-3-to-4 came, whose accounts nobody else wanted, and did not "
			   "get to work in all that time.")),
	      "One long transfer, and one clerk who waits for it: if that is enough to stop "
	      "everybody else, the bank is as slow as its slowest clerk.",
	      "While clerk-1-to-2 waits for account 1, what does it hold that clerk-3-to-4 needs, "
	      "too?");
}

struct wait {
	uint64_t from_ns, to_ns, ran_ns, sleeps;
	uint32_t tid;
};

static void look_into(struct wait *w, const struct thread *t)
{
	const struct interval *i;
	uint64_t from, to;

	for (i = t->intervals; i < t->intervals + t->nr_intervals; i++) {
		from = i->start_ns > w->from_ns ? i->start_ns : w->from_ns;
		to = i->end_ns < w->to_ns ? i->end_ns : w->to_ns;
		if (from >= to)
			continue;
		if (i->state == STATE_RUNNING)
			w->ran_ns += to - from;
		w->sleeps += i->state == STATE_SLEEPING;
	}
}

/* From where a transfer began to where its money moved. */
static struct wait wait_of(const struct run *r, const struct mark *transfer)
{
	struct wait w = { transfer->start_ns, transfer->end_ns, 0, 0, transfer->tid };
	const struct mark *const *moves;
	size_t n, i;

	moves = marks_of(r, "move", &n);
	for (i = 0; i < n; i++)
		if (moves[i]->tid == w.tid && moves[i]->start_ns >= w.from_ns &&
		    moves[i]->start_ns < w.to_ns)
			w.to_ns = moves[i]->start_ns;
	if (transfer->thread < r->model->nr_threads)
		look_into(&w, &r->model->threads[transfer->thread]);
	return w;
}

/*
 * The worst of the long waits, where a third and more of them were spent on a CPU; else tid is 0. To
 * try again after a nap is a way out of a deadlock: many short sleeps, which waits_slept() would find,
 * are none of our business here.
 */
static struct wait most_awake(const struct run *r)
{
	const struct mark *const *marks;
	struct wait w, most = {};
	size_t n, i, waits = 0, awake = 0;

	marks = marks_of(r, "transfer", &n);
	for (i = 0; i < n; i++) {
		w = wait_of(r, marks[i]);
		if (w.to_ns - w.from_ns < LONG_WAIT_NS || (!w.sleeps && w.ran_ns < LONG_WAIT_NS))
			continue;
		waits++;
		if (w.sleeps && w.ran_ns * 2 < w.to_ns - w.from_ns)
			continue;
		awake++;
		if (w.ran_ns > most.ran_ns)
			most = w;
	}
	return awake >= 2 && awake * 3 >= waits ? most : (struct wait){};
}

CHECK(waiting, "a clerk who has to wait sleeps")
{
	const struct run *r = run_of("bank");
	struct wait w = most_awake(r);
	struct verdict v = seen(r, !w.tid,
				"%s/%u waited in \"transfer\" for %.1f ms until it could move the "
				"money, and was on a "
				"CPU for %.1f ms of that.",
				w.tid ? name_of(r, w.tid) : "", w.tid,
				(double)(w.to_ns - w.from_ns) / 1e6, (double)w.ran_ns / 1e6);

	JUDGE(certain(w.tid ? at(v, r, w.from_ns, w.to_ns, w.tid) : v),
	      "Trying again and again keeps a CPU busy without moving any money; where all do it, "
	      "nobody gets anywhere, and it is called a livelock.",
	      "Which loop of yours goes round while the other clerk has the account, and what does "
	      "it do between two tries?");
}

CHECK(pert, "two who move money in opposite directions always get done")
{
	JUDGE(holds_in_schedules("pair", 60),
	      "It need not happen in the run that you look at. It happens in one of a million, on "
	      "the day when all come at once.",
	      "Read the interleaving from its end: what does each thread hold, and what does it "
	      "wait for?");
}

CHECK(pert, "so it is at any two accounts")
{
	JUDGE(holds_in_schedules("pairs", 30),
	      "An order in which to take locks is one only if no two of them have the same place "
	      "in it.",
	      "Which two accounts are these, and which of them does your transfer() take first in "
	      "either direction?");
}

CHECK(pert, "three in a ring, and many at one account, always get done")
{
	JUDGE(holds_in_schedules("ring", 60),
	      "Each waits for the next, and the last for the first. No two of them need be in each "
	      "other's way for that.",
	      "Draw an arrow from what each thread holds to what it waits for. How could that ring "
	      "never close?");
	JUDGE(holds_in_schedules("shared", 60),
	      "An order of steps that is seldom is not one that never is.",
	      "Read the interleaving: which two threads are at the same account, and what did you "
	      "rely on to keep them apart?");
}
CHECKS_END
