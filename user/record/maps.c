// SPDX-License-Identifier: GPL-2.0
/* What happened to address spaces, replayed into what they were; see maps.h. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "record/maps_part.h"
#include "record/tasks.h"

static int by_time(const void *a, const void *b)
{
	const struct map_event *x = a, *y = b;

	if (x->time_ns != y->time_ns)
		return x->time_ns < y->time_ns ? -1 : 1;
	return (x->order > y->order) - (x->order < y->order);
}

int maps_add_event(struct maps *m, const struct map_event *e)
{
	size_t room = m->event_room ? 2 * m->event_room : 1024;
	struct map_event *bigger;

	if (m->nr_events == m->event_room) {
		bigger = reallocarray(m->events, room, sizeof(*bigger));
		if (!bigger)
			return -ENOMEM;
		m->events = bigger;
		m->event_room = room;
	}
	m->events[m->nr_events] = *e;
	m->events[m->nr_events].order = m->nr_events;
	m->nr_events++;
	return 0;
}

static int read_proc_maps(struct maps *m, uint32_t tgid)
{
	unsigned long long start, end, offset;
	char name[64], line[PATH_MAX + 128], perms[8];
	int at = 0, err = 0;
	FILE *f;

	snprintf(name, sizeof(name), "/proc/%u/maps", tgid);
	f = fopen(name, "re");
	while (f && !err && fgets(line, sizeof(line), f)) {
		struct map_event e = { .kind = MAP_MMAP, .tid = tgid, .tgid = tgid };

		line[strcspn(line, "\n")] = '\0';
		if (sscanf(line, "%llx-%llx %7s %llx %*s %*s %n", &start, &end, perms, &offset,
			   &at) != 4 ||
		    perms[2] != 'x' || line[at] != '/')
			continue;
		e.start = start;
		e.end = end;
		e.offset = offset;
		e.path = strdup(line + at);
		err = e.path ? maps_add_event(m, &e) : -ENOMEM;
	}
	if (f)
		fclose(f);
	return err;
}

/* Who runs already: as if forked and mapped at time 0. */
static int read_running(struct maps *m)
{
	struct task *tasks;
	size_t n, i;
	int err = tasks_scan(&tasks, &n, true);

	if (err)
		return err;
	for (i = 0; i < n && !err; i++) {
		struct map_event e = { .kind = MAP_FORK,
				       .tid = (uint32_t)tasks[i].tid,
				       .tgid = (uint32_t)tasks[i].tgid };

		err = maps_add_event(m, &e);
		if (!err && tasks[i].tid == tasks[i].tgid)
			err = read_proc_maps(m, e.tgid);
	}
	free(tasks);
	return err;
}

static struct space *current_space(struct maps *m, uint32_t tgid)
{
	size_t i = m->nr_spaces;

	while (i > 0)
		if (m->spaces[--i].tgid == tgid)
			return &m->spaces[i];
	return NULL;
}

static struct space *new_space(struct maps *m, uint32_t tgid, uint64_t since_ns)
{
	size_t room = m->space_room ? 2 * m->space_room : 64;
	struct space *bigger;

	if (m->nr_spaces == m->space_room) {
		bigger = reallocarray(m->spaces, room, sizeof(*bigger));
		if (!bigger)
			return NULL;
		m->spaces = bigger;
		m->space_room = room;
	}
	m->spaces[m->nr_spaces] = (struct space){ .tgid = tgid, .since_ns = since_ns };
	return &m->spaces[m->nr_spaces++];
}

static int add_mapping(struct space *s, const struct mapping *from)
{
	struct mapping *bigger =
		reallocarray(s->mappings, s->nr_mappings + 1, sizeof(*s->mappings));

	if (!bigger)
		return -ENOMEM;
	s->mappings = bigger;
	s->mappings[s->nr_mappings] = *from;
	s->mappings[s->nr_mappings].path = strdup(from->path);
	return s->mappings[s->nr_mappings++].path ? 0 : -ENOMEM;
}

/* A child process begins with its parent's mappings. */
static int replay_fork(struct maps *m, const struct map_event *e)
{
	struct space *parent, *child;
	size_t at, i;
	int err = 0;

	if (e->tid != e->tgid)
		return 0;
	parent = current_space(m, e->parent_tgid);
	at = parent ? (size_t)(parent - m->spaces) : 0;
	child = new_space(m, e->tgid, e->time_ns);
	if (!child)
		return -ENOMEM;
	for (i = 0; parent && i < m->spaces[at].nr_mappings && !err; i++)
		err = add_mapping(child, &m->spaces[at].mappings[i]);
	return err;
}

static int replay(struct maps *m, const struct map_event *e)
{
	struct mapping mapping = { e->start, e->end, e->offset, e->time_ns, e->path };
	struct space *s;

	if (e->kind == MAP_FORK)
		return replay_fork(m, e);
	if (e->kind == MAP_EXEC)
		return new_space(m, e->tgid, e->time_ns) ? 0 : -ENOMEM;
	s = current_space(m, e->tgid);
	if (!s)
		s = new_space(m, e->tgid, e->time_ns);
	return s ? add_mapping(s, &mapping) : -ENOMEM;
}

static void free_space(struct space *s)
{
	size_t i;

	for (i = 0; i < s->nr_mappings; i++)
		free(s->mappings[i].path);
	free(s->mappings);
}

static void forget_spaces(struct maps *m)
{
	size_t i;

	for (i = 0; i < m->nr_spaces; i++)
		free_space(&m->spaces[i]);
	m->nr_spaces = 0;
}

int maps_finish(struct maps *m)
{
	size_t i;
	int err = 0;

	forget_spaces(m);
	if (m->nr_events)
		qsort(m->events, m->nr_events, sizeof(*m->events), by_time);
	for (i = 0; i < m->nr_events && !err; i++)
		err = replay(m, &m->events[i]);
	return err;
}

/* tids are used again: the last fork before that time counts. */
static uint32_t tgid_of(const struct maps *m, uint32_t tid, uint64_t time_ns)
{
	uint32_t tgid = 0;
	size_t i;

	for (i = 0; i < m->nr_events && m->events[i].time_ns <= time_ns; i++) {
		const struct map_event *e = &m->events[i];

		if (e->kind == MAP_FORK && e->tid == tid)
			tgid = e->tgid;
		else if (e->kind == MAP_EXEC && e->tgid == tid)
			tgid = tid; /* whichever thread did it has the first one's tid now */
	}
	return tgid;
}

struct space *maps_space(struct maps *m, uint32_t tid, uint64_t time_ns)
{
	uint32_t tgid = tgid_of(m, tid, time_ns);
	size_t i = m->nr_spaces;

	while (tgid && i > 0) {
		i--;
		if (m->spaces[i].tgid == tgid && m->spaces[i].since_ns <= time_ns)
			return &m->spaces[i];
	}
	return NULL;
}

struct space *maps_spaces(struct maps *m, size_t *n)
{
	*n = m->nr_spaces;
	return m->spaces;
}

uint64_t maps_lost(const struct maps *m)
{
	return m->nr_lost;
}

int maps_open(struct maps **out)
{
	struct maps *m = calloc(1, sizeof(*m));
	int err;

	*out = m;
	if (!m)
		return -ENOMEM;
	err = maps_perf_open(m);
	return err ? err : read_running(m);
}

void maps_drain(struct maps *m)
{
	maps_perf_drain(m);
}

size_t maps_held(const struct maps *m)
{
	return m->nr_events;
}

int maps_renew(struct maps *m)
{
	size_t i;

	for (i = 0; i < m->nr_events; i++)
		free(m->events[i].path);
	m->nr_events = 0;
	return read_running(m);
}

void maps_close(struct maps *m)
{
	size_t i;

	if (!m)
		return;
	maps_perf_close(m);
	for (i = 0; i < m->nr_events; i++)
		free(m->events[i].path);
	forget_spaces(m);
	free(m->events);
	free(m->spaces);
	free(m);
}
