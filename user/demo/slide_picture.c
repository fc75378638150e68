// SPDX-License-Identifier: GPL-2.0
/* The picture of a run, with what the options say laid over it; and the same as a page. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "demo/slides.h"
#include "view/lines.h"
#include "view/scene.h"

static struct view_window window_of(const struct slides *s, size_t run)
{
	const struct seen_run *r = &s->seen.runs[run];
	uint64_t start = s->models[run]->span_start_ns;

	return (struct view_window){ start + r->from_ns, start + r->to_ns };
}

struct flags {
	struct scene_flag list[SEEN_FLAGS];
	char labels[SEEN_FLAGS][16], texts[SEEN_FLAGS][32];
};

static void make_flags(struct flags *f, const struct slides *s, size_t run)
{
	const struct seen_run *r = &s->seen.runs[run];
	bool asked = hands_all(&s->hands);
	size_t i;

	for (i = 0; i < r->nr_flags; i++) {
		unsigned int option = r->flags[i].option;
		unsigned int hands = option && option <= QUIZ_OPTIONS ? s->hands.of[option - 1] : 0;

		snprintf(f->labels[i], sizeof(f->labels[i]), option ? "[%u]" : "seen", option);
		if (!option)
			snprintf(f->texts[i], sizeof(f->texts[i]), "here");
		else if (asked && s->hands.room)
			snprintf(f->texts[i], sizeof(f->texts[i]), "%u %s", hands,
				 hands == 1 ? "hand" : "hands");
		else
			snprintf(f->texts[i], sizeof(f->texts[i]), "%s", hands ? "you" : "");
		f->list[i] = (struct scene_flag){ .label = f->labels[i],
						  .text = f->texts[i],
						  .at_ns = s->models[run]->span_start_ns +
							   r->flags[i].at_ns,
						  .seen = !option };
	}
}

int slide_picture(FILE *out, const struct slides *s, size_t run)
{
	const struct seen_run *r = &s->seen.runs[run];
	struct lines l = { .out = out, .width = s->o.width, .colour = s->o.colour };
	struct flags flags;
	struct scene scene = { .m = s->models[run],
			       .w = window_of(s, run),
			       .o = s->o,
			       .tall = s->tall,
			       .tids = r->threads,
			       .nr_tids = r->nr_threads,
			       .marks = r->marks,
			       .pile = r->pile,
			       .flags = flags.list,
			       .nr_flags = r->nr_flags };
	int err;

	make_flags(&flags, s, run);
	lines_bold(&l);
	lines_wrap(&l, r->title, 0, 0);
	lines_plain(&l);
	fputc('\n', out);
	err = scene_draw(out, &scene);
	if (err)
		return err;
	fputc('\n', out);
	lines_wrap(&l, r->caption, 0, 0);
	return 0;
}

/* What of a page is made for it alone. */
struct foretold {
	struct view_foretold f;
	struct view_option options[QUIZ_OPTIONS];
	struct view_flag flags[SEEN_FLAGS];
};

static int make_foretold(struct foretold *t, const struct slides *s, size_t run)
{
	const struct quiz_question *q = &s->quiz.questions[0];
	const struct seen_run *r = &s->seen.runs[run];
	bool whole = true;
	size_t i;

	*t = (struct foretold){ .f = { .question = slide_words(s, q->text, true),
				       .options = t->options,
				       .nr_options = q->nr_options,
				       .room = s->hands.room,
				       .flags = t->flags,
				       .nr_flags = r->nr_flags,
				       .pile = r->pile,
				       .tids = r->threads,
				       .nr_tids = r->nr_threads } };
	for (i = 0; i < q->nr_options; i++) {
		t->options[i] = (struct view_option){ slide_words(s, q->options[i].text, true),
						      s->hands.of[i], slides_answer(s) == i + 1 };
		whole &= t->options[i].text != NULL;
	}
	for (i = 0; i < r->nr_flags; i++)
		t->flags[i] =
			(struct view_flag){ r->flags[i].option,
					    s->models[run]->span_start_ns + r->flags[i].at_ns };
	return whole && t->f.question ? 0 : -ENOMEM;
}

static void free_foretold(struct foretold *t)
{
	size_t i;

	free(t->f.question);
	for (i = 0; i < t->f.nr_options; i++)
		free(t->options[i].text);
}

int slides_html(FILE *out, const struct slides *s)
{
	char told[SEEN_SENTENCES * SEEN_TEXT] = "";
	size_t run = s->seen.first, i, n = 0;
	const struct trace *t;
	struct foretold foretold;
	struct view_head head;
	int err;

	if (!s->loaded || run >= s->seen.nr_runs || !s->models[run])
		return -ENODATA;
	for (i = 0; i < s->seen.nr_sentences; i++)
		n += (size_t)snprintf(told + n, sizeof(told) - n, "%s%s", i ? " " : "",
				      s->seen.sentences[i]);
	t = s->traces[run];
	head = (struct view_head){ .command = s->demo->title,
				   .kernel = t->kernel,
				   .start_utc = t->start_utc,
				   .exit_code = t->exit_code,
				   .exit_signal = t->exit_signal,
				   .look = window_of(s, run),
				   .told = told,
				   .foretold = &foretold.f };
	err = make_foretold(&foretold, s, run);
	if (!err)
		err = view_html(out, s->models[run], &head);
	free_foretold(&foretold);
	return err;
}
