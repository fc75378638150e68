// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "record/cgroup.h"
#include "record/classes.h"
#include "record/tasks.h"
#include "record/whom.h"

#define INIT_PID_NS 0xeffffffcu /* the kernel's PROC_PID_INIT_INO */

enum {
	KEY_EVENTS = 0x100,
	KEY_PID,
	KEY_COMM,
	KEY_CGROUP,
	KEY_CPU,
	KEY_SWITCHES,
	KEY_SELF,
	KEY_SECONDS,
};

static const struct argp_option options[] = {
	{ NULL, 0, NULL, 0, "What is recorded, and of whom:", 1 },
	{ "events", KEY_EVENTS, "LIST", 0,
	  "these classes of events: sched,irq... (+irq adds, -lock takes away, 'list' shows them)",
	  1 },
	{ "all", 'a', NULL, 0, "the whole system, not just CMD and what it starts", 1 },
	{ "pid", KEY_PID, "PID", 0, "this process, and what it starts (may be given again)", 1 },
	{ "comm", KEY_COMM, "NAME", 0, "threads of this name", 1 },
	{ "cgroup", KEY_CGROUP, "PATH", 0, "what is in this control group (v2), or below it", 1 },
	{ "cpu", KEY_CPU, "LIST", 0, "what happens on these CPUs: 0,2-3", 1 },
	{ "switches", KEY_SWITCHES, "all|target", 0,
	  "switches of every task, so that it can be told who ran instead (all), or only of those "
	  "that are recorded",
	  1 },
	{ "self", KEY_SELF, NULL, 0, "oncpu itself, too", 1 },
	{ "seconds", KEY_SECONDS, "N", 0, "end after so long (record: only without CMD)", 1 },
	{}
};

static int parse_number(unsigned long *out, const char *text, unsigned long most)
{
	char *end;

	errno = 0;
	*out = strtoul(text, &end, 10);
	return errno || *end || end == text || *text == '-' || *out > most ? -EINVAL : 0;
}

static int add_pid(struct session_options *o, const char *text)
{
	unsigned long pid;

	if (parse_number(&pid, text, ONCPU_MAX_TID - 1) || pid == 0 ||
	    o->nr_pids == SESSION_MAX_PIDS)
		return -EINVAL;
	o->pids[o->nr_pids++] = (pid_t)pid;
	return 0;
}

/* "0,2-3" */
static int add_cpus(uint64_t *cpus, const char *text)
{
	unsigned long first, last, most = (unsigned long)sysconf(_SC_NPROCESSORS_CONF) - 1;
	char copy[1024], *save = NULL, *part, *dash;

	if (snprintf(copy, sizeof(copy), "%s", text) >= (int)sizeof(copy) || !*copy)
		return -EINVAL;
	for (part = strtok_r(copy, ",", &save); part; part = strtok_r(NULL, ",", &save)) {
		dash = strchr(part, '-');
		if (dash)
			*dash = '\0';
		if (parse_number(&first, part, most) ||
		    parse_number(&last, dash ? dash + 1 : part, most) || first > last)
			return -EINVAL;
		for (; first <= last; first++)
			cpus[first / 64] |= 1ull << first % 64;
	}
	return 0;
}

static void set_comm(struct argp_state *state, struct oncpu_filter *f, const char *name)
{
	if (!*name || strlen(name) >= sizeof(f->comm))
		argp_error(state, "--comm is a name of 1 to %zu bytes, as ps -L shows it, not '%s'",
			   sizeof(f->comm) - 1, name);
	memset(f->comm, 0, sizeof(f->comm));
	memcpy(f->comm, name, strlen(name));
	f->flags |= ONCPU_FILTER_COMM;
}

static void set_events(struct argp_state *state, struct whom *w, const char *list)
{
	char why[128];

	if (!strcmp(list, "list"))
		w->list_events = true;
	else if (types_parse(&w->o->source.types, list, why, sizeof(why)))
		argp_error(state, "%s", why);
}

static void set_switches(struct argp_state *state, struct whom *w, const char *arg)
{
	w->target_only = !strcmp(arg, "target");
	if (!w->target_only && strcmp(arg, "all") != 0)
		argp_error(state, "--switches is all or target, not '%s'", arg);
}

static void set_seconds(struct argp_state *state, struct session_options *o, const char *arg)
{
	unsigned long seconds;

	if (parse_number(&seconds, arg, 1000000) || seconds == 0)
		argp_error(state, "--seconds is a number from 1 to 1000000, not '%s'", arg);
	o->seconds = (unsigned int)seconds;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct whom *w = state->input;

	switch (key) {
	case KEY_EVENTS:
		set_events(state, w, arg);
		break;
	case 'a':
		w->all = true;
		break;
	case KEY_PID:
		if (add_pid(w->o, arg))
			argp_error(state,
				   "--pid is the number of a process, %d times at most, not '%s'",
				   SESSION_MAX_PIDS, arg);
		break;
	case KEY_COMM:
		set_comm(state, &w->o->source.filter, arg);
		break;
	case KEY_CGROUP:
		w->cgroup = arg;
		break;
	case KEY_CPU:
		if (add_cpus(w->o->cpus, arg))
			argp_error(state,
				   "--cpu is a list of this machine's CPUs, as 0,2-3, not '%s'",
				   arg);
		w->o->source.cpus = w->o->cpus;
		break;
	case KEY_SWITCHES:
		set_switches(state, w, arg);
		break;
	case KEY_SELF:
		w->o->source.filter.flags |= ONCPU_FILTER_SELF;
		break;
	case KEY_SECONDS:
		set_seconds(state, w->o, arg);
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

const struct argp whom_argp = { .options = options, .parser = parse };

static int wrong(char *why, size_t why_size, const char *text)
{
	snprintf(why, why_size, "%s", text);
	return -EINVAL;
}

static bool somebody_is_chosen(const struct whom *w)
{
	return w->o->nr_pids || w->cgroup || w->o->source.filter.flags & ONCPU_FILTER_COMM;
}

void whom_default_all(struct whom *w)
{
	w->all |= !w->o->argv && !somebody_is_chosen(w);
}

int whom_check(const struct whom *w, char *why, size_t why_size)
{
	bool chosen = somebody_is_chosen(w);

	if (w->all && chosen)
		return wrong(
			why, why_size,
			"-a is the whole system: --pid, --comm and --cgroup do not go with it");
	if (!w->o->argv && !chosen && !w->all)
		return wrong(why, why_size,
			     "which command? Or without one: -a, --pid, --comm or --cgroup");
	if (w->o->argv && w->o->seconds && !w->timed)
		return wrong(
			why, why_size,
			"--seconds is for a recording without a command: this one ends with it");
	return 0;
}

static int check_pids(const struct session_options *o, char *why, size_t why_size)
{
	size_t i;

	for (i = 0; i < o->nr_pids; i++) {
		if (process_runs(o->pids[i]))
			continue;
		snprintf(why, why_size, "there is no process %d: ps shows those that run",
			 (int)o->pids[i]);
		return -ESRCH;
	}
	return 0;
}

/* The kernel's tids are not those that a process in a namespace of its own sees. */
static int check_namespace(uint32_t flags, char *why, size_t why_size)
{
	struct stat st;

	if (!(flags & ONCPU_FILTER_TASKS) || stat("/proc/self/ns/pid", &st) ||
	    st.st_ino == INIT_PID_NS)
		return 0;
	snprintf(why, why_size,
		 "this is a container, where processes have other numbers than in the "
		 "kernel: record on the host, or the whole system (-a)");
	return -EOPNOTSUPP;
}

int whom_finish(struct whom *w, char *why, size_t why_size)
{
	struct session_options *o = w->o;
	struct oncpu_filter *f = &o->source.filter;
	bool chosen = somebody_is_chosen(w);
	uint64_t id = 0;
	int err = check_pids(o, why, why_size);

	if (!err && w->cgroup)
		err = cgroup_id(w->cgroup, &id, why, why_size);
	if (err)
		return err;
	f->cgroup = id;
	f->self_tgid = (uint32_t)getpid();
	if (w->cgroup)
		f->flags |= ONCPU_FILTER_CGROUP;
	if (o->nr_pids || (!chosen && !w->all))
		f->flags |= ONCPU_FILTER_TASKS | ONCPU_FILTER_TREE;
	if (!w->target_only)
		f->flags |= ONCPU_FILTER_SWITCHES;
	return check_namespace(f->flags, why, why_size);
}

void whom_print_events(FILE *f)
{
	unsigned int type;
	int id;

	fprintf(f, "Classes of events for --events, * recorded where nothing else is asked for:\n");
	for (id = 0; id < ONCPU_CLASS_END; id++) {
		fprintf(f, "%c %-8s", class_is_default((enum oncpu_class)id) ? '*' : ' ',
			class_names[id]);
		for (type = 1; type < ONCPU_RECORD_TYPE_END; type++)
			if (type_class(type) == (enum oncpu_class)id)
				fprintf(f, " %s", type_event(type));
		fprintf(f, "\n");
	}
}
