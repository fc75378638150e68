// SPDX-License-Identifier: GPL-2.0
/* What it costs to wait for news: a CPU, a comb of wake-ups, or nothing; or a CPU of the kernel's. */
#include <string.h>

#include "demo/show.h"

#define MESSAGES 30
#define LOOK_NS	 160000000

struct cost {
	double percent; /* of a CPU */
	double wakes;	/* for each message */
};

static struct cost measure(const struct run *r)
{
	const struct thread *t = who(r, "receiver");
	struct stretch s = any(r, "receive");

	return (struct cost){ ran_ms(t, s) * 100 / length_ms(s),
			      (double)times(t, s, STATE_SLEEPING) / MESSAGES };
}

static struct stretch shown(const struct run *r)
{
	return around(r, point(r, "sent", MESSAGES / 2)->start_ns, LOOK_NS / 8, LOOK_NS);
}

/* The first sleep after the message in the middle: it wakes up again at the end of it. */
static struct stretch next_wake(const struct run *r)
{
	const struct thread *t = who(r, "receiver");
	const struct interval *i;

	for (i = t->intervals; i < t->intervals + t->nr_intervals; i++)
		if (i->state == STATE_SLEEPING &&
		    i->start_ns >= point(r, "sent", MESSAGES / 2)->start_ns)
			return (struct stretch){ i->start_ns, i->end_ns };
	give_up("in the run \"%s\" the receiver does not sleep", r->name);
}

static const struct run *perform(const char *kind, const char *title, long number,
				 const char *caption)
{
	const struct run *r = act(kind, title, "workload %s %d %ld", kind, MESSAGES, number);

	if (number_of(r, "uring") == 1) {
		look(r, shown(r), "%s", caption);
		row(r, "receiver");
		row(r, "sender");
		with_marks(r);
	}
	return r;
}

/* The kernel's thread that polls the ring: "iou-sqp-" and a number. */
static const struct thread *poller(const struct run *r)
{
	const struct thread *t;

	for (t = r->model->threads; t < r->model->threads + r->model->nr_threads; t++)
		if (!strncmp(t->comm, "iou-sqp-", 8))
			return t;
	return NULL;
}

static void by_ring(long idle)
{
	const struct run *r =
		perform("uring", "io_uring, and a kernel thread that polls", idle,
			"The receiver sleeps. But a thread of the kernel's looks for it.");
	const struct thread *t = poller(r);
	double percent;
	struct cost c;

	if (number_of(r, "uring") != 1) {
		say("io_uring could not be had in this guest.");
		return;
	}
	c = measure(r);
	if (!t)
		give_up("the ring has no kernel thread that polls it");
	row(r, t->comm);
	percent = ran_ms(t, any(r, "receive")) * 100 / length_ms(any(r, "receive"));
	say("By io_uring with SQPOLL the receiver itself ran %.1f %%, and %s of the kernel %.0f "
	    "%%.",
	    c.percent, t->comm, percent);
	expect("with SQPOLL the receiver sleeps", c.percent <= 30, "%.1f %% of a CPU", c.percent);
	expect("and the kernel's thread polls for it",
	       idle < 200 ? percent > c.percent || percent > 5 : percent >= 50, "%.0f %% of a CPU",
	       percent);
}

SHOW
{
	const char *teeth = "A comb: each tooth is a wake-up, and nearly all are for nothing.";
	const struct run *comb;
	long nap = knob("nap"), idle = knob("idle");
	struct cost busy, napping, epoll;
	struct stretch wake;
	double more;

	busy = measure(perform("busy", "it looks all the time", 0,
			       "A full row, whether there is news or not."));
	comb = perform("nap", words("it looks, and sleeps for %ld ms", nap), nap, teeth);
	napping = measure(comb);
	epoll = measure(perform("epoll", "it asks to be woken", 0,
				"An empty row, and a bar where there is news."));
	more = napping.wakes / epoll.wakes;
	say("To look all the time took %.0f %% of a CPU; a look every %ld ms %.0f %%; to be woken "
	    "%.1f "
	    "%%.",
	    busy.percent, nap, napping.percent, epoll.percent);
	say("For each message who napped slept %.1f times, and who asked to be woken %.1f times.",
	    napping.wakes, epoll.wakes);
	by_ring(idle);
	look(comb, shown(comb), "%s The flags: when does it wake up next?",
	     teeth); /* that is what the question is about */
	wake = next_wake(comb);
	claim(comb, 1, point(comb, "sent", MESSAGES / 2 + 1)->start_ns);
	claim(comb, 2, wake.from_ns + (uint64_t)nap * 1000000);
	claim(comb, 3, shown(comb).to_ns);
	happened(comb, wake.to_ns);
	answer(within(more, 0.6, 1.6) ? 1 : more > 1.6 ? 2 : 3);
	expect("a busy poll takes all of a CPU", busy.percent >= 70, "%.0f %%", busy.percent);
	expect("it hardly ever sleeps", busy.wakes <= 1, "%.2f times for each message", busy.wakes);
	expect("who naps wakes up far more often than who is woken",
	       more >= (nap <= 2   ? 4
			: nap <= 5 ? 2
				   : 0.8),
	       "%.1f times as often", more);
	expect("who is woken wakes up once for each message", within(epoll.wakes, 0.8, 2),
	       "%.2f times", epoll.wakes);
	expect("and takes little of a CPU", epoll.percent <= 20 && epoll.percent < busy.percent / 2,
	       "%.1f %%", epoll.percent);
}
