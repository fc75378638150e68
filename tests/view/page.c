// SPDX-License-Identifier: GPL-2.0
/*
 * Writes the page of one of the hand-made models to stdout: page two|hostile|many|empty|nap|framed|queue|words|foretold|shares
 * or what the model says in words of every interval, a line each: page NAME sentences
 * or the critical path, "start end tid" in ns, a step a line: page NAME path
 */
#include <stdio.h>
#include <string.h>

#include "model/path.h"
#include "models.h"
#include "view/text.h"
#include "view/view.h"

static struct model *by_name(const char *name)
{
	if (!strcmp(name, "two") || !strcmp(name, "foretold") || !strcmp(name, "shares"))
		return model_two();
	if (!strcmp(name, "hostile"))
		return model_hostile();
	if (!strcmp(name, "many"))
		return model_many(300);
	if (!strcmp(name, "queue"))
		return model_queue();
	if (!strcmp(name, "words"))
		return model_words();
	if (!strcmp(name, "framed"))
		return model_framed();
	if (!strcmp(name, "nap"))
		return model_nap();
	return !strcmp(name, "empty") ? model_empty(0) : NULL;
}

static void print_sentences(const struct model *m)
{
	char text[MODEL_SENTENCE];
	const struct thread *t;
	size_t i;

	for (t = m->threads; t < m->threads + m->nr_threads; t++)
		for (i = 0; i < t->nr_intervals; i++) {
			model_sentence(m, t, &t->intervals[i], text, sizeof(text));
			view_clean(text, true);
			puts(text);
		}
}

static void print_path(const struct model *m)
{
	struct path p;
	size_t i;

	if (model_path(&p, m))
		return;
	for (i = 0; i < p.nr_steps; i++)
		printf("%llu %llu %u\n", (unsigned long long)(p.steps[i].start_ns - m->start_ns),
		       (unsigned long long)(p.steps[i].end_ns - m->start_ns),
		       p.steps[i].thread < m->nr_threads ? m->threads[p.steps[i].thread].tid : 0);
	path_free(&p);
}

/* A room that said two things, of which the second was so. */
static const struct view_option options[] = { { (char *)"</script><b>no", 3, false },
					      { (char *)"yes", 12, true } };
static const struct view_flag flags[] = { { 1, 60000000 }, { 2, 200000000 }, { 0, 210000000 } };
static const uint32_t tids[] = { 42, 43 };
static struct view_foretold foretold = { .question = (char *)"Will it?",
					 .options = options,
					 .nr_options = 2,
					 .room = true,
					 .flags = flags,
					 .nr_flags = 3,
					 .tids = tids,
					 .nr_tids = 2 };

static void foretell(struct view_head *head, const char *name, const struct model *m)
{
	foretold.pile = !strcmp(name, "shares");
	head->look = (struct view_window){ m->span_start_ns, m->span_end_ns };
	head->foretold = &foretold;
}

int main(int argc, char **argv)
{
	struct view_head head = { .command = "./a.out </title><script>alert(1)</script>",
				  .kernel = "7.3.4",
				  .start_utc = "2026-01-02T03:04:05Z" };
	struct model *m = argc >= 2 ? by_name(argv[1]) : NULL;
	int err = 0;

	if (!m) {
		fprintf(stderr, "usage: page two|hostile|many|empty|nap|framed|queue|words|"
				"foretold|shares "
				"[sentences|path]\n");
		return 2;
	}
	if (!strcmp(argv[1], "foretold") || !strcmp(argv[1], "shares"))
		foretell(&head, argv[1], m);
	if (argc > 2 && !strcmp(argv[2], "path"))
		print_path(m);
	else if (argc > 2)
		print_sentences(m);
	else
		err = view_html(stdout, m, &head);
	model_free(m);
	return err || fflush(stdout) ? 1 : 0;
}
