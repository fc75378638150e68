// SPDX-License-Identifier: GPL-2.0
#include <bpf/bpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "sched/ext.h"
#include "sched/policy_part.h"

#define OPS_FLAG_PARTIAL (1u << 3) /* the kernel's SCX_OPS_SWITCH_PARTIAL */

/* A section of the file, in memory; the ops have a map of their own. */
static struct bpf_map *section_of(const struct policy *p, const char *section)
{
	if (!strncmp(section, ".struct_ops", strlen(".struct_ops")))
		return p->ops;
	return bpf_object__find_map_by_name(p->object, section);
}

void *policy_place(const struct policy *p, const struct declared *at)
{
	struct bpf_map *map = section_of(p, at->section);
	size_t size = 0;
	char *memory = map ? bpf_map__initial_value(map, &size) : NULL;

	return memory && at->offset + at->size <= size ? memory + at->offset : NULL;
}

const char *policy_name(const struct policy *p)
{
	return p->name;
}

const char *policy_sentence(const struct policy *p)
{
	return p->sentence;
}

const struct policy_knob *policy_knobs(const struct policy *p, size_t *n)
{
	*n = p->nr_knobs;
	return p->knobs;
}

static int set_number(const struct policy *p, size_t i, uint64_t value)
{
	void *place = policy_place(p, &p->knobs_at[i]);

	if (!place)
		return -ENOENT;
	memcpy(place, &value, p->knobs_at[i].size); /* little-endian, as BPF is here */
	p->knobs[i].value = value;
	return 0;
}

static void list_knobs(const struct policy *p, char *buf, size_t size)
{
	size_t i, used = 0;

	*buf = '\0';
	for (i = 0; i < p->nr_knobs && used < size; i++)
		used += (size_t)snprintf(buf + used, size - used, "%s%s", i ? ", " : "",
					 p->knobs[i].name);
}

static int no_such_knob(const struct policy *p, const char *setting, char *why, size_t why_size)
{
	char names[256];

	list_knobs(p, names, sizeof(names));
	snprintf(why, why_size, "%s has no knob '%.*s': it has %s", p->name,
		 (int)strcspn(setting, "="), setting, names);
	return -EINVAL;
}

int policy_set(struct policy *p, const char *setting, char *why, size_t why_size)
{
	size_t n = strcspn(setting, "="), i;
	const struct policy_knob *knob;
	unsigned long long value;
	const char *text;
	char *end;

	for (i = 0; i < p->nr_knobs; i++)
		if (strlen(p->knobs[i].name) == n && !strncmp(p->knobs[i].name, setting, n))
			break;
	if (i == p->nr_knobs)
		return no_such_knob(p, setting, why, why_size);
	knob = &p->knobs[i];
	text = setting[n] ? setting + n + 1 : "";
	errno = 0;
	value = strtoull(text, &end, 10);
	if (errno || end == text || *end || *text == '-' || value < knob->least ||
	    value > knob->most) {
		snprintf(why, why_size, "%s is a number from %llu to %llu, not '%s' (%s)",
			 knob->name, (unsigned long long)knob->least,
			 (unsigned long long)knob->most, text, knob->text);
		return -EINVAL;
	}
	return set_number(p, i, value);
}

/* The whole guest: without the flag that leaves strangers alone. */
static int take_all(struct policy *p)
{
	struct declared flags = { .section = ".struct_ops", .size = sizeof(uint64_t) };
	uint64_t *place, value;
	int err = declared_member(p->object, "sched_ext_ops", "flags", &flags.offset);

	place = err ? NULL : policy_place(p, &flags);
	if (!place)
		return -EINVAL;
	memcpy(&value, place, sizeof(value));
	value &= ~(uint64_t)OPS_FLAG_PARTIAL;
	memcpy(place, &value, sizeof(value));
	return 0;
}

static int map_bss(struct policy *p)
{
	const struct bpf_map *map = bpf_object__find_map_by_name(p->object, ".bss");
	void *memory;

	if (!map)
		return 0;
	p->bss.size = bpf_map__value_size(map);
	memory = mmap(NULL, p->bss.size, PROT_READ | PROT_WRITE, MAP_SHARED, bpf_map__fd(map), 0);
	if (memory == MAP_FAILED)
		return -errno;
	p->bss.memory = memory;
	return 0;
}

/* A variable of .bss while the policy is on; NULL: there is none, or it is smaller. */
static void *variable(const struct policy *p, const char *name, size_t size)
{
	struct declared at;

	if (!p->bss.memory || declared_variable(p->object, name, &at) ||
	    strcmp(at.section, ".bss") || at.size < size || at.offset + at.size > p->bss.size)
		return NULL;
	return p->bss.memory + at.offset;
}

static int load(struct policy *p, bool all)
{
	volatile bool *recording;
	int err = all ? take_all(p) : 0;

	if (!err)
		err = policy_size_rings(p);
	if (!err)
		err = bpf_object__load(p->object);
	if (!err)
		err = map_bss(p);
	if (!err)
		err = policy_map_rings(p);
	if (err)
		return err;
	recording = variable(p, "recording", sizeof(bool));
	if (recording)
		*recording = true;
	p->link = bpf_map__attach_struct_ops(p->ops);
	return p->link ? 0 : -errno;
}

int policy_begin(struct policy *p, bool all, char *why, size_t why_size)
{
	int err = ext_check(why, why_size);

	if (err)
		return err;
	ext_be_quiet();
	err = load(p, all);
	if (err)
		ext_explain(err, why, why_size);
	return err;
}

const struct policy_stat *policy_stats(struct policy *p, size_t *n)
{
	const struct declared *at;
	size_t i;

	for (i = 0; i < p->nr_stats; i++) {
		at = &p->stats_at[i];
		if (p->bss.memory && !strcmp(at->section, ".bss") &&
		    at->offset + sizeof(uint64_t) <= p->bss.size)
			p->stats[i].value = __atomic_load_n(
				(uint64_t *)(p->bss.memory + at->offset), __ATOMIC_RELAXED);
	}
	*n = p->nr_stats;
	return p->stats;
}

struct decisions *policy_decisions(struct policy *p)
{
	return p->decisions.rings.control ? &p->decisions : NULL;
}

bool policy_was_thrown_out(const struct policy *p, char *why, size_t why_size)
{
	const uint32_t *kind = variable(p, "exit_kind", sizeof(*kind));
	const char *reason = variable(p, "exit_reason", 1);
	const char *message = variable(p, "exit_message", 1);

	if (!kind || !*kind || !reason || !message)
		return false;
	policy_tell_end(p, *kind, reason, message, why, why_size);
	return true;
}

void policy_end(struct policy *p)
{
	if (!p)
		return;
	bpf_link__destroy(p->link);
	policy_unmap_rings(p);
	if (p->bss.memory)
		munmap(p->bss.memory, p->bss.size);
	bpf_object__close(p->object);
	free(p->knobs_at);
	free(p->stats_at);
	free(p->knobs);
	free(p->stats);
	free(p->name);
	free(p->sentence);
	free(p->meta);
	free(p);
}
