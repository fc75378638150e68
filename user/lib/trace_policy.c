// SPDX-License-Identifier: GPL-2.0
/* META's "policy": the scheduler of ours that a recording ran under. */
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "lib/text.h"
#include "lib/trace_reader.h"

static int take_text(struct trace_reader *r, const json_t *from, char **to)
{
	if (!json_is_string(from))
		return trace_reader_damaged(r, "a text of a policy is none");
	*to = strdup(json_string_value(from));
	if (!*to)
		return -ENOMEM;
	text_clean(*to);
	return 0;
}

static int take_knobs(struct trace_reader *r, json_t *knobs)
{
	struct trace_policy *p = &r->t->policy;
	const char *name;
	json_t *value;
	int err;

	if (!knobs)
		return 0;
	if (!json_is_object(knobs) || json_object_size(knobs) > TRACE_MAX_NAMES)
		return trace_reader_damaged(r, "impossible knobs of a policy");
	p->knobs = calloc(json_object_size(knobs) + 1, sizeof(*p->knobs));
	if (!p->knobs)
		return -ENOMEM;
	json_object_foreach(knobs, name, value) {
		json_t *text = json_string(name);

		p->knobs[p->nr_knobs].value = (uint64_t)json_integer_value(value);
		err = take_text(r, text, &p->knobs[p->nr_knobs].name);
		json_decref(text);
		if (err)
			return err;
		p->nr_knobs++;
	}
	return 0;
}

static int by_id(const void *a, const void *b)
{
	const struct trace_why *x = a, *y = b;

	return (x->id > y->id) - (x->id < y->id);
}

static int take_why(struct trace_reader *r, const json_t *list)
{
	struct trace_policy *p = &r->t->policy;
	json_int_t id;
	json_t *pair;
	size_t i;
	int err;

	if (!list)
		return 0;
	if (!json_is_array(list) || json_array_size(list) > TRACE_MAX_NAMES)
		return trace_reader_damaged(r, "impossible texts of a policy");
	p->why = calloc(json_array_size(list) + 1, sizeof(*p->why));
	if (!p->why)
		return -ENOMEM;
	json_array_foreach((json_t *)list, i, pair) {
		id = json_integer_value(json_array_get(pair, 0));
		if (!json_is_integer(json_array_get(pair, 0)) || id < 0 || id > UINT16_MAX)
			return trace_reader_damaged(r, "impossible texts of a policy");
		p->why[p->nr_why].id = (uint16_t)id;
		err = take_text(r, json_array_get(pair, 1), &p->why[p->nr_why].text);
		if (err)
			return err;
		p->nr_why++;
	}
	qsort(p->why, p->nr_why, sizeof(*p->why), by_id);
	return 0;
}

int trace_reader_policy(struct trace_reader *r, const json_t *policy)
{
	struct trace_policy *p = &r->t->policy;
	int err;

	if (!policy)
		return 0;
	p->nr_queues = (uint32_t)json_integer_value(json_object_get(policy, "queues"));
	err = take_text(r, json_object_get(policy, "name"), &p->name);
	if (!err)
		err = take_text(r, json_object_get(policy, "text"), &p->text);
	if (!err)
		err = take_knobs(r, json_object_get(policy, "knobs"));
	return err ? err : take_why(r, json_object_get(policy, "why"));
}

void trace_free_policy(struct trace *t)
{
	struct trace_policy *p = &t->policy;
	size_t i;

	for (i = 0; i < p->nr_knobs; i++)
		free(p->knobs[i].name);
	for (i = 0; i < p->nr_why; i++)
		free(p->why[i].text);
	free(p->knobs);
	free(p->why);
	free(p->name);
	free(p->text);
	free(t->decisions.records);
}
