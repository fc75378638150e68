// SPDX-License-Identifier: GPL-2.0
/* The sentences about all of a recording that every view says; see text.h. */
#include <inttypes.h>
#include <string.h>

#include "lib/text.h"
#include "view/text.h"

#define MOST_CPUS_SAID 4

static const char *plural(uint64_t n)
{
	return n == 1 ? "" : "s";
}

/* A command line can be of any length: the screen is not. */
static void shorten(const char *text, char *buf, size_t size)
{
	size_t length = strlen(text);

	snprintf(buf, size, "%s", text);
	if (length < size)
		return;
	for (length = size - sizeof("..."); (buf[length] & 0xc0) == 0x80; length--)
		; /* not within a character */
	strcpy(buf + length, "...");
}

void view_title(char *buf, size_t size, const struct view_head *head)
{
	char command[200];

	shorten(head->command[0] ? head->command : "No command", command, sizeof(command));
	if (head->exit_signal)
		snprintf(buf, size, "%s: ended by signal %d", command, head->exit_signal);
	else if (head->exit_code >= 0)
		snprintf(buf, size, "%s: exit status %d", command, head->exit_code);
	else
		snprintf(buf, size, "%s: how it ended is unknown", command);
}

/* How many of its threads ran at one instant, after what they did; nothing for one thread. */
static void say_parallel(char *buf, size_t size, const struct model *m, uint64_t span_ns)
{
	char length[TEXT_DURATION];
	uint64_t together = 0;
	size_t i;

	for (i = 2; i < sizeof(m->parallel_ns) / sizeof(m->parallel_ns[0]); i++)
		together += m->parallel_ns[i];
	text_duration(together, length, sizeof(length));
	if (m->peak_parallel < 2)
		snprintf(buf, size, " No two of them ever ran at the same instant.");
	else
		snprintf(buf, size,
			 " At most %u of them ran at the same instant; for %s (%.0f %%) two%s did.",
			 m->peak_parallel, length, 100.0 * (double)together / (double)span_ns,
			 m->peak_parallel > 2 ? " or more" : "");
}

void view_headline(char *buf, size_t size, const struct model *m)
{
	uint64_t span_ns = m->span_end_ns - m->span_start_ns, ran_ns = 0, nr = 0;
	char ran[TEXT_DURATION], took[TEXT_DURATION], parallel[128] = "";
	unsigned int cpu, nr_cpus = 0;
	size_t i;

	for (i = 0; i < m->nr_threads; i++) {
		nr += m->threads[i].target;
		if (m->threads[i].target)
			ran_ns += m->threads[i].total_ns[STATE_RUNNING];
	}
	for (cpu = 0; cpu < m->nr_cpus; cpu++)
		nr_cpus += m->cpus[cpu].target_ns > 0;
	text_duration(ran_ns, ran, sizeof(ran));
	text_duration(span_ns, took, sizeof(took));
	if (!ran_ns) {
		snprintf(buf, size, "No thread of the command ran in this recording of %s.", took);
		return;
	}
	if (nr > 1)
		say_parallel(parallel, sizeof(parallel), m, span_ns);
	snprintf(buf, size,
		 "%" PRIu64 " thread%s ran on %u CPU%s for %s%s; the command took %s from start "
		 "to end.%s",
		 nr, plural(nr), nr_cpus, plural(nr_cpus), ran, nr > 1 ? " in all" : "", took,
		 parallel);
}

const char *view_source(enum trace_source source)
{
	return source == TRACE_BPF ? "bpf" : source == TRACE_MODULE ? "module" : "none";
}

/* ", on CPU 1" or ", 7 on CPU 0 and 5 on CPU 1"; of many CPUs the first */
static void say_where(char *buf, size_t size, const struct model *m)
{
	unsigned int cpu, said = 0, nr_cpus = 0, at = 0;
	uint64_t left = m->nr_lost;

	buf[0] = '\0';
	for (cpu = 0; cpu < m->nr_cpus; cpu++) {
		nr_cpus += m->cpus[cpu].nr_lost > 0;
		if (m->cpus[cpu].nr_lost == m->nr_lost) {
			snprintf(buf, size, ", on CPU %u", cpu);
			return;
		}
	}
	for (cpu = 0; cpu < m->nr_cpus && said < MOST_CPUS_SAID; cpu++) {
		if (!m->cpus[cpu].nr_lost)
			continue;
		at += (unsigned int)snprintf(buf + at, size - at, "%s %" PRIu64 " on CPU %u",
					     !said		   ? ","
					     : said + 1 == nr_cpus ? " and"
								   : ",",
					     m->cpus[cpu].nr_lost, cpu);
		said++;
		left -= m->cpus[cpu].nr_lost;
	}
	if (nr_cpus > said)
		snprintf(buf + at, size - at, " and %" PRIu64 " on %u more", left, nr_cpus - said);
}

void view_warning(char *buf, size_t size, const struct model *m)
{
	char where[192];
	int n = 0;

	buf[0] = '\0';
	say_where(where, sizeof(where), m);
	if (m->nr_lost)
		n = snprintf(buf, size,
			     "%" PRIu64 " record%s lost by the %s recorder%s: what is said and "
			     "drawn around them may be wrong. Record again, with less going on.",
			     m->nr_lost, m->nr_lost == 1 ? " was" : "s were",
			     view_source(m->source), where);
	if (!m->finished && n >= 0 && (size_t)n < size)
		snprintf(buf + n, size - (size_t)n,
			 "%sThe file is incomplete: the recorder did not finish, or the file was "
			 "cut. This is what came before.",
			 n ? " " : "");
}
