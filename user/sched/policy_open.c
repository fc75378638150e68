// SPDX-License-Identifier: GPL-2.0
/* Finding and opening a policy's object, and what it declares. */
#include <errno.h>
#include <glob.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sched/ext.h"
#include "sched/policy_part.h"

#define SUFFIX ".bpf.o"

/* They are installed beside the program: bin/oncpu, sched/NAME.bpf.o. */
static int folder(char path[PATH_MAX])
{
	ssize_t n = readlink("/proc/self/exe", path, PATH_MAX - 1);
	char *slash;
	int i;

	if (n < 0)
		return -errno;
	path[n] = '\0';
	for (i = 0; i < 2; i++) {
		slash = strrchr(path, '/');
		if (!slash)
			return -ENOENT;
		*slash = '\0';
	}
	if (strlen(path) + sizeof("/sched") > PATH_MAX)
		return -ENAMETOOLONG;
	strcat(path, "/sched");
	return 0;
}

static char *name_of(const char *path)
{
	const char *base = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;

	return strndup(base, strcspn(base, "."));
}

/* Schedulers that are no policies (the storm) declare no sentence. */
static bool is_policy(const char *path)
{
	struct bpf_object *o = bpf_object__open_file(path, NULL);
	struct declared *found = NULL;
	size_t n = 0;

	if (o)
		declared_find(o, "policy:", &found, &n);
	free(found);
	bpf_object__close(o);
	return n > 0;
}

int policy_list(char ***names, size_t *n, char *why, size_t why_size)
{
	char path[PATH_MAX], pattern[PATH_MAX + 16];
	glob_t found;
	size_t i;
	int err = folder(path);

	*names = NULL;
	*n = 0;
	if (err)
		return err;
	snprintf(pattern, sizeof(pattern), "%s/*" SUFFIX, path);
	if (glob(pattern, 0, NULL, &found)) {
		snprintf(why, why_size,
			 "there are no policies in %s: scripts/build puts them there", path);
		return -ENOENT;
	}
	ext_be_quiet();
	*names = calloc(found.gl_pathc, sizeof(**names));
	for (i = 0; *names && i < found.gl_pathc; i++)
		if (is_policy(found.gl_pathv[i]))
			(*names)[(*n)++] = name_of(found.gl_pathv[i]);
	globfree(&found);
	return *names ? 0 : -ENOMEM;
}

/* "knob:LEAST:MOST:text" */
static int take_knob(struct policy *p, size_t i)
{
	struct policy_knob *knob = &p->knobs[i];
	const struct declared *at = &p->knobs_at[i];
	const void *place = policy_place(p, at);
	char *end;

	knob->name = at->name;
	knob->least = strtoull(at->tag, &end, 10);
	if (!place || at->size > sizeof(knob->value) || *end != ':')
		return -EBADMSG;
	knob->most = strtoull(end + 1, &end, 10);
	if (*end != ':')
		return -EBADMSG;
	knob->text = end + 1;
	memcpy(&knob->value, place, at->size);
	return 0;
}

/* A knob that all have: how long the kernel lets a task wait that could run. */
static int add_patience(struct policy *p)
{
	struct declared *at = &p->knobs_at[p->nr_knobs];
	struct policy_knob *knob = &p->knobs[p->nr_knobs];
	uint32_t value, *place;

	*at = (struct declared){ .section = ".struct_ops", .size = sizeof(value) };
	if (declared_member(p->object, "sched_ext_ops", "timeout_ms", &at->offset))
		return 0;
	place = policy_place(p, at);
	if (!place)
		return -EBADMSG;
	memcpy(&value, place, sizeof(value));
	*knob = (struct policy_knob){
		.name = "patience_ms",
		.text = "the kernel throws the policy out when it lets a task wait for so long",
		.value = value ? value : DEFAULT_PATIENCE_MS,
		.least = 1000,
		.most = DEFAULT_PATIENCE_MS,
	};
	p->nr_knobs++;
	return 0;
}

static int take_knobs(struct policy *p)
{
	struct declared *bigger;
	size_t n, i;
	int err = declared_find(p->object, "knob:", &p->knobs_at, &n);

	if (err)
		return err;
	bigger = reallocarray(p->knobs_at, n + 1, sizeof(*bigger));
	p->knobs = calloc(n + 1, sizeof(*p->knobs));
	if (!bigger || !p->knobs)
		return -ENOMEM;
	p->knobs_at = bigger;
	for (i = 0; i < n && !err; i++)
		err = take_knob(p, i);
	p->nr_knobs = n;
	return err ? err : add_patience(p);
}

static int take_stats(struct policy *p)
{
	size_t i;
	int err = declared_find(p->object, "stat:", &p->stats_at, &p->nr_stats);

	if (err)
		return err;
	p->stats = calloc(p->nr_stats + 1, sizeof(*p->stats));
	for (i = 0; p->stats && i < p->nr_stats; i++)
		p->stats[i] = (struct policy_stat){ .name = p->stats_at[i].name,
						    .text = p->stats_at[i].tag };
	return p->stats ? 0 : -ENOMEM;
}

static int take_sentence(struct policy *p)
{
	struct declared *found;
	size_t n;
	int err = declared_find(p->object, "policy:", &found, &n);

	if (err)
		return err;
	p->sentence = strdup(n ? found[0].tag : "");
	free(found);
	return p->sentence ? 0 : -ENOMEM;
}

static struct bpf_map *find_ops(const struct bpf_object *o)
{
	struct bpf_map *map;

	bpf_object__for_each_map(map,
				 o) if (bpf_map__type(map) == BPF_MAP_TYPE_STRUCT_OPS) return map;
	return NULL;
}

static int open_object(struct policy *p, const char *path, char *why, size_t why_size)
{
	int err = 0;

	ext_be_quiet();
	p->object = bpf_object__open_file(path, NULL);
	if (!p->object) {
		err = -errno;
		snprintf(why, why_size, "%s cannot be opened as a policy: %s", path,
			 err == -ENOENT ? "there is no such file" : strerror(-err));
		return err;
	}
	p->ops = find_ops(p->object);
	if (!p->ops) {
		snprintf(why, why_size, "%s is no policy: it has no struct sched_ext_ops", path);
		return -EINVAL;
	}
	p->name = name_of(path);
	err = p->name ? take_sentence(p) : -ENOMEM;
	if (!err)
		err = take_knobs(p);
	if (!err)
		err = take_stats(p);
	if (err)
		snprintf(why, why_size, "%s declares its knobs or numbers wrongly: %s", path,
			 strerror(-err));
	return err;
}

static int find_path(const char *name, char *path, size_t size, char *why, size_t why_size)
{
	char at[PATH_MAX];
	int err = 0;

	if (strpbrk(name, "/.")) {
		snprintf(path, size, "%s", name);
		return 0;
	}
	err = folder(at);
	if (err)
		return err;
	snprintf(path, size, "%s/%s" SUFFIX, at, name);
	if (!access(path, R_OK))
		return 0;
	snprintf(why, why_size, "there is no policy '%s': 'oncpu sched' lists them", name);
	return -ENOENT;
}

int policy_open(struct policy **policy, const char *name, char *why, size_t why_size)
{
	struct policy *p = calloc(1, sizeof(*p));
	char path[PATH_MAX + 256];
	int err;

	*policy = NULL;
	snprintf(why, why_size, "no memory");
	if (!p)
		return -ENOMEM;
	err = find_path(name, path, sizeof(path), why, why_size);
	if (!err)
		err = open_object(p, path, why, why_size);
	if (err)
		policy_end(p);
	else
		*policy = p;
	return err;
}
