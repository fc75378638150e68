// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "grade/verdict.h"

static const char *const kinds[] = {
	[VERDICT_PASS] = "pass", [VERDICT_FAIL] = "fail", [VERDICT_INCONCLUSIVE] = "inconclusive"
};

static const char *const classes[NR_CLASSES] = {
	[CLASS_BUILD] = "build",	 [CLASS_OUTPUT] = "output",   [CLASS_HANG] = "hang",
	[CLASS_STRUCTURE] = "structure", [CLASS_OVERLAP] = "overlap", [CLASS_WAITING] = "waiting",
	[CLASS_SECTION] = "section",	 [CLASS_PERT] = "pert",
};

const char *verdict_kind_name(enum verdict_kind k)
{
	return kinds[k];
}

const char *check_class_name(enum check_class c)
{
	return classes[c];
}

int check_class_by_name(const char *name, enum check_class *c)
{
	int i;

	for (i = 0; i < NR_CLASSES; i++)
		if (!strcmp(name, classes[i])) {
			*c = (enum check_class)i;
			return 0;
		}
	return -ENOENT;
}

bool check_class_is_timing(enum check_class c)
{
	return c == CLASS_OVERLAP || c == CLASS_WAITING || c == CLASS_SECTION;
}

int verdict_write(const struct verdict *v, const char *path)
{
	json_t *o = json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:I,s:I,s:I,s:b,s:s,s:s}", "verdict",
			      kinds[v->kind], "class", classes[v->in], "name", v->title, "saw",
			      v->saw, "why", v->why, "look", v->look, "run", v->run, "from_ns",
			      (json_int_t)v->from_ns, "to_ns", (json_int_t)v->to_ns, "tid",
			      (json_int_t)v->tid, "certain", v->certain, "schedule", v->schedule,
			      "scenario", v->scenario);
	int err;

	if (!o)
		return -ENOMEM;
	err = json_dump_file(o, path, JSON_INDENT(2)) ? -EIO : 0;
	json_decref(o);
	return err;
}

static void get(const json_t *o, const char *key, char *to, size_t size)
{
	const char *s = json_string_value(json_object_get(o, key));

	snprintf(to, size, "%s", s ? s : "");
}

static uint64_t number(const json_t *o, const char *key)
{
	return (uint64_t)json_integer_value(json_object_get(o, key));
}

static int kind_by_name(const char *name, enum verdict_kind *k)
{
	int i;

	for (i = VERDICT_PASS; i <= VERDICT_INCONCLUSIVE; i++)
		if (!strcmp(kinds[i], name)) {
			*k = (enum verdict_kind)i;
			return 0;
		}
	return -ENOENT;
}

int verdict_read(struct verdict *v, const char *path)
{
	char kind[32], in[32];
	json_t *o = json_load_file(path, 0, NULL);

	*v = (struct verdict){};
	get(o, "verdict", kind, sizeof(kind));
	get(o, "class", in, sizeof(in));
	get(o, "name", v->title, sizeof(v->title));
	get(o, "saw", v->saw, sizeof(v->saw));
	get(o, "why", v->why, sizeof(v->why));
	get(o, "look", v->look, sizeof(v->look));
	get(o, "run", v->run, sizeof(v->run));
	get(o, "schedule", v->schedule, sizeof(v->schedule));
	get(o, "scenario", v->scenario, sizeof(v->scenario));
	v->from_ns = number(o, "from_ns");
	v->to_ns = number(o, "to_ns");
	v->tid = (uint32_t)number(o, "tid");
	v->certain = json_is_true(json_object_get(o, "certain"));
	json_decref(o);
	return kind_by_name(kind, &v->kind) || check_class_by_name(in, &v->in) ? -EBADMSG : 0;
}
