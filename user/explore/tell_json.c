// SPDX-License-Identifier: GPL-2.0
/* {"oncpu_explore": 1, ...}: what was found, for programs. */
#include <errno.h>
#include <jansson.h>

#include "explore/tell.h"

static json_t *place_json(const struct shared_place *p, const struct code *src)
{
	const struct code_line *l = code_line(src, p->pc);
	char name[96];
	json_t *locks = json_array();
	int i;

	for (i = 0; i < p->nr_locks; i++) {
		char at[160];

		json_array_append_new(
			locks, json_pack("{s:s, s:s}", "lock",
					 code_name(src, p->locks[i].addr, name, sizeof(name)),
					 "since", code_at(src, p->locks[i].pc, at, sizeof(at))));
	}
	return json_pack("{s:i, s:s, s:s, s:s, s:i, s:s, s:o}", "thread", p->thread, "operation",
			 tell_op(p->op), "what",
			 p->addr ? code_name(src, p->addr, name, sizeof(name)) : "", "file",
			 l->file, "line", l->line, "function", l->function, "locks", locks);
}

static char *text_of(void (*tell)(FILE *, const struct explore_failure *, const struct code *),
		     const struct explore_failure *x, const struct code *src)
{
	char *text = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	if (!f)
		return NULL;
	tell(f, x, src);
	fclose(f);
	if (size && text[size - 1] == '\n')
		text[size - 1] = '\0';
	return text;
}

static json_t *failure_json(const struct explore_failure *x, const struct code *src)
{
	char *sentence = text_of(tell_sentence, x, src);
	json_t *places = json_array(), *waits = json_array(), *o;
	char said[256];
	uint32_t i;

	tell_last_line(x, said, sizeof(said));
	for (i = 0; i < 2; i++)
		if (x->finding.place[i].pc)
			json_array_append_new(places, place_json(&x->finding.place[i], src));
	for (i = 0; i < x->nr_waits; i++) {
		o = place_json(&x->waits[i].place, src);
		json_object_set_new(o, "holder", json_integer(x->waits[i].owner));
		json_array_append_new(waits, o);
	}
	o = json_pack("{s:s, s:b, s:s, s:s, s:i, s:s, s:s, s:o, s:o}", "kind",
		      tell_kind_id(x->finding.kind), "harm", x->finding.kind <= FOUND_LAST_HARM,
		      "sentence", sentence ? sentence : "", "said", said, "schedule",
		      (int)x->number, "strategy", explore_strategy_name(x->strategy), "replay",
		      x->word, "places", places, "waits", waits);
	free(sentence);
	return o;
}

static json_t *event_json(const struct shared_event *e, const struct code *src)
{
	const struct code_line *l = code_line(src, e->pc);
	bool wrote = e->flags & EVENT_HAS_VALUE;
	char name[96];

	return json_pack("{s:i, s:s, s:s, s:I, s:s, s:i, s:b}", "thread", e->thread, "operation",
			 tell_op(e->op), "what",
			 e->addr ? code_name(src, e->addr, name, sizeof(name)) : "", "value",
			 (json_int_t)(wrote ? e->value : e->before), "file", l->file, "line",
			 l->line, "in_vain", e->flags & (EVENT_FAILED | EVENT_TIMED_OUT));
}

static json_t *interleaving_json(const struct shared *s, const char *word, const struct code *src)
{
	json_t *events = json_array();
	uint32_t i;

	for (i = 0; i < s->nr_events; i++)
		code_want((struct code *)(uintptr_t)src, s->events[i].pc);
	for (i = 0; i < s->nr_events; i++)
		json_array_append_new(events, event_json(&s->events[i], src));
	return json_pack("{s:s, s:i, s:o}", "replay", word, "switches",
			 s->nr_segments ? (int)s->nr_segments - 1 : 0, "events", events);
}

int tell_json(FILE *f, const struct explore_result *r, const struct code *src,
	      const struct explore_options *o, const struct shared *s, const char *word)
{
	json_t *failures = json_array(), *all;
	uint32_t i;
	int err;

	for (i = 0; i < r->nr_failures; i++)
		json_array_append_new(failures, failure_json(&r->failures[i], src));
	all = json_pack("{s:i, s:s, s:I, s:i, s:i, s:f, s:f, s:o}", "oncpu_explore", 1, "strategy",
			explore_strategy_name(o->strategy), "seed", (json_int_t)o->seed,
			"schedules", (int)r->nr_schedules, "undecided", (int)r->nr_undecided,
			"seconds", r->seconds, "schedules_per_second",
			r->seconds > 0 ? r->nr_schedules / r->seconds : 0.0, "failures", failures);
	if (!all)
		return -ENOMEM;
	if (s && word)
		json_object_set_new(all, "interleaving", interleaving_json(s, word, src));
	json_object_set_new(all, "first_harm",
			    r->harm ? json_integer(r->harm->number) : json_null());
	json_object_set_new(all, "first_failure",
			    r->first ? json_integer(r->first->number) : json_null());
	json_object_set_new(all, "refused", r->refused ? json_string(r->refused) : json_null());
	err = json_dumpf(all, f, JSON_INDENT(2)) ? -EIO : 0;
	fputc('\n', f);
	json_decref(all);
	return err;
}
