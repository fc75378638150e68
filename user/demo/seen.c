// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <jansson.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "demo/seen.h"
#include "lib/text.h"

static const char *const outcomes[] = {
	[SEEN_HELD] = "held", [SEEN_FAILED] = "failed", [SEEN_INCONCLUSIVE] = "inconclusive"
};

const char *seen_outcome_name(enum seen_outcome o)
{
	return outcomes[o];
}

static json_t *pack_run(const struct seen_run *r)
{
	json_t *threads = json_array(), *flags = json_array();
	size_t i;

	for (i = 0; i < r->nr_threads; i++)
		json_array_append_new(threads, json_integer(r->threads[i]));
	for (i = 0; i < r->nr_flags; i++)
		json_array_append_new(flags,
				      json_pack("{s:i,s:I}", "option", (int)r->flags[i].option,
						"at_ns", (json_int_t)r->flags[i].at_ns));
	return json_pack("{s:s,s:s,s:s,s:I,s:I,s:o,s:o,s:b,s:b,s:b}", "name", r->name, "title",
			 r->title, "caption", r->caption, "from_ns", (json_int_t)r->from_ns,
			 "to_ns", (json_int_t)r->to_ns, "threads", threads, "flags", flags, "pile",
			 r->pile, "marks", r->marks, "starved", r->starved);
}

static json_t *pack(const struct seen *s)
{
	json_t *runs = json_array(), *sentences = json_array(), *expectations = json_array();
	size_t i;

	for (i = 0; i < s->nr_runs; i++)
		json_array_append_new(runs, pack_run(&s->runs[i]));
	for (i = 0; i < s->nr_sentences; i++)
		json_array_append_new(sentences, json_string(s->sentences[i]));
	for (i = 0; i < s->nr_expectations; i++)
		json_array_append_new(expectations,
				      json_pack("{s:s,s:s,s:b}", "name", s->expectations[i].name,
						"saw", s->expectations[i].saw, "held",
						s->expectations[i].held));
	return json_pack("{s:s,s:s,s:s,s:s,s:s,s:i,s:i,s:b,s:b,s:i,s:o,s:o,s:o}", "demo", s->demo,
			 "kernel", s->kernel, "set", s->set, "outcome", outcomes[s->outcome], "why",
			 s->why, "tries", (int)s->tries, "answer", (int)s->answer, "answered",
			 s->answered, "lacking", s->lacking, "first", (int)s->first, "sentences",
			 sentences, "runs", runs, "expectations", expectations);
}

/* The old one or the new one, never half of it: it is read while another try goes on. */
int seen_write(const struct seen *s, const char *folder)
{
	char path[PATH_MAX], temporary[PATH_MAX];
	json_t *o = pack(s);
	int err;

	if (!o)
		return -ENOMEM;
	snprintf(path, sizeof(path), "%s/" SEEN_FILE, folder);
	snprintf(temporary, sizeof(temporary), "%s/." SEEN_FILE, folder);
	err = json_dump_file(o, temporary, JSON_INDENT(2)) ? -EIO : 0;
	json_decref(o);
	if (!err && rename(temporary, path))
		err = -errno;
	return err;
}

/* A guest's words are not to be trusted with a terminal. */
static void get(const json_t *o, const char *key, char *to, size_t size)
{
	const char *s = json_string_value(json_object_get(o, key));

	snprintf(to, size, "%s", s ? s : "");
	text_clean(to);
}

static uint64_t number(const json_t *o, const char *key)
{
	json_int_t n = json_integer_value(json_object_get(o, key));

	return n > 0 ? (uint64_t)n : 0;
}

static void read_run(struct seen_run *r, const json_t *o)
{
	const json_t *threads = json_object_get(o, "threads"), *flags = json_object_get(o, "flags");
	const json_t *one;
	size_t i;

	get(o, "name", r->name, sizeof(r->name));
	get(o, "title", r->title, sizeof(r->title));
	get(o, "caption", r->caption, sizeof(r->caption));
	r->from_ns = number(o, "from_ns");
	r->to_ns = number(o, "to_ns");
	r->pile = json_is_true(json_object_get(o, "pile"));
	r->marks = json_is_true(json_object_get(o, "marks"));
	r->starved = json_is_true(json_object_get(o, "starved"));
	json_array_foreach(threads, i, one)
		if (r->nr_threads < SEEN_THREADS)
			r->threads[r->nr_threads++] = (uint32_t)json_integer_value(one);
	json_array_foreach(flags, i, one)
		if (r->nr_flags < SEEN_FLAGS)
			r->flags[r->nr_flags++] =
				(struct seen_flag){ (unsigned int)number(one, "option"),
						    number(one, "at_ns") };
}

static void read_expectation(struct seen_expectation *e, const json_t *o)
{
	get(o, "name", e->name, sizeof(e->name));
	get(o, "saw", e->saw, sizeof(e->saw));
	e->held = json_is_true(json_object_get(o, "held"));
}

static void read_lists(struct seen *s, const json_t *o)
{
	const json_t *one;
	size_t i;

	json_array_foreach(json_object_get(o, "runs"), i, one)
		if (s->nr_runs < SEEN_RUNS)
			read_run(&s->runs[s->nr_runs++], one);
	json_array_foreach(json_object_get(o, "sentences"), i, one)
		if (s->nr_sentences < SEEN_SENTENCES && json_is_string(one)) {
			snprintf(s->sentences[s->nr_sentences], SEEN_TEXT, "%s",
				 json_string_value(one));
			text_clean(s->sentences[s->nr_sentences++]);
		}
	json_array_foreach(json_object_get(o, "expectations"), i, one)
		if (s->nr_expectations < SEEN_EXPECTATIONS)
			read_expectation(&s->expectations[s->nr_expectations++], one);
}

int seen_read(struct seen *s, const char *folder)
{
	char path[PATH_MAX], outcome[16];
	int err = -EBADMSG;
	unsigned int i;
	json_t *o;

	*s = (struct seen){};
	snprintf(path, sizeof(path), "%s/" SEEN_FILE, folder);
	if (access(path, R_OK))
		return -errno;
	o = json_load_file(path, 0, NULL);
	get(o, "demo", s->demo, sizeof(s->demo));
	get(o, "kernel", s->kernel, sizeof(s->kernel));
	get(o, "set", s->set, sizeof(s->set));
	get(o, "why", s->why, sizeof(s->why));
	get(o, "outcome", outcome, sizeof(outcome));
	s->tries = (unsigned int)number(o, "tries");
	s->answer = (unsigned int)number(o, "answer");
	s->lacking = json_is_true(json_object_get(o, "lacking"));
	s->answered = json_is_true(json_object_get(o, "answered"));
	read_lists(s, o);
	s->first = (unsigned int)number(o, "first") < s->nr_runs ? (unsigned int)number(o, "first")
								 : 0;
	for (i = SEEN_HELD; i <= SEEN_INCONCLUSIVE; i++)
		if (!strcmp(outcome, outcomes[i])) {
			s->outcome = (enum seen_outcome)i;
			err = 0;
		}
	json_decref(o);
	return err;
}
