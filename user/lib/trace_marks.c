// SPDX-License-Identifier: GPL-2.0
/* The names of marks. */
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "lib/text.h"
#include "lib/trace_reader.h"

static int add_name(struct trace *t, const json_t *name)
{
	char *text = strdup(json_string_value(name));

	if (!text)
		return -ENOMEM;
	text_clean(text);
	t->mark_names[t->nr_mark_names++] = text;
	return 0;
}

static int take_names(struct trace_reader *r, const json_t *names)
{
	size_t n = r->t->nr_mark_names + json_array_size(names), i;
	char **bigger;
	json_t *name;
	int err;

	if (!json_is_array(names) || n > TRACE_MAX_NAMES)
		return trace_reader_damaged(r, "impossible names of marks");
	bigger = reallocarray(r->t->mark_names, n + 1, sizeof(*bigger));
	if (!bigger)
		return -ENOMEM;
	r->t->mark_names = bigger;
	json_array_foreach((json_t *)names, i, name) {
		if (!json_is_string(name))
			return trace_reader_damaged(r, "the name of a mark is no text");
		err = add_name(r->t, name);
		if (err)
			return err;
	}
	return 0;
}

int trace_reader_marks(struct trace_reader *r, const char *json, size_t size)
{
	json_t *root = json_loadb(json, size, 0, NULL);
	int err = take_names(r, json_object_get(root, "names"));

	json_decref(root);
	return err;
}

void trace_free_marks(struct trace *t)
{
	size_t i;

	for (i = 0; i < t->nr_mark_names; i++)
		free(t->mark_names[i]);
	free(t->mark_names);
	free(t->marks.records);
}
