// SPDX-License-Identifier: GPL-2.0
/* What the compiler calls before each plain access: -fsanitize=thread. */
#include "runtime.h"

static inline void plain(int kind, void *p, long size, uint64_t pc)
{
	struct thread *t = self();

	if (!t)
		return;
	t->frame = FRAME();
	memory_access(t, kind, (uint64_t)(uintptr_t)p, (int)size, pc);
}

#define ACCESS(name, kind, size)              \
	INSTEAD void name(void *p)            \
	{                                     \
		plain(kind, p, size, HERE()); \
	}

#define SIZE(n)                                                 \
	ACCESS(__tsan_read##n, OP_READ, n)                      \
	ACCESS(__tsan_write##n, OP_WRITE, n)                    \
	ACCESS(__tsan_unaligned_read##n, OP_READ, n)            \
	ACCESS(__tsan_unaligned_write##n, OP_WRITE, n)          \
	ACCESS(__tsan_volatile_read##n, OP_READ, n)             \
	ACCESS(__tsan_volatile_write##n, OP_WRITE, n)           \
	ACCESS(__tsan_unaligned_volatile_read##n, OP_READ, n)   \
	ACCESS(__tsan_unaligned_volatile_write##n, OP_WRITE, n) \
	ACCESS(__tsan_unaligned_read_write##n, OP_WRITE, n)     \
	ACCESS(__tsan_read_write##n, OP_WRITE, n)

SIZE(1)
SIZE(2)
SIZE(4)
SIZE(8)
SIZE(16)
ACCESS(__tsan_vptr_read, OP_READ, 8)

INSTEAD void __tsan_vptr_update(void **p, void *value)
{
	if (*p != value)
		plain(OP_WRITE, p, 8, HERE());
}

INSTEAD void __tsan_read_range(void *p, unsigned long size)
{
	plain(OP_READ, p, (long)size, HERE());
}

INSTEAD void __tsan_write_range(void *p, unsigned long size)
{
	plain(OP_WRITE, p, (long)size, HERE());
}

INSTEAD void __tsan_init(void)
{
}

INSTEAD void __tsan_func_entry(void *caller)
{
	struct thread *t = my_thread;

	if (!t)
		return;
	if (t->nr_calls < MAX_CALLS)
		t->calls[t->nr_calls] = (uint64_t)(uintptr_t)caller;
	t->nr_calls++;
}

INSTEAD void __tsan_func_exit(void *unused)
{
	struct thread *t = my_thread;

	(void)unused;
	if (t && t->nr_calls)
		t->nr_calls--;
}

INSTEAD void *__tsan_memcpy(void *to, const void *from, unsigned long n)
{
	plain(OP_READ, (void *)(uintptr_t)from, (long)n, HERE());
	plain(OP_WRITE, to, (long)n, HERE());
	return bytes_copy(to, from, n);
}

INSTEAD void *__tsan_memmove(void *to, const void *from, unsigned long n)
{
	plain(OP_READ, (void *)(uintptr_t)from, (long)n, HERE());
	plain(OP_WRITE, to, (long)n, HERE());
	return bytes_copy(to, from, n);
}

INSTEAD void *__tsan_memset(void *to, int c, unsigned long n)
{
	plain(OP_WRITE, to, (long)n, HERE());
	return bytes_fill(to, c, n);
}
