// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <oncpu/filter.h>
#include <oncpu/mark.h>
#include <oncpu/ring.h>
#include "lib/clock.h"
#include "lib/text.h"
#include "record/marks.h"

#define BATCH	 4096u
#define MOST	 (1ull << 62) /* of a count that the target can write */
#define NO_NAME	 ONCPU_MARK_NO_NAME
#define NR_FILES 3

/* How far a look goes beyond a record that is not whole, for one that is. */
#define MOST_HOLES 64

/* mark.h stands alone: what it says about rings and records must be what they are. */
#define SAME(a, b, member) (offsetof(struct a, member) == offsetof(struct b, member))
_Static_assert(sizeof(struct oncpu_mark_record_) == sizeof(struct oncpu_record), "record");
_Static_assert(SAME(oncpu_mark_record_, oncpu_record, time_ns), "time_ns");
_Static_assert(SAME(oncpu_mark_record_, oncpu_record, tid), "tid");
_Static_assert(SAME(oncpu_mark_record_, oncpu_record, type), "type");
_Static_assert(SAME(oncpu_mark_record_, oncpu_record, lap), "lap");
_Static_assert(offsetof(struct oncpu_mark_record_, name) ==
		       offsetof(struct oncpu_record, mark.name),
	       "name");
_Static_assert(offsetof(struct oncpu_mark_record_, value) ==
		       offsetof(struct oncpu_record, mark.value),
	       "value");
_Static_assert(sizeof(struct oncpu_mark_ring_) == sizeof(struct oncpu_ring), "ring");
_Static_assert(SAME(oncpu_mark_ring_, oncpu_ring, lost), "lost");
_Static_assert(SAME(oncpu_mark_ring_, oncpu_ring, tail), "tail");
_Static_assert((int)ONCPU_MARK_BEGIN_ == ONCPU_MARK_BEGIN, "begin");
_Static_assert((int)ONCPU_MARK_END_ == ONCPU_MARK_END, "end");
_Static_assert((int)ONCPU_MARK_POINT_ == ONCPU_MARK_POINT, "point");

struct slot {
	uint64_t tail;	 /* records read; the ring's own tail is only told to the writer */
	uint64_t waited; /* one more than the tail whose record was not whole at the last look */
};

struct marks {
	int fd;
	unsigned int order;
	struct oncpu_mark_memory_ *memory;
	const struct oncpu_record *records;
	uint64_t start_ns, now_ns;
	uint64_t nr_recorded, nr_spoiled;
	struct slot slots[ONCPU_MARK_SLOTS];
	uint32_t names[ONCPU_MARK_NAMES]; /* what the file calls them; NO_NAME: not yet told */
	uint32_t nr_names;
	json_t *untold; /* names that the file must tell before the next records */
	struct oncpu_record batch[BATCH];
	uint32_t nr;
};

/* Out of the way of programs that count on low numbers, and not closed by exec(). */
static int move_up(int fd)
{
	static const int from[NR_FILES] = { 1000, 200, 20 };
	int i, high = -1;

	for (i = 0; i < NR_FILES && high < 0; i++)
		high = fcntl(fd, F_DUPFD, from[i]);
	close(fd);
	return high < 0 ? -errno : high;
}

/* Sealed: a file that the target could shorten would kill who reads its memory. */
static int make_file(size_t size)
{
	int fd = memfd_create("oncpu-marks", MFD_ALLOW_SEALING | MFD_CLOEXEC);

	if (fd < 0)
		return -errno;
	if (ftruncate(fd, (off_t)size) ||
	    fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL)) {
		close(fd);
		return -errno;
	}
	return move_up(fd);
}

static int map_file(struct marks *m)
{
	void *p = mmap(NULL, ONCPU_MARK_BYTES(m->order), PROT_READ | PROT_WRITE, MAP_SHARED, m->fd,
		       0);

	if (p == MAP_FAILED)
		return -errno;
	m->memory = p;
	m->records = (const void *)((char *)p + ONCPU_MARK_RECORDS_AT);
	m->memory->version = ONCPU_MARK_VERSION;
	m->memory->order = m->order;
	if (readlink("/proc/self/ns/pid", m->memory->pid_namespace,
		     sizeof(m->memory->pid_namespace) - 1) < 0)
		return -errno;
	memcpy(m->memory->magic, ONCPU_MARK_MAGIC, sizeof(m->memory->magic));
	return 0;
}

static int announce(const struct marks *m)
{
	char number[16];

	snprintf(number, sizeof(number), "%d", m->fd);
	return setenv(ONCPU_MARK_ENV, number, 1) ? -errno : 0;
}

int marks_open(struct marks **out, unsigned int order, char *why, size_t why_size)
{
	struct marks *m = calloc(1, sizeof(*m));
	int err = -ENOMEM;

	*out = m;
	if (!m)
		goto out;
	m->fd = -1;
	m->order = order < ONCPU_MARK_MIN_ORDER	  ? ONCPU_MARK_MIN_ORDER
		   : order > ONCPU_MARK_MAX_ORDER ? ONCPU_MARK_MAX_ORDER
						  : order;
	m->start_ns = now_ns();
	memset(m->names, 0xff, sizeof(m->names));
	m->untold = json_array();
	if (!m->untold)
		goto out;
	err = make_file(ONCPU_MARK_BYTES(m->order));
	if (err < 0)
		goto out;
	m->fd = err;
	err = map_file(m);
	if (err)
		goto out;
	err = announce(m);
out:
	if (err)
		snprintf(why, why_size, "cannot make the memory for the program's marks: %s",
			 strerror(-err));
	return err;
}

void marks_close(struct marks *m)
{
	if (!m)
		return;
	unsetenv(ONCPU_MARK_ENV);
	if (m->memory)
		munmap(m->memory, ONCPU_MARK_BYTES(m->order));
	if (m->fd >= 0)
		close(m->fd);
	json_decref(m->untold);
	free(m);
}

/* Slots are taken from the first on and never given back: what follows a free one was never used. */
static bool is_used(const struct marks *m, unsigned int slot)
{
	return slot < ONCPU_MARK_SLOTS &&
	       __atomic_load_n(&m->memory->owners[slot], __ATOMIC_RELAXED) != 0;
}

/* How far the ring's head, which is only a hint, is ahead of what was read. */
static uint64_t ahead(const struct marks *m, unsigned int slot)
{
	uint64_t head = __atomic_load_n(&m->memory->rings[slot].head, __ATOMIC_RELAXED);
	uint64_t n = head - m->slots[slot].tail;

	return n <= 1ull << m->order ? n : 0;
}

unsigned int marks_fill(const struct marks *m)
{
	uint64_t most = 0, n;
	unsigned int i;

	for (i = 0; m && is_used(m, i); i++) {
		n = ahead(m, i);
		most = n > most ? n : most;
	}
	return m ? (unsigned int)(most << 8 >> m->order) : 0;
}

static int flush(struct marks *m, struct trace_writer *w)
{
	json_t *chunk;
	char *text;
	int err = 0;

	if (json_array_size(m->untold)) {
		chunk = json_pack("{s:O}", "names", m->untold);
		text = chunk ? json_dumps(chunk, JSON_COMPACT) : NULL;
		err = text ? trace_writer_marks(w, text) : -ENOMEM;
		free(text);
		json_decref(chunk);
		json_array_clear(m->untold);
	}
	if (!err && m->nr)
		err = trace_writer_records(w, TRACE_MARKS, 0, m->batch, m->nr);
	m->nr = 0;
	return err;
}

/* What a name is called is settled when it is first used: what the target makes of it later is its affair. */
static uint32_t learn_name(struct marks *m, uint32_t name)
{
	const struct oncpu_mark_name_ *n = &m->memory->names[name];
	char text[ONCPU_MARK_NAME_LEN + 1];

	if (__atomic_load_n(&n->state, __ATOMIC_ACQUIRE) != ONCPU_MARK_READY_)
		return NO_NAME;
	memcpy(text, n->text, ONCPU_MARK_NAME_LEN);
	text[ONCPU_MARK_NAME_LEN] = '\0';
	text_clean(text);
	if (json_array_append_new(m->untold, json_string(text)))
		return NO_NAME;
	m->names[name] = m->nr_names++;
	return m->names[name];
}

static uint32_t name_of(struct marks *m, uint32_t name)
{
	if (name >= ONCPU_MARK_NAMES)
		return NO_NAME;
	return m->names[name] != NO_NAME ? m->names[name] : learn_name(m, name);
}

static bool is_possible(struct marks *m, const struct oncpu_record *r)
{
	if (r->time_ns > m->now_ns)
		m->now_ns = now_ns();
	return r->type >= ONCPU_MARK_BEGIN && r->type <= ONCPU_MARK_POINT && r->tid > 0 &&
	       r->tid < ONCPU_MAX_TID && r->time_ns >= m->start_ns && r->time_ns <= m->now_ns;
}

static void take_record(struct marks *m, const struct oncpu_record *from)
{
	struct oncpu_record r = *from;

	__asm__ volatile("" ::: "memory"); /* from here on the copy, which nobody can alter */
	if (!is_possible(m, &r)) {
		m->nr_spoiled++;
		return;
	}
	m->batch[m->nr++] = (struct oncpu_record){
		.time_ns = r.time_ns,
		.tid = r.tid,
		.type = r.type,
		.mark = { .name = name_of(m, r.mark.name), .value = r.mark.value },
	};
	m->nr_recorded++;
}

static const struct oncpu_record *record_at(const struct marks *m, unsigned int slot,
					    uint64_t index)
{
	return &m->records[((size_t)slot << m->order) + (index & ((1ull << m->order) - 1))];
}

/* Acquire: with this round's lap comes the rest of the record. */
static bool is_whole(const struct marks *m, unsigned int slot, uint64_t index)
{
	return __atomic_load_n(&record_at(m, slot, index)->lap, __ATOMIC_ACQUIRE) ==
	       ONCPU_LAP(index, m->order);
}

/*
 * A thread that was killed, or jumped out of a signal handler, in the middle of a mark leaves a
 * record that will never be whole. What comes after it is read where it was so at two looks. One that
 * was only late may be whole by the time that its successor is.
 */
static bool skip_hole(struct marks *m, unsigned int slot, bool last)
{
	struct slot *s = &m->slots[slot];
	uint64_t n = ahead(m, slot), i = 1;

	if (!n)
		return false;
	if (!last && s->waited != s->tail + 1) {
		s->waited = s->tail + 1;
		return false;
	}
	if (!last && n > MOST_HOLES)
		n = MOST_HOLES;
	while (i < n && !is_whole(m, slot, s->tail + i))
		i++;
	if (is_whole(m, slot, s->tail))
		return true;
	if (i == n && !last)
		return false;
	m->nr_spoiled += i;
	s->tail += i;
	return i < n;
}

/* At most one round, however fast the target writes. */
static int drain_slot(struct marks *m, unsigned int slot, struct trace_writer *w, bool last)
{
	struct slot *s = &m->slots[slot];
	uint64_t left = 1ull << m->order;
	int err = 0;

	for (; left && !err; left--) {
		if (!is_whole(m, slot, s->tail) && !skip_hole(m, slot, last))
			break;
		take_record(m, record_at(m, slot, s->tail));
		s->tail++;
		if (m->nr == BATCH)
			err = flush(m, w);
	}
	/* Release: the writer may reuse the records only after they were copied. */
	__atomic_store_n(&m->memory->rings[slot].tail, s->tail, __ATOMIC_RELEASE);
	return err;
}

int marks_drain(struct marks *m, struct trace_writer *w, bool last)
{
	unsigned int i;
	int err = 0;

	if (!m)
		return 0;
	for (i = 0; !err && is_used(m, i); i++)
		err = drain_slot(m, i, w, last);
	return err ? err : flush(m, w);
}

uint64_t marks_recorded(const struct marks *m)
{
	return m ? m->nr_recorded : 0;
}

static uint64_t add(uint64_t sum, uint64_t n)
{
	return n > MOST - sum ? MOST : sum + n;
}

uint64_t marks_lost(const struct marks *m)
{
	unsigned int i;
	uint64_t lost;

	if (!m)
		return 0;
	lost = add(m->nr_spoiled, __atomic_load_n(&m->memory->homeless, __ATOMIC_RELAXED));
	for (i = 0; i < ONCPU_MARK_SLOTS; i++)
		lost = add(lost, __atomic_load_n(&m->memory->rings[i].lost, __ATOMIC_RELAXED));
	return lost < TRACE_MAX_LOST ? lost : TRACE_MAX_LOST; /* the program may say any number */
}
