// SPDX-License-Identifier: GPL-2.0
/* The report's table of the critical path, for a person and for a program. */
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>

#include "lib/text.h"
#include "model/path.h"
#include "view/report_part.h"
#include "view/text.h"

#define MOST_ROWS  8
#define NAME_WIDTH 22
#define WORD_WIDTH 28

static unsigned int percent(const struct model *m, uint64_t ns)
{
	uint64_t all_ns = m->span_end_ns - m->span_start_ns;

	return all_ns ? (unsigned int)((double)ns * 100 / (double)all_ns + 0.5) : 0;
}

static void row(struct report *r, const struct path_share *s)
{
	const struct thread *t = s->thread < r->m->nr_threads ? &r->m->threads[s->thread] : NULL;
	char name[ONCPU_COMM_LEN + 16] = "nobody known", time[TEXT_DURATION];

	if (t)
		snprintf(name, sizeof(name), "%s/%u", t->comm[0] ? t->comm : "tid", t->tid);
	view_clean(name, true);
	lines_pad(&r->l, name, NAME_WIDTH);
	text_duration(s->ns, time, sizeof(time));
	fprintf(r->l.out, "%-*s%10s %3u %%%7zu time%s\n", WORD_WIDTH, path_did(s), time,
		percent(r->m, s->ns), s->nr, s->nr == 1 ? "" : "s");
}

static void sums(struct report *r, const struct path *p)
{
	char text[256], unknown[64] = "";

	if (p->unknown_ns)
		snprintf(unknown, sizeof(unknown), ", %u %% are not known",
			 percent(r->m, p->unknown_ns));
	snprintf(text, sizeof(text),
		 "Of its length %u %% was running, %u %% wanting a CPU, %u %% waiting%s; it "
		 "passed from thread to thread %zu time%s.",
		 percent(r->m, p->ran_ns), percent(r->m, p->runnable_ns),
		 percent(r->m, p->waited_ns), unknown, p->nr_handovers,
		 p->nr_handovers == 1 ? "" : "s");
	lines_wrap(&r->l, text, 0, 0);
}

/* Of one thread alone that only ran there is nothing to tell. */
int report_path(struct report *r)
{
	struct path p;
	uint64_t rest_ns = 0;
	char rest[TEXT_DURATION];
	size_t i;
	int err = model_path(&p, r->m);

	if (err)
		return err;
	if (p.nr_shares > 1) {
		lines_heading(&r->l,
			      "The critical path: what the run had to wait for, step by step");
		sums(r, &p);
		for (i = 0; i < p.nr_shares && i < MOST_ROWS; i++)
			row(r, &p.shares[i]);
		for (; i < p.nr_shares; i++)
			rest_ns += p.shares[i].ns;
		text_duration(rest_ns, rest, sizeof(rest));
		if (p.nr_shares > MOST_ROWS)
			fprintf(r->l.out, "and %zu more, %s in all\n", p.nr_shares - MOST_ROWS,
				rest);
	}
	path_free(&p);
	return 0;
}

#define NUMBER(n) ((json_int_t)(n))

static json_t *share_json(const struct model *m, const struct path_share *s)
{
	return json_pack("{s:I,s:s,s:s,s:I,s:I}", "tid",
			 NUMBER(s->thread < m->nr_threads ? m->threads[s->thread].tid : 0), "state",
			 s->state == STATE_SLEEPING ? "waiting" : model_state_name(s->state),
			 "cause", model_cause_name(s->cause), "ns", NUMBER(s->ns), "times",
			 NUMBER(s->nr));
}

json_t *report_path_json(const struct model *m)
{
	json_t *shares = json_array();
	struct path p;
	size_t i;

	if (!shares || model_path(&p, m))
		return shares;
	for (i = 0; i < p.nr_shares; i++)
		json_array_append_new(shares, share_json(m, &p.shares[i]));
	shares = json_pack("{s:I,s:I,s:I,s:I,s:I,s:I,s:o}", "ran_ns", NUMBER(p.ran_ns),
			   "runnable_ns", NUMBER(p.runnable_ns), "waited_ns", NUMBER(p.waited_ns),
			   "unknown_ns", NUMBER(p.unknown_ns), "steps", NUMBER(p.nr_steps),
			   "handovers", NUMBER(p.nr_handovers), "shares", shares);
	path_free(&p);
	return shares;
}
