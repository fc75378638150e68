// SPDX-License-Identifier: GPL-2.0
/* Words that every view shares; see text.h. */
#include <inttypes.h>
#include <string.h>

#include "lib/text.h"
#include "view/text.h"

enum view_kind view_kind_of(const struct interval *i)
{
	switch (i->state) {
	case STATE_RUNNING:
		return KIND_RUNNING;
	case STATE_RUNNABLE:
		return KIND_RUNNABLE;
	case STATE_SLEEPING:
	case STATE_BLOCKED:
		if (i->cause == CAUSE_FUTEX || i->cause == CAUSE_JOIN)
			return KIND_FUTEX;
		if (i->cause == CAUSE_KERNEL_LOCK)
			return KIND_LOCK;
		return i->state == STATE_SLEEPING ? KIND_SLEEPING : KIND_BLOCKED;
	case STATE_STOPPED:
		return KIND_STOPPED;
	case STATE_DEAD:
		return KIND_DEAD;
	default:
		return KIND_UNKNOWN;
	}
}

bool view_is_wait(enum view_kind k)
{
	return k == KIND_RUNNABLE || k == KIND_FUTEX || k == KIND_LOCK || k == KIND_BLOCKED ||
	       k == KIND_SLEEPING;
}

void view_tick(char *buf, size_t size, uint64_t ns)
{
	const char *unit = ns >= 1000000000 ? "s" : ns >= 1000000 ? "ms" : ns < 1000 ? "ns" : "us";
	double one = ns >= 1000000000 ? 1e9 : ns >= 1000000 ? 1e6 : ns >= 1000 ? 1e3 : 1;

	snprintf(buf, size, "%.12g%s%s", (double)ns / one, ns ? " " : "", ns ? unit : "");
}

uint64_t view_tick_step(uint64_t span_ns, unsigned int max)
{
	uint64_t step = 1;

	while (span_ns / step > max) {
		if (span_ns / (step * 2) <= max)
			return step * 2;
		if (span_ns / (step * 5) <= max)
			return step * 5;
		if (step > UINT64_MAX / 100)
			break;
		step *= 10;
	}
	return step;
}

static const char *plural(uint64_t n)
{
	return n == 1 ? "" : "s";
}

void view_headline(char *buf, size_t size, const struct model *m)
{
	uint64_t span = m->span_end_ns - m->span_start_ns, together = 0, nr = 0;
	char length[TEXT_DURATION];
	size_t i;
	int n;

	for (i = 0; i < m->nr_threads; i++)
		nr += m->threads[i].target;
	for (i = 2; i < sizeof(m->parallel_ns) / sizeof(m->parallel_ns[0]); i++)
		together += m->parallel_ns[i];
	text_duration(span, length, sizeof(length));
	n = snprintf(buf, size, "%" PRIu64 " thread%s on %u CPU%s for %s. ", nr, plural(nr),
		     m->nr_cpus, plural(m->nr_cpus), length);
	if (n < 0 || (size_t)n >= size)
		return;
	text_duration(together, length, sizeof(length));
	if (m->peak_parallel > 1)
		snprintf(
			buf + n, size - (size_t)n,
			"At most %u ran at one instant; two or more ran together for %s (%.0f %%).",
			m->peak_parallel, length,
			span ? 100.0 * (double)together / (double)span : 0.0);
	else if (nr > 1)
		snprintf(buf + n, size - (size_t)n,
			 "Never did two of them run at the same instant.");
	else
		buf[n - 1] = '\0'; /* one thread: nothing to compare */
}

void view_warning(char *buf, size_t size, const struct model *m)
{
	buf[0] = '\0';
	if (m->nr_lost)
		snprintf(buf, size,
			 "%" PRIu64 " record%s lost (%" PRIu64 " kept): what happened there is not "
			 "in this picture.",
			 m->nr_lost, m->nr_lost == 1 ? " was" : "s were", m->nr_records);
	else if (!m->complete)
		snprintf(
			buf, size,
			"The recording is incomplete: its recorder did not finish, what came after "
			"the end of this picture is not known.");
}

static uint64_t overlap(const struct interval *i, struct view_window w)
{
	uint64_t a = i->start_ns > w.start_ns ? i->start_ns : w.start_ns;
	uint64_t b = i->end_ns < w.end_ns ? i->end_ns : w.end_ns;

	return b > a ? b - a : 0;
}

/* The longest wait of one thread; false where it never waited. */
static bool longest_of(const struct thread *t, struct view_window w, size_t *at, uint64_t *ns)
{
	size_t i;

	*ns = 0;
	for (i = 0; i < t->nr_intervals; i++) {
		uint64_t d = overlap(&t->intervals[i], w);

		if (d > *ns && view_is_wait(view_kind_of(&t->intervals[i]))) {
			*ns = d;
			*at = i;
		}
	}
	return *ns > 0;
}

size_t view_longest_waits(const struct model *m, struct view_window w, struct view_wait *out,
			  size_t max)
{
	size_t t, n = 0, k, at = 0;
	uint64_t ns;

	for (t = 0; t < m->nr_threads && max; t++) {
		if (!m->threads[t].target || !longest_of(&m->threads[t], w, &at, &ns))
			continue;
		for (k = n; k > 0; k--) {
			const struct view_wait *o = &out[k - 1];

			if (overlap(&m->threads[o->thread].intervals[o->interval], w) >= ns)
				break;
			if (k < max)
				out[k] = *o;
		}
		if (k < max)
			out[k] = (struct view_wait){ t, at };
		if (n < max)
			n++;
	}
	return n;
}

/* One character of UTF-8: its length, 0 where it is broken. */
static size_t decode(const unsigned char *s, uint32_t *code)
{
	size_t n = s[0] < 0x80 ? 1 : (s[0] & 0xe0) == 0xc0 ? 2 : (s[0] & 0xf0) == 0xe0 ? 3 : 0, i;

	*code = n == 1 ? s[0] : n == 2 ? s[0] & 0x1f : s[0] & 0x0f;
	for (i = 1; i < n; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		*code = *code << 6 | (s[i] & 0x3f);
	}
	if ((n == 2 && *code < 0x80) || (n == 3 && *code < 0x800))
		return 0; /* longer than need be: a disguise */
	return n;
}

/* Latin, Greek, Cyrillic, dashes and dots: one column each, and no direction marks. */
static bool narrow(uint32_t c)
{
	return (c >= 0x20 && c < 0x7f) || (c >= 0xa1 && c < 0x300 && c != 0xad) ||
	       (c >= 0x370 && c < 0x483) || (c >= 0x48a && c < 0x530) ||
	       (c >= 0x2010 && c < 0x2028);
}

void view_clean(char *s, bool unicode)
{
	const unsigned char *from = (const unsigned char *)s;

	while (*from) {
		uint32_t code;
		size_t n = decode(from, &code);

		if (!n || !narrow(code) || (code > 0x7f && !unicode)) {
			*s++ = '?';
			from += n ? n : 1;
			continue;
		}
		memmove(s, from, n);
		s += n;
		from += n;
	}
	*s = '\0';
}
