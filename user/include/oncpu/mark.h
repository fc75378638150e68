/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * Marks: a program puts names of its own on the timeline that oncpu records.
 *
 *	#include <oncpu/mark.h>
 *
 *	oncpu_begin("fill");            this thread fills from here
 *	oncpu_end("fill");              ... to here
 *	oncpu_point("token", 7);        an instant, with a number
 *	oncpu_scope("critical");        an interval to the end of the block, however that is left
 *
 * C11 or C++11 and later, any number of threads, before and after fork, nothing to link. Names are
 * string literals; their first ONCPU_MARK_NAME_LEN - 1 bytes count. An end closes this thread's last
 * begin of that name, so intervals may nest or overlap.
 *
 * Where nobody records, a mark is a load and a branch. Where "oncpu record" started the program, a
 * mark is a read of the clock and four stores to memory that the recorder shares with it: some 35
 * ns, no system call. A mark never waits: where its ring is full, it is counted as lost. A program
 * that closes all its files before its first mark has none, nor has one in a pid namespace of its
 * own, or one that gained privileges when it was started.
 *
 * With -DONCPU_MARK_OFF marks are nothing at all: for a program that is explored, where each step
 * of a mark would be a step of the program's. What a point's value does is done all the same.
 *
 * This file stands alone, so that it can be copied. How the memory is laid out is said here, and
 * user/record/marks.c checks that rings and records are those of <oncpu/ring.h> and <oncpu/record.h>.
 *
 *	struct oncpu_mark_memory_
 *	struct oncpu_mark_record_ records[ONCPU_MARK_SLOTS][1 << order]    at ONCPU_MARK_RECORDS_AT
 *
 * A slot is a ring, and belongs to the thread in owners[]. Nobody gives one back: who needs one and
 * finds none free takes it from a thread that is no more.
 */
#ifndef ONCPU_MARK_H
#define ONCPU_MARK_H

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>

#ifdef ONCPU_MARK_OFF

#define oncpu_begin(name)	 ((void)("" name ""))
#define oncpu_end(name)		 ((void)("" name ""))
#define oncpu_point(name, value) ((void)("" name ""), (void)(value))
#define oncpu_scope(name)	 ((void)("" name ""))

#else /* ONCPU_MARK_OFF */

#define ONCPU_MARK_MAGIC	 "oncpumk"
#define ONCPU_MARK_VERSION	 1u
#define ONCPU_MARK_ENV		 "ONCPU_MARKS" /* the number of the file that is the memory */
#define ONCPU_MARK_NAME_LEN	 60
#define ONCPU_MARK_NAMES	 512u
#define ONCPU_MARK_SLOTS	 1024u
#define ONCPU_MARK_MIN_ORDER	 4u
#define ONCPU_MARK_MAX_ORDER	 18u
#define ONCPU_MARK_NO_NAME	 0xffffffffu /* the table of names was full */

/* To begin or end an interval that encloses the statements between, or to mark an instant. */
#define oncpu_begin(name)	 ONCPU_MARK_PUT_(ONCPU_MARK_BEGIN_, name, 0)
#define oncpu_end(name)		 ONCPU_MARK_PUT_(ONCPU_MARK_END_, name, 0)
#define oncpu_point(name, value) ONCPU_MARK_PUT_(ONCPU_MARK_POINT_, name, value)
#define oncpu_scope(name)	 ONCPU_MARK_SCOPE_(name, __COUNTER__)

/* What follows is the recorder's and this header's own. */

enum { ONCPU_MARK_BEGIN_ = 38, ONCPU_MARK_END_ = 39, ONCPU_MARK_POINT_ = 40 };

struct oncpu_mark_record_ { /* struct oncpu_record, payload mark */
	uint64_t time_ns;
	uint32_t tid;
	uint8_t type, flags;
	uint16_t lap;
	uint32_t name, pad;
	uint64_t value;
};

struct oncpu_mark_ring_ { /* struct oncpu_ring */
	uint64_t head, lost, pad0[6];
	uint64_t tail, pad1[7];
};

struct oncpu_mark_name_ {
	uint32_t state; /* 0 free, ONCPU_MARK_BUSY_ being written, ONCPU_MARK_READY_ for ever */
	char text[ONCPU_MARK_NAME_LEN];
};
enum { ONCPU_MARK_BUSY_ = 1, ONCPU_MARK_READY_ = 2 };

struct oncpu_mark_memory_ {
	char magic[8];
	uint32_t version, order;
	char pid_namespace[32];		   /* the recorder's, as /proc/self/ns/pid tells it */
	uint64_t generations;		   /* processes so far */
	uint64_t homeless;		   /* marks lost for want of a slot */
	uint32_t owners[ONCPU_MARK_SLOTS]; /* tid; 0: free */
	struct oncpu_mark_name_ names[ONCPU_MARK_NAMES];
	struct oncpu_mark_ring_ rings[ONCPU_MARK_SLOTS] __attribute__((aligned(64)));
};

#define ONCPU_MARK_RECORDS_AT	 ((sizeof(struct oncpu_mark_memory_) + 65535) / 65536 * 65536)
#define ONCPU_MARK_BYTES(order)  \
	(ONCPU_MARK_RECORDS_AT + \
	 ((size_t)ONCPU_MARK_SLOTS << (order)) * sizeof(struct oncpu_mark_record_))

/* A place in the program that marks. id: one more than the name's index; 0: not looked up yet. */
struct oncpu_mark_site_ {
	const char *name;
	uint32_t id;
};

/* A process: two pages, of which fork() gives the child the first as it is, the second empty. */
struct oncpu_mark_process_ {
	struct oncpu_mark_memory_ *memory;
	uint64_t *generation; /* in the second page; 0: a child that has not marked yet */
	uint32_t order;
};

/* A thread. It has a slot as long as its generation is its process's. */
struct oncpu_mark_thread_ {
	uint64_t generation;
	struct oncpu_mark_ring_ *ring; /* NULL: there was none left */
	struct oncpu_mark_record_ *records;
	uint64_t room;
	uint32_t tid, order;
	uint64_t *homeless;
};

/* One of each in a program and in each library: weak, so that many files may include this one. */
#define ONCPU_MARK_ONE_ __attribute__((weak, visibility("hidden")))
#define ONCPU_MARK_OFF_ ((struct oncpu_mark_process_ *)1)

#ifdef __cplusplus
extern "C" {
#endif

ONCPU_MARK_ONE_ struct oncpu_mark_process_ *oncpu_mark_process_ = NULL;
ONCPU_MARK_ONE_ __thread struct oncpu_mark_thread_ oncpu_mark_thread_ = {
	~UINT64_C(0), NULL, NULL, 0, 0, 0, NULL
};

/* libc's, under names of our own: -std=c11 hides these functions in their headers. */
extern long oncpu_mark_syscall_(long nr, ...) __asm__("syscall");
extern int oncpu_mark_clock_(int clock, struct timespec *ts) __asm__("clock_gettime");

#ifdef __cplusplus
}
#endif

/* No other function of this header is called where nobody records. */
#define ONCPU_MARK_SLOW_ static __attribute__((cold, noinline, unused))
#define ONCPU_MARK_FAST_ static inline __attribute__((unused))

ONCPU_MARK_SLOW_ int oncpu_mark_namespace_(char *text, size_t size)
{
	long n = oncpu_mark_syscall_(SYS_readlinkat, -100 /* AT_FDCWD */, "/proc/self/ns/pid", text,
				     size - 1);

	text[n > 0 ? n : 0] = '\0';
	return n > 0;
}

/* The memory behind a file number, if it is that: sealed, so that it cannot shrink under us. */
ONCPU_MARK_SLOW_ struct oncpu_mark_memory_ *oncpu_mark_map_(int fd, uint32_t *order)
{
	const long get_seals = 1034, shrink = 2;
	char here[sizeof(((struct oncpu_mark_memory_ *)0)->pid_namespace)];
	struct oncpu_mark_memory_ *m;
	long seals = oncpu_mark_syscall_(SYS_fcntl, fd, get_seals, 0);
	void *p;

	if (seals < 0 || !(seals & shrink) || !oncpu_mark_namespace_(here, sizeof(here)))
		return NULL;
	p = mmap(NULL, ONCPU_MARK_RECORDS_AT, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (p == MAP_FAILED)
		return NULL;
	m = (struct oncpu_mark_memory_ *)p;
	*order = m->order;
	if (memcmp(m->magic, ONCPU_MARK_MAGIC, sizeof(m->magic)) ||
	    m->version != ONCPU_MARK_VERSION || *order < ONCPU_MARK_MIN_ORDER ||
	    *order > ONCPU_MARK_MAX_ORDER || strncmp(m->pid_namespace, here, sizeof(here)))
		*order = 0;
	munmap(p, ONCPU_MARK_RECORDS_AT);
	if (!*order)
		return NULL;
	p = mmap(NULL, ONCPU_MARK_BYTES(*order), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	return p == MAP_FAILED ? NULL : (struct oncpu_mark_memory_ *)p;
}

ONCPU_MARK_SLOW_ struct oncpu_mark_process_ *oncpu_mark_attach_(const char *fd)
{
	const size_t page = 65536; /* at least a page, on every machine */
	const int anonymous = 0x20, wipe_on_fork = 18;
	struct oncpu_mark_process_ *process;
	struct oncpu_mark_memory_ *m;
	uint32_t order = 0;
	char *p;

	m = fd && !getauxval(AT_SECURE) ? oncpu_mark_map_(atoi(fd), &order) : NULL;
	if (!m)
		return ONCPU_MARK_OFF_;
	p = (char *)mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | anonymous, -1, 0);
	if (p == (char *)MAP_FAILED)
		goto unmap;
	if (oncpu_mark_syscall_(SYS_madvise, p + page, page, wipe_on_fork)) {
		munmap(p, 2 * page);
		goto unmap;
	}
	process = (struct oncpu_mark_process_ *)p;
	process->memory = m;
	process->generation = (uint64_t *)(p + page);
	process->order = order;
	return process;
unmap:
	munmap(m, ONCPU_MARK_BYTES(order));
	return ONCPU_MARK_OFF_;
}

ONCPU_MARK_SLOW_ void oncpu_mark_detach_(struct oncpu_mark_process_ *process)
{
	if (process == ONCPU_MARK_OFF_)
		return;
	munmap(process->memory, ONCPU_MARK_BYTES(process->order));
	munmap(process, 2 * 65536);
}

/* Threads may come here at once: each attaches, one wins. None waits for another. */
ONCPU_MARK_SLOW_ struct oncpu_mark_process_ *oncpu_mark_start_(void)
{
	struct oncpu_mark_process_ *mine = oncpu_mark_attach_(getenv(ONCPU_MARK_ENV)), *now = NULL;

	if (__atomic_compare_exchange_n(&oncpu_mark_process_, &now, mine, 0, __ATOMIC_ACQ_REL,
					__ATOMIC_ACQUIRE))
		return mine;
	oncpu_mark_detach_(mine);
	return now;
}

/* The first free slot, or the first whose thread is gone: there is one at the index returned. */
ONCPU_MARK_SLOW_ uint32_t oncpu_mark_claim_(struct oncpu_mark_memory_ *m, uint32_t tid)
{
	uint32_t i, pass, owner;

	for (i = 0; i < ONCPU_MARK_SLOTS; i++) /* one that this thread had before exec() */
		if (__atomic_load_n(&m->owners[i], __ATOMIC_RELAXED) == tid)
			return i;
	for (pass = 0; pass < 2; pass++)
		for (i = 0; i < ONCPU_MARK_SLOTS; i++) {
			owner = __atomic_load_n(&m->owners[i], __ATOMIC_RELAXED);
			if (owner && (!pass || !oncpu_mark_syscall_(SYS_kill, (long)owner, 0) ||
				      errno != ESRCH))
				continue;
			if (__atomic_compare_exchange_n(&m->owners[i], &owner, tid, 0,
							__ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
				return i;
		}
	return ONCPU_MARK_SLOTS;
}

/* This thread's first mark in this process. */
ONCPU_MARK_SLOW_ void oncpu_mark_arrive_(struct oncpu_mark_process_ *process)
{
	struct oncpu_mark_memory_ *m = process->memory;
	struct oncpu_mark_thread_ *self = &oncpu_mark_thread_;
	uint64_t generation = __atomic_add_fetch(&m->generations, 1, __ATOMIC_RELAXED), none = 0;
	uint32_t slot;

	if (!__atomic_compare_exchange_n(process->generation, &none, generation, 0,
					 __ATOMIC_RELAXED, __ATOMIC_RELAXED))
		generation = none; /* another thread of this process was here before */
	self->tid = (uint32_t)oncpu_mark_syscall_(SYS_gettid);
	slot = oncpu_mark_claim_(m, self->tid);
	self->ring = slot < ONCPU_MARK_SLOTS ? &m->rings[slot] : NULL;
	self->room = UINT64_C(1) << process->order;
	self->records = (struct oncpu_mark_record_ *)((char *)m + ONCPU_MARK_RECORDS_AT) +
			((size_t)slot << process->order);
	self->order = process->order;
	self->homeless = &m->homeless;
	self->generation = generation;
}

ONCPU_MARK_SLOW_ int oncpu_mark_is_name_(struct oncpu_mark_name_ *n, const char *name)
{
	uint32_t state = __atomic_load_n(&n->state, __ATOMIC_ACQUIRE);
	int i;

	/* Who is writing it may have been killed there: the worst of going on is a name twice. */
	for (i = 0; i < 1000 && state == ONCPU_MARK_BUSY_; i++)
		state = __atomic_load_n(&n->state, __ATOMIC_ACQUIRE);
	return state == ONCPU_MARK_READY_ && !strncmp(n->text, name, ONCPU_MARK_NAME_LEN - 1);
}

/* The index of a name: of the one that is there already, or of a new one. */
ONCPU_MARK_SLOW_ uint32_t oncpu_mark_intern_(struct oncpu_mark_memory_ *m, const char *name)
{
	struct oncpu_mark_name_ *n;
	uint32_t i, state;
	size_t length = strlen(name);

	for (i = 0; i < ONCPU_MARK_NAMES; i++) {
		n = &m->names[i];
		state = 0;
		if (__atomic_compare_exchange_n(&n->state, &state, ONCPU_MARK_BUSY_, 0,
						__ATOMIC_ACQUIRE, __ATOMIC_ACQUIRE)) {
			length = length < sizeof(n->text) ? length : sizeof(n->text) - 1;
			memcpy(n->text, name, length);
			__atomic_store_n(&n->state, ONCPU_MARK_READY_, __ATOMIC_RELEASE);
			return i;
		}
		if (oncpu_mark_is_name_(n, name))
			return i;
	}
	return ONCPU_MARK_NO_NAME;
}

/* Whatever this mark lacks yet: the memory, a slot, its name. 0: nobody records. */
ONCPU_MARK_SLOW_ int oncpu_mark_prepare_(struct oncpu_mark_site_ *site)
{
	struct oncpu_mark_process_ *process =
		__atomic_load_n(&oncpu_mark_process_, __ATOMIC_ACQUIRE);
	int saved = errno;

	if (!process)
		process = oncpu_mark_start_();
	if (process != ONCPU_MARK_OFF_) {
		if (oncpu_mark_thread_.generation !=
		    __atomic_load_n(process->generation, __ATOMIC_RELAXED))
			oncpu_mark_arrive_(process);
		if (!site->id)
			__atomic_store_n(&site->id,
					 oncpu_mark_intern_(process->memory, site->name) + 1,
					 __ATOMIC_RELAXED);
	}
	errno = saved;
	return process != ONCPU_MARK_OFF_;
}

/*
 * Only this thread writes to its ring, but a signal handler may mark in the middle of a mark: so
 * the clock is read between the load of head and the exchange, and times in a ring never decrease.
 */
ONCPU_MARK_FAST_ void oncpu_mark_write_(struct oncpu_mark_thread_ *self, int type, uint32_t name,
					uint64_t value)
{
	struct oncpu_mark_ring_ *ring = self->ring;
	struct oncpu_mark_record_ *r;
	struct timespec now;
	uint64_t head;

	if (!ring) {
		__atomic_fetch_add(self->homeless, 1, __ATOMIC_RELAXED);
		return;
	}
	head = __atomic_load_n(&ring->head, __ATOMIC_RELAXED);
	do {
		/* Acquire: a record is written over only after the reader is done with it. */
		if (head - __atomic_load_n(&ring->tail, __ATOMIC_ACQUIRE) >= self->room) {
			__atomic_fetch_add(&ring->lost, 1, __ATOMIC_RELAXED);
			return;
		}
		oncpu_mark_clock_(1 /* CLOCK_MONOTONIC */, &now);
	} while (!__atomic_compare_exchange_n(&ring->head, &head, head + 1, 0, __ATOMIC_RELAXED,
					      __ATOMIC_RELAXED));
	r = &self->records[head & (self->room - 1)];
	r->time_ns = (uint64_t)now.tv_sec * UINT64_C(1000000000) + (uint64_t)now.tv_nsec;
	r->tid = self->tid;
	r->type = (uint8_t)type;
	r->flags = 0;
	r->name = name;
	r->pad = 0;
	r->value = value;
	/* Release: whoever sees this round's lap sees the whole record. */
	__atomic_store_n(&r->lap, (uint16_t)((((head >> self->order) & 0x7fff) << 1) | 1),
			 __ATOMIC_RELEASE);
}

ONCPU_MARK_FAST_ void oncpu_mark_put_(int type, struct oncpu_mark_site_ *site, uint64_t value)
{
	struct oncpu_mark_process_ *process =
		__atomic_load_n(&oncpu_mark_process_, __ATOMIC_ACQUIRE);
	struct oncpu_mark_thread_ *self = &oncpu_mark_thread_;
	uint32_t id;

	if (process == ONCPU_MARK_OFF_)
		return;
	id = __atomic_load_n(&site->id, __ATOMIC_RELAXED);
	if (!process || !id ||
	    self->generation != __atomic_load_n(process->generation, __ATOMIC_RELAXED)) {
		if (!oncpu_mark_prepare_(site))
			return;
		id = __atomic_load_n(&site->id, __ATOMIC_RELAXED);
	}
	oncpu_mark_write_(self, type, id - 1, value);
}

#define ONCPU_MARK_PUT_(type, name, value)                                      \
	do {                                                                    \
		static struct oncpu_mark_site_ oncpu_site_ = { "" name "", 0 }; \
		oncpu_mark_put_(type, &oncpu_site_, (uint64_t)(value));         \
	} while (0)

ONCPU_MARK_FAST_ void oncpu_mark_leave_(struct oncpu_mark_site_ **site)
{
	oncpu_mark_put_(ONCPU_MARK_END_, *site, 0);
}

ONCPU_MARK_FAST_ struct oncpu_mark_site_ *oncpu_mark_enter_(struct oncpu_mark_site_ *site)
{
	oncpu_mark_put_(ONCPU_MARK_BEGIN_, site, 0);
	return site;
}

#define ONCPU_MARK_JOIN_(a, b)	     ONCPU_MARK_JOIN_AGAIN_(a, b)
#define ONCPU_MARK_JOIN_AGAIN_(a, b) a##b
#define ONCPU_MARK_SCOPE_(name, nr)                                                           \
	static struct oncpu_mark_site_ ONCPU_MARK_JOIN_(oncpu_site_, nr) = { "" name "", 0 }; \
	struct oncpu_mark_site_ *ONCPU_MARK_JOIN_(oncpu_scope_, nr)                           \
		__attribute__((cleanup(oncpu_mark_leave_), unused)) =                         \
			oncpu_mark_enter_(&ONCPU_MARK_JOIN_(oncpu_site_, nr))

#endif /* ONCPU_MARK_OFF */

#endif
