// SPDX-License-Identifier: GPL-2.0
/* Text to trace: see builder.h for the language. */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "builder.h"
#include "model/model.h"

#define MOST_NAMES   64
#define MOST_CPUS    64
#define MOST_WORDS   16
#define MOST_RECORDS 4096

struct name {
	char name[32];
	uint32_t tid, tgid;
};

struct builder {
	json_t *meta, *end, *marks; /* marks: their names */
	char *symbols;		    /* JSON */
	struct name names[MOST_NAMES];
	unsigned int nr_names, cpus;
	enum trace_source source;
	bool incomplete;
	bool nobody; /* the line names somebody who has not been named */
	uint64_t lost[TRACE_NR_SOURCES][MOST_CPUS], missed[TRACE_NR_SOURCES];
	struct {
		struct oncpu_record r[MOST_RECORDS];
		uint32_t n;
	} streams[TRACE_NR_SOURCES][MOST_CPUS];
	char *words[MOST_WORDS]; /* of the line */
	unsigned int nr_words;
};

static struct name *find_name(struct builder *b, const char *name)
{
	unsigned int i;

	for (i = 0; i < b->nr_names; i++)
		if (!strcmp(b->names[i].name, name))
			return &b->names[i];
	return NULL;
}

static struct name *add_name(struct builder *b, const char *name, uint32_t tid, uint32_t tgid)
{
	struct name *n = find_name(b, name);

	if (!n && b->nr_names == MOST_NAMES)
		return NULL;
	if (!n)
		n = &b->names[b->nr_names++];
	snprintf(n->name, sizeof(n->name), "%s", name);
	n->tid = tid;
	n->tgid = tgid;
	return n;
}

/* Word i of the line; "" where it is missing. */
static const char *word(const struct builder *b, unsigned int i)
{
	return i < b->nr_words ? b->words[i] : "";
}

static uint64_t number(const struct builder *b, unsigned int i)
{
	return strtoull(word(b, i), NULL, 0);
}

static uint32_t tid(struct builder *b, unsigned int i)
{
	const struct name *n = find_name(b, word(b, i));
	char *end = NULL;
	uint32_t value = (uint32_t)strtoul(word(b, i), &end, 10);

	if (!n && (*end || end == word(b, i)))
		b->nobody = true;
	return n ? n->tid : value;
}

/* "1.25" milliseconds, without a double. */
static uint64_t time_of(const char *text)
{
	char *point;
	uint64_t ns = strtoull(text, &point, 10) * 1000000, unit = 100000;

	if (*point == '.')
		for (point++; *point >= '0' && *point <= '9'; point++, unit /= 10)
			ns += unit * (uint64_t)(*point - '0');
	return BUILDER_START_NS + ns;
}

static void take_state(struct oncpu_record *r, const char *state)
{
	static const struct {
		char letter;
		uint32_t raw;
	} states[] = { { 'R', 0 }, { 'S', 1 },	  { 'D', 2 },	 { 'I', 0x402 }, { 'T', 4 },
		       { 't', 8 }, { 'X', 0x90 }, { 'Z', 0xa0 }, { 'K', 0x102 } };
	size_t i;

	r->sched_switch.prev_prio = r->sched_switch.next_prio = 120;
	r->sched_switch.prev_state = (uint32_t)strtoul(state, NULL, 0);
	if (*state == 'Y')
		r->flags = ONCPU_SWITCH_YIELDED; /* and no state: runnable */
	if (*state == 'P') {
		r->flags = ONCPU_SWITCH_PREEMPTED;
		state++;
	}
	for (i = 0; i < sizeof(states) / sizeof(*states); i++)
		if (states[i].letter == *state)
			r->sched_switch.prev_state = states[i].raw;
}

/* S_IFMT >> 12 of what a file is called here */
static uint8_t file_kind(const char *name)
{
	static const char *const kinds[] = {
		[1] = "pipe", [2] = "char", [4] = "dir", [6] = "blk", [8] = "file", [12] = "socket"
	};
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (kinds[i] && !strcmp(kinds[i], name))
			return (uint8_t)i;
	return 0;
}

/* "switch A -> B S [prio 90 120] [iowait] [in read [3 pipe]]" */
static void take_switch(struct builder *b, struct oncpu_record *r)
{
	unsigned int i = 7;

	r->type = ONCPU_SWITCH;
	r->tid = tid(b, 3);
	r->sched_switch.next_tid = tid(b, 5);
	r->sched_switch.syscall = NO_CALL;
	take_state(r, word(b, 6));
	if (!strcmp(word(b, i), "prio")) {
		r->sched_switch.prev_prio = (uint8_t)number(b, i + 1);
		r->sched_switch.next_prio = (uint8_t)number(b, i + 2);
		i += 3;
	}
	if (!strcmp(word(b, i), "iowait")) {
		r->flags |= ONCPU_SWITCH_IOWAIT;
		i++;
	}
	if (strcmp(word(b, i), "in"))
		return;
	r->sched_switch.syscall = (int16_t)model_call_number(word(b, i + 1));
	r->sched_switch.fd = (uint32_t)number(b, i + 2);
	r->flags |= (uint8_t)(file_kind(word(b, i + 3)) << ONCPU_SWITCH_FILE_SHIFT);
}

/* "waking B by A [hardirq|softirq] [at 1]" */
static void take_wake(struct builder *b, struct oncpu_record *r, uint8_t type)
{
	unsigned int i;

	r->type = type;
	r->tid = tid(b, 5);
	r->wake.tid = tid(b, 3);
	r->wake.prio = 120;
	for (i = 6; i < b->nr_words; i++) {
		if (!strcmp(word(b, i), "hardirq"))
			r->flags |= ONCPU_WAKE_HARDIRQ;
		if (!strcmp(word(b, i), "softirq"))
			r->flags |= ONCPU_WAKE_SOFTIRQ;
		if (!strcmp(word(b, i), "at"))
			r->wake.cpu = (uint32_t)number(b, i + 1);
	}
}

static void take_migrate(struct builder *b, struct oncpu_record *r)
{
	r->type = ONCPU_MIGRATE;
	r->tid = tid(b, 8);
	r->migrate.tid = tid(b, 3);
	r->migrate.from_cpu = (uint32_t)number(b, 4);
	r->migrate.to_cpu = (uint32_t)number(b, 6);
}

static void take_fork(struct builder *b, struct oncpu_record *r)
{
	struct name *parent = find_name(b, word(b, 3)), *child = find_name(b, word(b, 5));

	r->type = ONCPU_FORK;
	r->tid = tid(b, 3);
	r->fork.tid = tid(b, 5);
	r->fork.parent_tgid = parent ? parent->tgid : 0;
	r->fork.tgid = strcmp(word(b, 6), "process") ? r->fork.parent_tgid : r->fork.tid;
	if (child)
		child->tgid = r->fork.tgid;
}

static void take_exec(struct builder *b, struct oncpu_record *r)
{
	r->type = ONCPU_EXEC;
	r->tid = r->exec.tgid = r->exec.old_tid = tid(b, 3);
	if (!strcmp(word(b, 4), "from"))
		r->exec.old_tid = tid(b, 5);
}

static void take_comm(struct builder *b, struct oncpu_record *r)
{
	char comm[64] = "";
	unsigned int i;

	r->type = ONCPU_COMM;
	r->tid = tid(b, 3);
	for (i = 4; i < b->nr_words; i++)
		snprintf(comm + strlen(comm), sizeof(comm) - strlen(comm), "%s%s", i > 4 ? " " : "",
			 word(b, i));
	memcpy(r->comm, comm, ONCPU_COMM_LEN - 1);
}

static void take_address(struct builder *b, struct oncpu_record *r, uint8_t type)
{
	r->type = type;
	r->tid = tid(b, 3);
	r->raw[0] = number(b, 4);
	if (type == ONCPU_FUTEX_WAIT && !strcmp(word(b, 5), "owner")) {
		r->flags |= ONCPU_FUTEX_OWNER;
		r->futex_wait.owner = tid(b, 6);
	}
	if (type == ONCPU_FUTEX_WAIT && !strcmp(word(b, 5), "value"))
		r->futex_wait.value = tid(b, 6);
	if (type == ONCPU_FUTEX_WAIT && !strcmp(word(b, 7), "op"))
		r->flags |= (uint8_t)number(b, 8);
}

static void take_stack(struct builder *b, struct oncpu_record *r)
{
	r->type = ONCPU_STACK;
	r->tid = tid(b, 3);
	r->stack.id = number(b, 4);
}

static void take_words(struct builder *b, struct oncpu_record *r)
{
	unsigned int i;

	r->type = ONCPU_FUTEX_WORDS;
	r->tid = tid(b, 3);
	for (i = 0; i < 4; i++)
		r->futex_words[i] = tid(b, 4 + i);
}

/* "5.000 cpu0 lost 3 since 4.250": told by a LOST record, and counted for END */
static void take_gap(struct builder *b, struct oncpu_record *r)
{
	unsigned int cpu = (unsigned int)strtoul(word(b, 1) + strlen("cpu"), NULL, 10);

	r->type = ONCPU_LOST;
	r->lost.nr = number(b, 3);
	r->lost.since_ns = time_of(word(b, 5));
	b->lost[b->source][cpu] += r->lost.nr;
}

static void take_plain(struct builder *b, struct oncpu_record *r, uint8_t type)
{
	r->type = type;
	r->tid = tid(b, 3);
}

/* "futex_wake_end A 1": how many it woke */
static void take_futex_end(struct builder *b, struct oncpu_record *r, uint8_t type)
{
	take_plain(b, r, type);
	r->futex_end.ret = (int32_t)number(b, 4);
}

/* "1.000 marks point A token 7" */
static int take_mark(struct builder *b)
{
	struct oncpu_record *r = &b->streams[TRACE_MARKS][0].r[b->streams[TRACE_MARKS][0].n++];
	size_t i = 0;

	while (i < json_array_size(b->marks) &&
	       strcmp(json_string_value(json_array_get(b->marks, i)), word(b, 4)) != 0)
		i++;
	if (i == json_array_size(b->marks))
		json_array_append_new(b->marks, json_string(word(b, 4)));
	r->time_ns = time_of(word(b, 0));
	r->type = !strcmp(word(b, 2), "begin") ? ONCPU_MARK_BEGIN
		  : !strcmp(word(b, 2), "end") ? ONCPU_MARK_END
					       : ONCPU_MARK_POINT;
	r->tid = tid(b, 3);
	r->mark.name = (uint32_t)i;
	r->mark.value = number(b, 5);
	return b->streams[TRACE_MARKS][0].n < MOST_RECORDS ? 0 : -E2BIG;
}

static uint16_t queue_of(struct builder *b, unsigned int at)
{
	const char *name = word(b, at);

	return !strcmp(name, "stay")	  ? ONCPU_DECISION_STAY
	       : !strcmp(name, "chosen")  ? ONCPU_DECISION_CHOSEN
	       : !strcmp(name, "nowhere") ? ONCPU_DECISION_NOWHERE
					  : (uint16_t)number(b, at);
}

/* "1.000 decide B 2 8000 7 5" */
static int take_decision(struct builder *b)
{
	struct oncpu_record *r =
		&b->streams[TRACE_DECISIONS][0].r[b->streams[TRACE_DECISIONS][0].n++];

	r->time_ns = time_of(word(b, 0));
	r->type = ONCPU_DECISION;
	r->decision.tid = tid(b, 2);
	r->decision.queue = queue_of(b, 3);
	r->decision.slice_us = (uint32_t)number(b, 4);
	r->decision.why = (uint16_t)number(b, 5);
	r->decision.number = (uint32_t)number(b, 6);
	return b->streams[TRACE_DECISIONS][0].n < MOST_RECORDS ? 0 : -E2BIG;
}

static int take_policy(struct builder *b)
{
	char text[1024], *p;
	json_t *policy;

	snprintf(text, sizeof(text), "%s", word(b, 1));
	for (p = text; *p; p++)
		*p = *p == '+' ? ' ' : *p == '~' ? '#' : *p;
	policy = json_loads(text, 0, NULL);
	json_object_set_new(b->meta, "policy", policy);
	return policy ? 0 : -EINVAL;
}

static int take_record(struct builder *b)
{
	static const struct {
		const char *verb;
		void (*take)(struct builder *b, struct oncpu_record *r);
		void (*take_typed)(struct builder *b, struct oncpu_record *r, uint8_t type);
		uint8_t type;
	} verbs[] = {
		{ "switch", take_switch, NULL, 0 },
		{ "waking", NULL, take_wake, ONCPU_WAKING },
		{ "new", NULL, take_wake, ONCPU_WAKEUP_NEW },
		{ "migrate", take_migrate, NULL, 0 },
		{ "fork", take_fork, NULL, 0 },
		{ "exec", take_exec, NULL, 0 },
		{ "exit", NULL, take_plain, ONCPU_EXIT },
		{ "comm", take_comm, NULL, 0 },
		{ "lost", take_gap, NULL, 0 },
		{ "lock", NULL, take_address, ONCPU_LOCK_BEGIN },
		{ "unlock", NULL, take_address, ONCPU_LOCK_END },
		{ "futex_wait", NULL, take_address, ONCPU_FUTEX_WAIT },
		{ "futex_wait_end", NULL, take_futex_end, ONCPU_FUTEX_WAIT_END },
		{ "stack", take_stack, NULL, 0 },
		{ "words", take_words, NULL, 0 },
		{ "futex_wake", NULL, take_address, ONCPU_FUTEX_WAKE },
		{ "futex_wake_end", NULL, take_futex_end, ONCPU_FUTEX_WAKE_END },
	};
	unsigned int cpu =
		(unsigned int)strtoul(word(b, 1) + strcspn(word(b, 1), "0123456789"), NULL, 10);
	struct oncpu_record *r;
	size_t i;

	if (!strcmp(word(b, 1), "marks"))
		return take_mark(b);
	if (!strcmp(word(b, 1), "decide"))
		return take_decision(b);
	if (strncmp(word(b, 1), "cpu", 3) || cpu >= MOST_CPUS)
		return -EINVAL;
	if (b->streams[b->source][cpu].n == MOST_RECORDS)
		return -E2BIG;
	r = &b->streams[b->source][cpu].r[b->streams[b->source][cpu].n++];
	r->time_ns = time_of(word(b, 0));
	for (i = 0; i < sizeof(verbs) / sizeof(*verbs); i++) {
		if (strcmp(verbs[i].verb, word(b, 2)))
			continue;
		if (verbs[i].take)
			verbs[i].take(b, r);
		else
			verbs[i].take_typed(b, r, verbs[i].type);
		return 0;
	}
	return -EINVAL;
}

static int take_task(struct builder *b)
{
	uint32_t id = (uint32_t)number(b, 2), tgid = (uint32_t)number(b, 3);
	json_t *task = json_pack("{s:i,s:i,s:i,s:s}", "tid", (int)id, "tgid", (int)tgid, "ppid",
				 (int)number(b, 4), "comm", word(b, 5));

	if (b->nr_words > 6)
		json_object_set_new(task, "state", json_string(word(b, 6)));
	if (!strncmp(word(b, 7), "cpu", 3))
		json_object_set_new(task, "cpu", json_integer(atoi(word(b, 7) + 3)));
	else if (b->nr_words > 7)
		json_object_set_new(task, "futex", json_string(word(b, 7)));
	json_array_append_new(json_object_get(b->meta, "tasks"), task);
	return add_name(b, word(b, 1), id, tgid) ? 0 : -E2BIG;
}

static void take_command(struct builder *b)
{
	json_t *words = json_array();
	unsigned int i;

	for (i = 1; i < b->nr_words; i++)
		json_array_append_new(words, json_string(b->words[i]));
	json_object_set_new(b->meta, "command", words);
}

static void take_lost(struct builder *b)
{
	unsigned int cpu =
		(unsigned int)strtoul(word(b, 1) + strcspn(word(b, 1), "0123456789"), NULL, 10);

	if (!strcmp(word(b, 1), "marks"))
		b->lost[TRACE_MARKS][0] = number(b, 2);
	else if (strncmp(word(b, 1), "cpu", 3))
		b->missed[b->source] = number(b, 1);
	else
		b->lost[b->source][cpu % MOST_CPUS] += number(b, 2);
}

static int take_statement(struct builder *b)
{
	const char *verb = word(b, 0);

	if (*verb >= '0' && *verb <= '9')
		return take_record(b);
	if (!strcmp(verb, "task"))
		return take_task(b);
	if (!strcmp(verb, "policy"))
		return take_policy(b);
	if (!strcmp(verb, "name"))
		return add_name(b, word(b, 1), (uint32_t)number(b, 2), 0) ? 0 : -E2BIG;
	if (!strcmp(verb, "command"))
		take_command(b);
	else if (!strcmp(verb, "cpus"))
		b->cpus = (unsigned int)number(b, 1);
	else if (!strcmp(verb, "target"))
		json_object_set_new(b->meta, "target_tid", json_integer(tid(b, 1)));
	else if (!strcmp(verb, "start"))
		json_object_set_new(b->meta, "start_ns",
				    json_integer((json_int_t)time_of(word(b, 1))));
	else if (!strcmp(verb, "end"))
		json_object_set_new(b->end, "end_ns",
				    json_integer((json_int_t)time_of(word(b, 1))));
	else if (!strcmp(verb, "exit"))
		json_object_set_new(b->end, "exit", json_pack("{s:i}", "code", (int)number(b, 1)));
	else if (!strcmp(verb, "signal"))
		json_object_set_new(b->end, "exit",
				    json_pack("{s:i}", "signal", (int)number(b, 1)));
	else if (!strcmp(verb, "incomplete"))
		b->incomplete = true;
	else if (!strcmp(verb, "symbols"))
		b->symbols = strdup(word(b, 1));
	else if (!strcmp(verb, "lost"))
		take_lost(b);
	else if (!strcmp(verb, "source"))
		b->source = strcmp(word(b, 1), "bpf") ? TRACE_MODULE : TRACE_BPF;
	else
		return -EINVAL;
	return 0;
}

static int parse(struct builder *b, const char *text, char *why, size_t why_size)
{
	char *copy = strdup(text), *rest = copy, *line, *w, *save;
	unsigned int number = 0;
	int err = copy ? 0 : -ENOMEM;

	while (!err && (line = strsep(&rest, "\n"))) {
		number++;
		line[strcspn(line, "#")] = '\0';
		b->nr_words = 0;
		for (w = strtok_r(line, " \t", &save); w && b->nr_words < MOST_WORDS;
		     w = strtok_r(NULL, " \t", &save))
			b->words[b->nr_words++] = w;
		if (b->nr_words)
			err = take_statement(b);
		if (b->nobody)
			err = -ESRCH;
		if (err)
			snprintf(why, why_size, "line %u: %s", number, strerror(-err));
	}
	free(copy);
	return err;
}

static json_t *end_of_source(const struct builder *b, unsigned int source)
{
	static const char *const names[] = {
		[TRACE_MODULE] = "module",
		[TRACE_BPF] = "bpf",
		[TRACE_MARKS] = "marks",
		[TRACE_DECISIONS] = "decisions",
	};
	json_t *cpus = json_array();
	unsigned int cpu;

	for (cpu = 0; cpu < (source >= TRACE_MARKS ? 1 : b->cpus); cpu++)
		json_array_append_new(cpus, json_pack("{s:i,s:i,s:I}", "cpu", (int)cpu, "records",
						      (int)b->streams[source][cpu].n, "lost",
						      (json_int_t)b->lost[source][cpu]));
	return json_pack("{s:s,s:I,s:o}", "name", names[source], "missed",
			 (json_int_t)b->missed[source], "cpus", cpus);
}

static int write_streams(const struct builder *b, struct trace_writer *w)
{
	json_t *sources = json_array();
	unsigned int source, cpu, records;
	int err = 0;

	for (source = TRACE_MODULE; source < TRACE_NR_SOURCES; source++) {
		for (records = cpu = 0; cpu < MOST_CPUS && !err; cpu++) {
			err = trace_writer_records(w, source, cpu, b->streams[source][cpu].r,
						   b->streams[source][cpu].n);
			records += b->streams[source][cpu].n;
		}
		if (records)
			json_array_append_new(sources, end_of_source(b, source));
	}
	json_object_set_new(b->end, "sources", sources);
	return err;
}

static int write_names(const struct builder *b, struct trace_writer *w)
{
	json_t *chunk = json_pack("{s:O}", "names", b->marks);
	char *text = json_dumps(chunk, JSON_COMPACT);
	int err = trace_writer_marks(w, text);

	free(text);
	json_decref(chunk);
	return err;
}

static int write_file(const struct builder *b, const char *path)
{
	char *meta = json_dumps(b->meta, JSON_COMPACT), *end = NULL;
	struct trace_writer *w;
	int err;

	err = trace_writer_open(&w, path, meta);
	if (!err && json_array_size(b->marks))
		err = write_names(b, w);
	if (!err)
		err = write_streams(b, w);
	if (!err && b->symbols)
		err = trace_writer_symbols(w, b->symbols);
	if (!err && !b->incomplete) {
		end = json_dumps(b->end, JSON_COMPACT);
		err = trace_writer_finish(w, end);
	}
	trace_writer_close(w);
	free(meta);
	free(end);
	return err;
}

int builder_write(const char *text, const char *path, char *why, size_t why_size)
{
	struct builder *b = calloc(1, sizeof(*b));
	int err = -ENOMEM;

	if (!b)
		return err;
	b->cpus = 1;
	b->source = TRACE_BPF;
	b->meta = json_pack("{s:s,s:I,s:s,s:[]}", "oncpu", "0.1", "start_ns",
			    (json_int_t)BUILDER_START_NS, "start_utc", "2026-01-02T03:04:05Z",
			    "tasks");
	b->end = json_object();
	b->marks = json_array();
	add_name(b, "idle", 0, 0);
	err = parse(b, text, why, why_size);
	if (err)
		goto out;
	json_object_set_new(b->meta, "machine",
			    json_pack("{s:s,s:s,s:i}", "kernel", "7.3.4", "arch", "x86_64", "cpus",
				      (int)b->cpus));
	err = write_file(b, path);
	if (err)
		snprintf(why, why_size, "writing %s: %s", path, strerror(-err));
out:
	json_decref(b->meta);
	json_decref(b->end);
	json_decref(b->marks);
	free(b->symbols);
	free(b);
	return err;
}

int builder_trace(struct trace **out, const char *text, char *why, size_t why_size)
{
	int fd = memfd_create("trace", 0), err;
	char path[64];

	*out = NULL;
	if (fd < 0)
		return -errno;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	err = builder_write(text, path, why, why_size);
	if (!err)
		err = trace_read(out, path, why, why_size);
	close(fd);
	return err;
}
