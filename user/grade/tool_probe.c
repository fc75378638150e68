// SPDX-License-Identifier: GPL-2.0
/* BPF programs of the learner's, by libbpf; and what their maps hold after the run. */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "grade/tool.h"

#define MOST_LINKS 64

static struct bpf_object *object;
static struct bpf_link *links[MOST_LINKS];
static size_t nr_links;
static char said[1 << 20]; /* libbpf's words, of which the verifier's log is a part */

static int listen(enum libbpf_print_level level, const char *format, va_list args)
{
	size_t n = strlen(said);

	if (level > LIBBPF_WARN)
		return 0;
	return vsnprintf(said + n, sizeof(said) - n, format, args);
}

static int attach_all(void)
{
	struct bpf_program *p;

	bpf_object__for_each_program(p, object)
	{
		if (nr_links == MOST_LINKS)
			return -E2BIG;
		links[nr_links] = bpf_program__attach(p);
		if (!links[nr_links++])
			return -errno;
	}
	return 0;
}

/* The verifier's words alone, where it was the verifier. */
static const char *its_words(void)
{
	static const char begin[] = "-- BEGIN PROG LOAD LOG --\n";
	char *from = strstr(said, begin), *to = strstr(said, "-- END PROG LOAD LOG --");

	if (!from || !to)
		return said;
	*to = '\0';
	to = strstr(from, "\nprocessed ");
	if (to)
		to[1] = '\0';
	return from + sizeof(begin) - 1;
}

static int open_and_load(const char *path)
{
	libbpf_set_print(listen);
	object = bpf_object__open(path);
	return object ? bpf_object__load(object) : -errno;
}

static void load(const struct run *r, const char *path)
{
	int err = open_and_load(path);

	if (!err)
		err = attach_all();
	if (err)
		tool_refused(r, "The kernel's verifier does not take it:", its_words());
}

const char *tool_verify(const char *path)
{
	int err = open_and_load(path);

	bpf_object__close(object);
	object = NULL;
	return err ? its_words() : NULL;
}

/* A value for each CPU takes whole words of 8 bytes. */
static void tell_element(FILE *told, const struct bpf_map *m, const void *key,
			 const uint64_t *value)
{
	size_t words = (bpf_map__value_size(m) + 7) / 8, of_cpu, i;
	bool is_per_cpu = bpf_map__type(m) == BPF_MAP_TYPE_PERCPU_HASH ||
			  bpf_map__type(m) == BPF_MAP_TYPE_PERCPU_ARRAY ||
			  bpf_map__type(m) == BPF_MAP_TYPE_LRU_PERCPU_HASH;
	int cpus = is_per_cpu ? libbpf_num_possible_cpus() : 1;
	uint64_t number = 0;

	memcpy(&number, key, bpf_map__key_size(m) < 8 ? bpf_map__key_size(m) : 8);
	for (of_cpu = 0; of_cpu < (size_t)cpus; of_cpu++) {
		fprintf(told, "%s %llu", bpf_map__name(m), (unsigned long long)number);
		for (i = 0; i < words; i++)
			fprintf(told, " %llu", (unsigned long long)value[of_cpu * words + i]);
		fputc('\n', told);
	}
}

/* Of maps without keys to walk along, as rings and storages, nothing is told. */
static void tell_map(FILE *told, const struct bpf_map *m)
{
	size_t words = (bpf_map__value_size(m) + 7) / 8 * (size_t)libbpf_num_possible_cpus();
	void *key = calloc(2, bpf_map__key_size(m) + 1), *before = NULL;
	uint64_t *value = calloc(words + 1, sizeof(*value));
	int fd = bpf_map__fd(m);

	fprintf(told, "map %s %u %u\n", bpf_map__name(m), bpf_map__key_size(m),
		bpf_map__value_size(m));
	while (key && value && !bpf_map_get_next_key(fd, before, key)) {
		if (!bpf_map_lookup_elem(fd, key, value))
			tell_element(told, m, key, value);
		before = key;
	}
	free(value);
	free(key);
}

static void unload(FILE *told)
{
	const struct bpf_map *m;

	while (nr_links)
		bpf_link__destroy(links[--nr_links]);
	bpf_object__for_each_map(m, object) if (!bpf_map__is_internal(m)) tell_map(told, m);
	bpf_object__close(object);
	object = NULL;
}

const struct tool probe_tool = { .file = "yours.bpf.o", .load = load, .unload = unload };
