// SPDX-License-Identifier: GPL-2.0
#include "grade/check.h"

#define SPUN_PERCENT 25
#define SPUN_NS	     5000000ull

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

	JUDGE(printed(r, "calls 42"),
	      "There were 42 transfers: a clerk who finds an account busy has to wait, and then to "
	      "move the money all the same.",
	      "Is there a way through your transfer() that does not come to move_money(), or comes "
	      "to it twice?");
	JUDGE(printed(r, "said 41"),
	      "One account had not enough, all others had: the caller relies on what it is told.",
	      "Compare what move_money() returned and what transfer() returned.");
}

CHECK(overlap, "clerks without an account in common work at the same time")
{
	JUDGE(overlapped(run_of("disjoint"), "move", 2, 50),
	      "Clerk 0 moves money between accounts 0 and 1, clerk 2 between 2 and 3. If one waits "
	      "for the other, a bank with a thousand clerks is as slow as one with a single clerk.",
	      "Look at the two clerks' rows: what do they wait for in turn, which they both need "
	      "although they share no account?");
}

/* The longest run in a transfer in which there was nothing to compute. */
static const struct mark *most_awake(const struct run *r)
{
	const struct mark *const *marks, *most = NULL;
	uint64_t ran, longest = SPUN_NS;
	size_t n, i;

	marks = marks_of(r, "transfer", &n);
	for (i = 0; i < n; i++) {
		ran = marks[i]->end_ns - marks[i]->start_ns - marks[i]->off_cpu_ns;
		if (ran < longest ||
		    ran * 100 < (marks[i]->end_ns - marks[i]->start_ns) * SPUN_PERCENT)
			continue;
		longest = ran;
		most = marks[i];
	}
	return most;
}

/* Trying again after a nap is a way out of a deadlock, so a few short sleeps are none of our business. */
CHECK(waiting, "a clerk who has to wait sleeps")
{
	const struct run *r = run_of("bank");
	const struct mark *m = most_awake(r);
	struct verdict v =
		seen(r, !m,
		     "%s/%u was in \"transfer\" for %.1f ms, and on a CPU for %.1f ms of "
		     "that. The books, which are written in the meantime, need no CPU.",
		     m ? name_of(r, m->tid) : "", m ? m->tid : 0,
		     m ? (double)(m->end_ns - m->start_ns) / 1e6 : 0,
		     m ? (double)(m->end_ns - m->start_ns - m->off_cpu_ns) / 1e6 : 0);

	JUDGE(m ? at(v, r, m->start_ns, m->end_ns, m->tid) : v,
	      "Trying again and again keeps a CPU busy without moving any money; where all do it, "
	      "nobody gets anywhere, and it is called a livelock.",
	      "Which loop of yours goes round while the other clerk has the account, and what does "
	      "it do between two tries?");
}

CHECK(pert, "two who move money in opposite directions always get done")
{
	JUDGE(holds_in_schedules("pair", 200),
	      "It need not happen in the run that you look at. It happens in one of a million, on "
	      "the day when all come at once.",
	      "Read the interleaving from its end: what does each thread hold, and what does it "
	      "wait for?");
}

CHECK(pert, "so do three in a ring, and many at one account")
{
	JUDGE(holds_in_schedules("ring", 200),
	      "Each waits for the next, and the last for the first. No two of them need be in each "
	      "other's way for that.",
	      "Draw an arrow from what each thread holds to what it waits for. How could that ring "
	      "never close?");
	JUDGE(holds_in_schedules("shared", 150),
	      "An order of steps that is seldom is not one that never is.",
	      "Read the interleaving: which two threads are at the same account, and what did you "
	      "rely on to keep them apart?");
}
CHECKS_END
