/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The director of a demo: what show.c is written in. It runs the workload under the recorder, reads what
 * the kernel did with it, says it in two or three sentences with the numbers that were measured, names the
 * stretch of time to look at, and states what must have been seen. lessons/demos/README.md tells how.
 *
 *	#include "demo/show.h"
 *
 *	SHOW
 *	{
 *		const struct run *r = act("even", "both at nice 0", "workload 2000 0");
 *		struct stretch t = both(r, "hog");
 *		double first = share(r, t, "first");
 *
 *		say("At the same nice value the first got %.0f %% of the CPU.", first);
 *		look(r, t, "They take turns.");
 *		expect("they share evenly", within(first, 40, 60), "the first got %.1f %%", first);
 *	}
 */
#ifndef ONCPU_DEMO_SHOW_H
#define ONCPU_DEMO_SHOW_H

#include <stdbool.h>
#include <stdint.h>

#include "grade/evidence.h"
#include "grade/run.h"
#include "model/model.h"

#define SHOW                                        \
	static void show(void);                     \
	int main(int argc, char **argv)             \
	{                                           \
		return show_main(argc, argv, show); \
	}                                           \
	static void show(void)

int show_main(int argc, char **argv, void (*show)(void));

/* ---- before a run ---- */

/* What the knob stands at. */
long knob(const char *name);
/* A file of the demo's own folder: "gil.py". */
const char *own_file(const char *name);
/* Programs from here on run as root, not as the learner. */
void as_root(void);
/* One more option of `oncpu record` for the runs from here on: "--events=sched,task,futex". */
void record_with(const char *option);

/* ---- running ---- */

/*
 * Runs a program once and waits for its end, RUN_SECONDS at most. name: of the trace; title: what the room
 * reads above the picture. The first word of the command is "workload" (workload.c), "oncpu", or a program
 * of the guest's. A run that did not come to its end by itself with status 0 ends the show: it failed.
 */
__attribute__((format(printf, 3, 4))) const struct run *act(const char *name, const char *title,
							    const char *format, ...);
/* The same, but how it ended is the show's affair: run->end, run->code. */
__attribute__((format(printf, 3, 4))) const struct run *
act_whatever(const char *name, const char *title, const char *format, ...);
/* Text that lives as long as the show: for a title with a knob's value in it. */
__attribute__((format(printf, 1, 2))) const char *words(const char *format, ...);

/* ---- what was seen: all times are the trace's; see also model/model.h, grade/evidence.h ---- */

struct stretch {
	uint64_t from_ns, to_ns;
};

/* From the first begin to the last end of the intervals so marked; only where all of them were in one. */
struct stretch any(const struct run *r, const char *mark);
struct stretch both(const struct run *r, const char *mark);
/* A part of it: so many percent of its length from its beginning. */
struct stretch part(struct stretch s, double from_percent, double to_percent);
/* Around an instant, within the command. */
struct stretch around(const struct run *r, uint64_t at_ns, uint64_t before_ns, uint64_t after_ns);
/* So long a part of it in which this thread's share is nearest to what it is in all of it: what the room
 * sees is what the sentence says. */
struct stretch typical(const struct run *r, struct stretch s, double ms, const char *name);
double length_ms(struct stretch s);

/* The thread of the target of this name (of several: the first); without one the show ends: it failed. */
const struct thread *who(const struct run *r, const char *name);
/* The n-th point of that name, and its value; the show ends where there are fewer. */
const struct mark *point(const struct run *r, const char *name, size_t n);

/* What a thread did within a stretch, in ms. */
double ran_ms(const struct thread *t, struct stretch s);
double in_state_ms(const struct thread *t, struct stretch s, enum state state);
/* How often it came onto a CPU there, and the longest it stayed or waited at a time. */
size_t times(const struct thread *t, struct stretch s, enum state state);
double longest_ms(const struct thread *t, struct stretch s, enum state state);
/* The middle one of the lengths of such intervals that lie within it whole; 0: there is none. */
double median_ms(const struct thread *t, struct stretch s, enum state state);
/* Of its stays in that state that lie within it whole, the one nearest to this length; the show ends where
 * there is none. */
struct stretch stay(const struct thread *t, struct stretch s, enum state state, double ms);
/* How much of what all target threads ran was this one's, in percent. */
double share(const struct run *r, struct stretch s, const char *name);

/* ---- saying ---- */

/* Two or three sentences, in the order in which they are said. */
__attribute__((format(printf, 1, 2))) void say(const char *format, ...);
/* The option of the question that is what was seen, 1 the first; 0: none of them. Without this call:
 * the question's right one. */
void answer(unsigned int option);
/* What must be so, and what was seen, whether it is or not. */
__attribute__((format(printf, 3, 4))) void expect(const char *name, bool held, const char *format,
						  ...);
bool within(double value, double least, double most);
/* The show cannot go on: as an expectation that failed. */
__attribute__((format(printf, 1, 2), noreturn)) void give_up(const char *format, ...);
/* This kernel or machine lacks what the demo is about. Not a failure: it is said, and nothing expected. */
__attribute__((format(printf, 1, 2), noreturn)) void lacking(const char *format, ...);

/* ---- the picture: a run has one where look() names it; the last look() is shown first ---- */

__attribute__((format(printf, 3, 4))) void look(const struct run *r, struct stretch s,
						const char *format, ...);
/* Only rows of threads that were named so, in this order. */
void row(const struct run *r, const char *name);
/* Below each row the marks of its thread. */
void with_marks(const struct run *r);

/* The prediction laid over it: the instant at which this option would have it happen, and at which it did. */
void claim(const struct run *r, unsigned int option, uint64_t at_ns);
void happened(const struct run *r, uint64_t at_ns);
/* The same for shares of the stretch: the picture pushes together what each thread ran, and an option
 * claims that the first one's part ends at so many percent. */
void claim_share(const struct run *r, unsigned int option, double percent);
void happened_share(const struct run *r, double percent);

#endif
