// SPDX-License-Identifier: GPL-2.0
/* Packs a model's intervals for the page; the format stands in html.h. */
#include "view/html.h"

struct base64 {
	FILE *f;
	uint32_t bits;
	unsigned int nr_bits;
	size_t column;
};

static void put_sextet(struct base64 *b, uint32_t v)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	fputc(digits[v & 0x3f], b->f);
	if (++b->column % 100 == 0)
		fputc('\n', b->f);
}

static void put_byte(struct base64 *b, uint8_t byte)
{
	b->bits = b->bits << 8 | byte;
	for (b->nr_bits += 8; b->nr_bits >= 6; b->nr_bits -= 6)
		put_sextet(b, b->bits >> (b->nr_bits - 6));
}

static void put_end(struct base64 *b)
{
	if (b->nr_bits)
		put_sextet(b, b->bits << (6 - b->nr_bits));
	while (b->column++ % 4)
		fputc('=', b->f);
}

static void put_number(struct base64 *b, uint64_t v)
{
	for (; v >= 0x80; v >>= 7)
		put_byte(b, (uint8_t)(v | 0x80));
	put_byte(b, (uint8_t)v);
}

/* One more than the index of a thread; 0: none. */
static uint64_t thread_ref(const struct model *m, uint32_t tid, uint64_t time_ns)
{
	const struct thread *t = model_who(m, tid, time_ns);

	return t ? (uint64_t)(t - m->threads) + 1 : 0;
}

static void put_interval(struct base64 *b, const struct model *m, const struct interval *i,
			 uint64_t next_ns, const struct html_shapes *s)
{
	const bool runnable = i->state == STATE_RUNNABLE, running = i->state == STATE_RUNNING;
	const size_t shape = html_shape(s, i);

	put_number(b, (uint64_t)shape << 2 | i->waker_irq << 1 | i->open);
	put_number(b, next_ns - i->start_ns);
	if (running || runnable)
		put_number(b, (uint64_t)(i->cpu + 1));
	if (!running)
		put_number(b, thread_ref(m, i->waker, runnable ? i->start_ns : i->end_ns));
	if (runnable)
		put_number(b, thread_ref(m, i->instead, i->start_ns));
	if (!running && !runnable)
		put_number(b, thread_ref(m, i->owner, i->start_ns));
}

static void put_thread(struct base64 *b, const struct model *m, const struct thread *t,
		       const struct html_shapes *s)
{
	size_t i;

	for (i = 0; i < t->nr_intervals; i++)
		put_interval(b, m, &t->intervals[i],
			     i + 1 < t->nr_intervals ? t->intervals[i + 1].start_ns
						     : t->intervals[i].end_ns,
			     s);
}

/* Time before interval i of a CPU, or after the last one, that no record tells about. */
static uint64_t gap_before(const struct model *m, const struct cpu *c, size_t i)
{
	uint64_t from = i ? c->intervals[i - 1].end_ns : m->start_ns;
	uint64_t to = i < c->nr_intervals ? c->intervals[i].start_ns : m->end_ns;

	return to > from ? to - from : 0;
}

size_t html_cpu_pieces(const struct model *m, const struct cpu *c)
{
	size_t i, n = c->nr_intervals;

	for (i = 0; i <= c->nr_intervals; i++)
		n += gap_before(m, c, i) > 0;
	return n;
}

static void put_cpu(struct base64 *b, const struct model *m, const struct cpu *c)
{
	size_t i;

	for (i = 0; i <= c->nr_intervals; i++) {
		uint64_t gap = gap_before(m, c, i);
		const struct cpu_interval *ci = &c->intervals[i];
		uint64_t ref;

		if (gap) {
			put_number(b, gap);
			put_number(b, m->nr_threads + 2);
		}
		if (i == c->nr_intervals)
			break;
		ref = thread_ref(m, ci->tid, ci->start_ns);
		put_number(b, ci->end_ns - ci->start_ns);
		put_number(b, ci->tid && !ref ? m->nr_threads + 1 : ref);
	}
}

void html_pack(FILE *f, const struct model *m, const struct html_shapes *s)
{
	struct base64 b = { .f = f };
	size_t i;

	for (i = 0; i < m->nr_threads; i++)
		put_thread(&b, m, &m->threads[i], s);
	for (i = 0; i < m->nr_cpus; i++)
		put_cpu(&b, m, &m->cpus[i]);
	put_end(&b);
}
