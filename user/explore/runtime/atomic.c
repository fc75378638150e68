// SPDX-License-Identifier: GPL-2.0
/*
 * Atomic operations. All are done in one order that everybody agrees on (sequential consistency is
 * all that the explorer can show); what the memory orders promise is kept to for data races: only a
 * release that an acquire reads from orders what stands before and after them.
 */
#include "runtime.h"

#define RELAXED __ATOMIC_RELAXED
#define CONSUME __ATOMIC_CONSUME
#define ACQUIRE __ATOMIC_ACQUIRE
#define RELEASE __ATOMIC_RELEASE

static bool acquires(int order)
{
	return order != RELAXED && order != RELEASE;
}

static bool releases(int order)
{
	return order != RELAXED && order != ACQUIRE && order != CONSUME;
}

static void learn(struct thread *t, uint64_t addr, int order)
{
	uint32_t *clock = *memory_clock(addr);

	if (!clock)
		return;
	if (acquires(order)) {
		clock_join(t->clock, clock);
		clock_join(t->made_clock, clock + MAX_THREADS);
		return;
	}
	clock_join(t->pending_clock, clock);
	t->has_pending = true;
}

/* A store that is no update ends the release sequence that stood there. */
static void teach(struct thread *t, uint64_t addr, int order, bool update)
{
	uint32_t **at = memory_clock(addr);

	if (*at && !update)
		fill_bytes(*at, 0, 2 * MAX_THREADS * sizeof(uint32_t));
	if (releases(order)) {
		clock_join(clock_of(at), t->clock);
		clock_join(*at + MAX_THREADS, t->made_clock);
		clock_tick(t);
	} else if (t->has_release) {
		clock_join(clock_of(at), t->release_clock);
	}
}

static struct thread *begin(int kind, const volatile void *p, int size, uint64_t pc)
{
	struct thread *t = self();

	if (!t)
		return NULL;
	t->frame = FRAME();
	memory_access(t, kind, (uint64_t)(uintptr_t)p, size, pc);
	return nr_threads > 1 ? t : NULL;
}

static void loaded(struct thread *t, const volatile void *p, int order)
{
	if (t)
		learn(t, (uint64_t)(uintptr_t)p, order);
}

static void stored(struct thread *t, const volatile void *p, int order)
{
	if (t)
		teach(t, (uint64_t)(uintptr_t)p, order, false);
}

/* An update that leaves the value as it was has changed nothing: it may be a spin lock's. */
static void updated(struct thread *t, const volatile void *p, int order, bool changed)
{
	uint64_t addr = (uint64_t)(uintptr_t)p;

	if (!t)
		return;
	learn(t, addr, order);
	teach(t, addr, order, true);
	if (changed)
		memory_changed(t, addr);
	else
		spin_read(t, memory_version(addr));
}

static void not_exchanged(struct thread *t, const volatile void *p, int order)
{
	uint64_t addr = (uint64_t)(uintptr_t)p;

	if (!t)
		return;
	learn(t, addr, order);
	spin_read(t, memory_version(addr));
	log_value(t, 0, EVENT_FAILED);
}

#define LOAD_STORE(bits, type)                                                            \
	INSTEAD type __tsan_atomic##bits##_load(const volatile type *p, int order)        \
	{                                                                                 \
		struct thread *t = begin(OP_ATOMIC_READ, p, sizeof(type), HERE());        \
		type value = __atomic_load_n(p, __ATOMIC_SEQ_CST);                        \
                                                                                          \
		loaded(t, p, order);                                                      \
		return value;                                                             \
	}                                                                                 \
	INSTEAD void __tsan_atomic##bits##_store(volatile type *p, type value, int order) \
	{                                                                                 \
		struct thread *t = begin(OP_ATOMIC_WRITE, p, sizeof(type), HERE());       \
                                                                                          \
		stored(t, p, order);                                                      \
		__atomic_store_n(p, value, __ATOMIC_SEQ_CST);                             \
	}

#define UPDATE(bits, type, name, builtin)                                                  \
	INSTEAD type __tsan_atomic##bits##_##name(volatile type *p, type value, int order) \
	{                                                                                  \
		struct thread *t = begin(OP_ATOMIC_UPDATE, p, sizeof(type), HERE());       \
		type old = builtin(p, value, __ATOMIC_SEQ_CST);                            \
                                                                                           \
		updated(t, p, order, __atomic_load_n(p, __ATOMIC_SEQ_CST) != old);         \
		return old;                                                                \
	}

#define EXCHANGE_IF(bits, type, name)                                                           \
	INSTEAD int __tsan_atomic##bits##_##name(volatile type *p, type *expected, type value,  \
						 int order, int fail_order)                     \
	{                                                                                       \
		struct thread *t = begin(OP_ATOMIC_UPDATE, p, sizeof(type), HERE());            \
		int done = __atomic_compare_exchange_n(p, expected, value, 0, __ATOMIC_SEQ_CST, \
						       __ATOMIC_SEQ_CST);                       \
                                                                                                \
		if (done)                                                                       \
			updated(t, p, order, true);                                             \
		else                                                                            \
			not_exchanged(t, p, fail_order);                                        \
		return done;                                                                    \
	}

#define EXCHANGE_VALUE(bits, type)                                                        \
	INSTEAD type __tsan_atomic##bits##_compare_exchange_val(                          \
		volatile type *p, type expected, type value, int order, int fail_order)   \
	{                                                                                 \
		struct thread *t = begin(OP_ATOMIC_UPDATE, p, sizeof(type), HERE());      \
                                                                                          \
		if (__atomic_compare_exchange_n(p, &expected, value, 0, __ATOMIC_SEQ_CST, \
						__ATOMIC_SEQ_CST))                        \
			updated(t, p, order, true);                                       \
		else                                                                      \
			not_exchanged(t, p, fail_order);                                  \
		return expected;                                                          \
	}

#define ATOMICS(bits, type)                                 \
	LOAD_STORE(bits, type)                              \
	UPDATE(bits, type, exchange, __atomic_exchange_n)   \
	UPDATE(bits, type, fetch_add, __atomic_fetch_add)   \
	UPDATE(bits, type, fetch_sub, __atomic_fetch_sub)   \
	UPDATE(bits, type, fetch_and, __atomic_fetch_and)   \
	UPDATE(bits, type, fetch_or, __atomic_fetch_or)     \
	UPDATE(bits, type, fetch_xor, __atomic_fetch_xor)   \
	UPDATE(bits, type, fetch_nand, __atomic_fetch_nand) \
	EXCHANGE_IF(bits, type, compare_exchange_strong)    \
	EXCHANGE_IF(bits, type, compare_exchange_weak)      \
	EXCHANGE_VALUE(bits, type)

ATOMICS(8, uint8_t)
ATOMICS(16, uint16_t)
ATOMICS(32, uint32_t)
ATOMICS(64, uint64_t)

INSTEAD void __tsan_atomic_thread_fence(int order)
{
	struct thread *t = self();

	if (!t)
		return;
	if (acquires(order) && t->has_pending)
		clock_join(t->clock, t->pending_clock);
	if (!releases(order))
		return;
	copy_bytes(t->release_clock, t->clock, sizeof(t->clock));
	t->has_release = true;
	clock_tick(t);
}

INSTEAD void __tsan_atomic_signal_fence(int order)
{
	(void)order;
}
