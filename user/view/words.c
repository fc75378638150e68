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
	if (head->how)
		snprintf(buf, size, "%s: %s", command, head->how);
	else if (head->exit_signal)
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
		snprintf(buf, size, " No two of them %s at the same instant.",
			 m->nr_lost ? "were seen to run" : "ever ran");
	else
		snprintf(buf, size,
			 " At most %u of them %s at the same instant; for %s (%.0f %%) two%s did.",
			 m->peak_parallel, m->nr_lost ? "were seen to run" : "ran", length,
			 100.0 * (double)together / (double)span_ns,
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
	static const char *const names[TRACE_NR_SOURCES] = {
		[TRACE_MODULE] = "module",
		[TRACE_BPF] = "bpf",
		[TRACE_MARKS] = "marks",
		[TRACE_DECISIONS] = "decisions",
	};

	return source > 0 && source < TRACE_NR_SOURCES ? names[source] : "none";
}

/* ", on CPU 1" or ", 7 on CPU 0 and 5 on CPU 1"; of many CPUs the first */
static void say_where(char *buf, size_t size, const struct model *m)
{
	unsigned int cpu, said = 0, nr_cpus = 0, at = 0;
	uint64_t left = m->nr_lost, somewhere = m->nr_lost;

	buf[0] = '\0';
	for (cpu = 0; cpu < m->nr_cpus; cpu++) {
		nr_cpus += m->cpus[cpu].nr_lost > 0;
		somewhere -= m->cpus[cpu].nr_lost;
		if (m->cpus[cpu].nr_lost == m->nr_lost) {
			snprintf(buf, size, ", on CPU %u", cpu);
			return;
		}
	}
	for (cpu = 0; cpu < m->nr_cpus && said < MOST_CPUS_SAID; cpu++) {
		if (!m->cpus[cpu].nr_lost)
			continue;
		at += (unsigned int)snprintf(buf + at, size - at, "%s %" PRIu64 " on CPU %u",
					     !said				 ? ","
					     : said + 1 == nr_cpus && !somewhere ? " and"
										 : ",",
					     m->cpus[cpu].nr_lost, cpu);
		said++;
		left -= m->cpus[cpu].nr_lost;
	}
	if (left > somewhere)
		at += (unsigned int)snprintf(buf + at, size - at, " and %" PRIu64 " on %u more",
					     left - somewhere, nr_cpus - said);
	if (said && somewhere)
		snprintf(buf + at, size - at, " and %" PRIu64 " nobody knows where", somewhere);
}

/* "; in 2 gaps, of 3.0 ms in all, ..." */
static void say_when(char *buf, size_t size, const struct model *m)
{
	char blind[TEXT_DURATION];
	int n = 0;

	text_duration(m->blind_ns, blind, sizeof(blind));
	if (m->nr_gaps)
		n = snprintf(buf, size,
			     ", in %zu gap%s. For %s it is not known who was on "
			     "every CPU, nor what a thread did that was on none.",
			     m->nr_gaps, plural(m->nr_gaps), blind);
	if (m->nr_untimed == m->nr_lost)
		snprintf(buf, size,
			 ", nobody knows when: anything that is said here may be wrong.");
	else if (m->nr_untimed && n >= 0 && (size_t)n < size)
		snprintf(buf + n, size - (size_t)n,
			 " %" PRIu64
			 " of the lost %s nobody knows when: anything that is said here may "
			 "be wrong.",
			 m->nr_untimed, m->nr_untimed == 1 ? "was lost" : "were lost");
}

void view_warning(char *buf, size_t size, const struct model *m)
{
	char where[192], when[320] = "";
	int n = 0;

	buf[0] = '\0';
	say_where(where, sizeof(where), m);
	say_when(when, sizeof(when), m);
	if (m->nr_lost)
		n = snprintf(buf, size,
			     "Inconclusive: %" PRIu64
			     " record%s lost by the %s recorder%s%s Record "
			     "again, with less going on or a larger --buffer.",
			     m->nr_lost, m->nr_lost == 1 ? " was" : "s were",
			     view_source(m->source), where, when);
	if (!m->finished && n >= 0 && (size_t)n < size)
		snprintf(buf + n, size - (size_t)n,
			 "%sThe file is incomplete: the recorder did not finish, or the file was "
			 "cut. This is what came before.",
			 n ? " " : "Inconclusive: ");
}

void view_moment(char *buf, size_t size, const struct model *m, uint64_t time_ns)
{
	uint64_t zero = m->span_start_ns;
	char length[TEXT_DURATION];

	text_duration(time_ns < zero ? zero - time_ns : time_ns - zero, length, sizeof(length));
	snprintf(buf, size, "%s%s", time_ns < zero ? "-" : "", length);
}

void view_gap(char *buf, size_t size, const struct model *m, const struct gap *g)
{
	char from[TEXT_DURATION + 1], length[TEXT_DURATION];

	view_moment(from, sizeof(from), m, g->start_ns);
	text_duration(g->end_ns - g->start_ns, length, sizeof(length));
	snprintf(buf, size, "at %9s  CPU %u: %" PRIu64 " record%s lost within %s.", from, g->cpu,
		 g->nr, g->nr == 1 ? " was" : "s were", length);
}
