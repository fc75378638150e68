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

/* The middle one. */
static double us_a_round(const struct run *r)
{
	return (double)number_of(r, "ns") / 1e3;
}

#define TRIES 80

/* Where there are as many rounds as there mostly are: an emulated CPU stands still now and then. */
static struct stretch plain_part(const struct run *r)
{
	const struct thread *t = who(r, "ping");
	struct stretch s = part(any(r, "rounds"), 10, 95), best = s, one;
	double round_ms = median_ms(t, s, STATE_RUNNING) + median_ms(t, s, STATE_SLEEPING);
	double percent = LOOK_ROUNDS * round_ms * 100 / length_ms(s), from;
	size_t n, most = 0;
	int i;

	for (i = 0; i < TRIES && percent < 100; i++) {
		from = (100 - percent) * i / TRIES;
		one = part(s, from, from + percent);
		n = times(t, one, STATE_RUNNING);
		if (n > most) {
			most = n;
			best = one;
		}
	}
	return best;
}

static struct stretch picture(const struct run *r, const char *caption)
{
	struct stretch shown = plain_part(r);

	look(r, shown, "%s", caption);
	row(r, "ping");
	row(r, "pong");
	return shown;
}

/*
 * From one coming of "ping" to the next is a round. When does the CPU change hands? After a slice, which is
 * beyond the picture; at the end of the round; in the middle of it, and at its end.
 */
static void lay_claims(const struct run *r, struct stretch shown)
{
	const struct thread *ping = who(r, "ping"), *pong = who(r, "pong");
	const struct interval *i, *j;
	struct stretch round = { 0, 0 };

	for (i = ping->intervals; i < ping->intervals + ping->nr_intervals; i++) {
		if (i->state != STATE_RUNNING || i->start_ns < shown.from_ns)
			continue;
		if (round.from_ns) {
			round.to_ns = i->start_ns;
			break;
		}
		round.from_ns = i->start_ns;
	}
	for (j = pong->intervals; j < pong->intervals + pong->nr_intervals; j++)
		if (j->state == STATE_RUNNING && j->start_ns > round.from_ns)
			break;
	if (!round.to_ns || j == pong->intervals + pong->nr_intervals)
		return;
	claim(r, 1, shown.to_ns);
	claim(r, 2, round.to_ns);
	claim(r, 3, round.from_ns + (round.to_ns - round.from_ns) / 2);
	happened(r, j->start_ns);
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
	lay_claims(one, picture(one, "To and fro: each has a byte, hands it on, and has to leave. "
				     "The flags: when does the CPU change hands?"));
	answer(per_round < 0.5 ? 1 : per_round < 1.5 ? 2 : per_round < 3 ? 3 : 0);
	say("On one CPU the byte went there and back in %.0f us, and the CPU changed hands %.1f "
	    "times "
	    "in each round.",
	    on_one, per_round);
	say("One thread alone needs %.0f us for the same system calls. The rest, %.0f us for each "
	    "switch, is waking, choosing, switching, and the recorder, which writes each of them "
	    "down; all of it in an emulated machine.",
	    calls, (on_one - calls) / 2);
	say("On two CPUs a round took %.0f us: nobody has to leave, but for each byte an idle CPU "
	    "has "
	    "to be woken by the other one.",
	    on_two);
	expect("on one CPU there are two switches a round", within(per_round, 1.6, 2.2),
	       "%.2f in each round", per_round);
	expect("the switches cost more than the calls", on_one > calls, "%.1f us a round, and %.1f",
	       on_one, calls);
	expect("a second CPU is no help", on_two >= 0.8 * on_one,
	       "%.1f us a round, and %.1f on one", on_two, on_one);
	expect("on two CPUs they sleep in each round, too", slept * 2 >= (size_t)rounds,
	       "ping slept %zu times in %ld rounds", slept, rounds);
}
