// SPDX-License-Identifier: GPL-2.0
/*
 * Memory: each thread takes from a region of its own at a place of its own, and what is freed is not
 * used again in this run. So addresses are the same whatever the schedule, and whoever touches freed
 * memory is found.
 */
#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "runtime.h"

#define HEAP_START   0x200000000000ull
#define HEAP_STRIDE  0x4000000000ull /* address space for each thread */
#define STACK_START  0x100000000000ull
#define STACK_STRIDE 0x100000000ull
#define STACK_SIZE   (1ul << 20)
#define CHUNK	     (256ul << 10)
#define MAGIC_USED   0x7573656475736564ull
#define MAGIC_FREED  0x6672656566726565ull

struct header {
	uint64_t magic, size;
};

static struct region {
	uint64_t at, end;
} regions[MAX_THREADS + 1]; /* the last: whoever is not controlled */

static void *map(uint64_t where, size_t size)
{
	int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
	void *p = mmap((void *)(uintptr_t)where, size, PROT_READ | PROT_WRITE,
		       flags | (where ? MAP_FIXED_NOREPLACE : 0), -1, 0);

	return p == MAP_FAILED ? NULL : p;
}

void *pages(size_t size)
{
	void *p = map(0, (size + 4095) & ~4095ul);

	if (!p)
		refuse("no memory", 0);
	return p;
}

void stack_of(int thread, size_t wanted, void **base, size_t *size)
{
	*size = wanted > STACK_SIZE ? wanted : STACK_SIZE;
	*base = map(STACK_START + (uint64_t)thread * STACK_STRIDE, *size);
	if (!*base)
		refuse("no memory for a thread's stack", 0);
}

static struct header *header_of(void *p)
{
	return (struct header *)p - 1;
}

static bool is_ours(const void *p)
{
	uint64_t a = (uint64_t)(uintptr_t)p;

	return a >= HEAP_START && a < HEAP_START + (MAX_THREADS + 1) * HEAP_STRIDE;
}

static void *take(size_t size, size_t align)
{
	struct thread *t = self();
	int id = t ? t->id : MAX_THREADS;
	struct region *r = &regions[id];
	uint64_t start, need;

	if (!r->at)
		r->at = r->end = HEAP_START + (uint64_t)id * HEAP_STRIDE;
	start = (r->at + sizeof(struct header) + align - 1) & ~(uint64_t)(align - 1);
	if (size > HEAP_STRIDE / 2 ||
	    start + size > HEAP_START + (uint64_t)(id + 1) * HEAP_STRIDE) {
		errno = ENOMEM;
		return NULL;
	}
	if (start + size > r->end) {
		need = (start + size - r->end + CHUNK - 1) & ~(CHUNK - 1);
		if (!map(r->end, need))
			return NULL;
		r->end += need;
	}
	r->at = start + size;
	*header_of((void *)(uintptr_t)start) = (struct header){ MAGIC_USED, size };
	return (void *)(uintptr_t)start;
}

static void *allocate(size_t size, size_t align)
{
	static volatile uint32_t lock; /* threads that nobody controls */
	void *p;

	if (self())
		return take(size, align);
	while (__atomic_exchange_n(&lock, 1, __ATOMIC_ACQUIRE))
		;
	p = take(size, align);
	__atomic_store_n(&lock, 0, __ATOMIC_RELEASE);
	return p;
}

void fail_freed(struct thread *t, uint64_t addr)
{
	t->op.addr = addr;
	fail(FOUND_USE_FREED, t, t->op.pc);
}

static void give_back(void *p, uint64_t pc)
{
	struct thread *t = self();
	struct header *h;

	if (!p || !is_ours(p))
		return;
	h = header_of(p);
	if (!t || nr_threads == 1) {
		h->magic = MAGIC_FREED;
		return;
	}
	if (h->magic == MAGIC_USED)
		memory_access(t, OP_FREE, (uint64_t)(uintptr_t)p, (int)(h->size & 0xfffff), pc);
	else
		op_set(t, OP_FREE, (uint64_t)(uintptr_t)p, 0, pc);
	if (h->magic != MAGIC_USED)
		fail(FOUND_FREE_TWICE, t, pc);
	h->magic = MAGIC_FREED;
	memory_freed((uint64_t)(uintptr_t)p, h->size);
	object_forget((uint64_t)(uintptr_t)p, h->size);
}

INSTEAD void *malloc(size_t size)
{
	return allocate(size, 16);
}

INSTEAD void free(void *p)
{
	give_back(p, HERE());
}

INSTEAD void *calloc(size_t n, size_t size)
{
	size_t all;

	if (__builtin_mul_overflow(n, size, &all)) {
		errno = ENOMEM;
		return NULL;
	}
	return allocate(all, 16); /* never used before: zero */
}

INSTEAD void *realloc(void *p, size_t size)
{
	void *new = allocate(size, 16);
	size_t n;

	if (!p || !new)
		return new;
	n = header_of(p)->size < size ? header_of(p)->size : size;
	bytes_copy(new, p, n);
	give_back(p, HERE());
	return new;
}

INSTEAD void *aligned_alloc(size_t align, size_t size)
{
	return allocate(size, align < 16 ? 16 : align);
}

INSTEAD int posix_memalign(void **p, size_t align, size_t size)
{
	*p = allocate(size, align < 16 ? 16 : align);
	return *p ? 0 : ENOMEM;
}

INSTEAD void *memalign(size_t align, size_t size)
{
	return allocate(size, align < 16 ? 16 : align);
}

INSTEAD void *valloc(size_t size)
{
	return allocate(size, 4096);
}

INSTEAD size_t malloc_usable_size(void *p)
{
	return p ? header_of(p)->size : 0;
}
