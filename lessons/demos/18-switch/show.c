// SPDX-License-Identifier: GPL-2.0
/* A byte to and fro: a switch for each way on one CPU, and a wake-up of an idle CPU on two. */
#include "demo/show.h"

#define LOOK_ROUNDS 12

/* How often a CPU changes from one of the two to the other. */
static size_t changes(const struct run *r, struct stretch s)
{
	const struct cpu *c = &r->model->cpus[0];
	const struct cpu_interval *i;
	uint32_t ping = who(r, "ping")->tid, pong = who(r, "pong")->tid, last = 0;
	size_t n = 0;

	for (i = c->intervals; i < c->intervals + c->nr_intervals; i++) {
		if (i->start_ns < s.from_ns || i->start_ns >= s.to_ns ||
		    (i->tid != ping && i->tid != pong))
			continue;
		n += last && last != i->tid;
		last = i->tid;
	}
	return n;
}

static double us_a_round(const struct run *r)
{
	return (double)number_of(r, "us") / (double)knob("rounds");
}

/* Of the time, so many percent in which none of the two was on a CPU. */
static double nobody_percent(const struct run *r, struct stretch s)
{
	double ran = ran_ms(who(r, "ping"), s) + ran_ms(who(r, "pong"), s);

	return 100 - ran * 100 / length_ms(s);
}

static void picture(const struct run *r, const char *caption)
{
	struct stretch s = part(any(r, "rounds"), 50, 100);

	look(r, around(r, s.from_ns, 0, (uint64_t)(us_a_round(r) * LOOK_ROUNDS * 1e3)), "%s",
	     caption);
	row(r, "ping");
	row(r, "pong");
}

SHOW
{
	long rounds = knob("rounds");
	const struct run *alone, *one, *two;
	double calls, on_one, on_two, per_round;
	size_t slept;
	struct stretch s;

	alone = act("alone", "one thread, and the same system calls", "workload alone %ld", rounds);
	calls = us_a_round(alone);
	two = act("two", "two threads on two CPUs", "workload two %ld", rounds);
	on_two = us_a_round(two);
	picture(two, "Each waits for the other, and its CPU is idle meanwhile.");
	one = act("one", "two threads on one CPU", "workload one %ld", rounds);
	on_one = us_a_round(one);
	s = any(one, "rounds");
	per_round = (double)changes(one, s) / (double)rounds;
	slept = times(who(two, "ping"), any(two, "rounds"), STATE_SLEEPING);
	picture(one, "A, B, A, B: each has a byte, hands it on, and has to leave.");
	answer(per_round < 0.5 ? 1 : per_round < 1.5 ? 2 : per_round < 3 ? 3 : 0);
	say("On one CPU the byte went there and back in %.0f us, and the CPU changed hands %.1f "
	    "times "
	    "in each round.",
	    on_one, per_round);
	say("One thread alone needs %.0f us for the same system calls. The rest, %.0f us for each "
	    "switch, is waking, choosing, switching, and the recorder, which writes each of them "
	    "down; all of it in an emulated machine.",
	    calls, (on_one - calls) / 2);
	say("On two CPUs a round took %.0f us, and for %.0f %% of the time neither of the two ran: "
	    "a "
	    "CPU was being woken.",
	    on_two, nobody_percent(two, any(two, "rounds")));
	expect("on one CPU there are two switches a round", within(per_round, 1.6, 2.2),
	       "%.2f in each round", per_round);
	expect("the switches cost more than the calls", on_one > calls, "%.1f us a round, and %.1f",
	       on_one, calls);
	expect("on two CPUs they never run side by side for long",
	       ran_ms(who(two, "ping"), any(two, "rounds")) +
			       ran_ms(who(two, "pong"), any(two, "rounds")) <
		       1.6 * length_ms(any(two, "rounds")),
	       "together they ran %.1f of %.1f ms",
	       ran_ms(who(two, "ping"), any(two, "rounds")) +
		       ran_ms(who(two, "pong"), any(two, "rounds")),
	       length_ms(any(two, "rounds")));
	expect("there they sleep in each round, too", slept * 2 >= (size_t)rounds,
	       "ping slept %zu times in %ld rounds", slept, rounds);
}
