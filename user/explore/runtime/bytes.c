// SPDX-License-Identifier: GPL-2.0
/*
 * memcpy() and its kin, which compilers do not announce: a call is one read and one write of the
 * whole range. Calls from libraries pass: what is in there is atomic to the explorer.
 */
#include <string.h>

#include "runtime.h"

extern char __executable_start, etext;

static void touch(int kind, const void *p, size_t n, uint64_t pc)
{
	struct thread *t = self();

	if (!t || nr_threads == 1 || !n)
		return;
	if (pc < (uint64_t)(uintptr_t)&__executable_start || pc > (uint64_t)(uintptr_t)&etext)
		return;
	memory_access(t, kind, (uint64_t)(uintptr_t)p, n > 1 << 20 ? 1 << 20 : (int)n, pc);
}

void *bytes_copy(void *to, const void *from, size_t n)
{
	char *t = to;
	const char *f = from;
	size_t i;

	if ((uintptr_t)t - (uintptr_t)f >= n) {
#if defined(__x86_64__)
		void *d = to;

		__asm__ volatile("rep movsb" : "+D"(d), "+S"(f), "+c"(n) : : "memory");
#else
		for (i = 0; i < n; i++)
			((volatile char *)t)[i] = f[i];
#endif
		return to;
	}
	for (i = n; i-- > 0;)
		((volatile char *)t)[i] = f[i];
	return to;
}

void *bytes_fill(void *to, int c, size_t n)
{
#if defined(__x86_64__)
	void *d = to;

	__asm__ volatile("rep stosb" : "+D"(d), "+c"(n) : "a"(c) : "memory");
#else
	fill_bytes(to, c, n);
#endif
	return to;
}

INSTEAD void *memcpy(void *restrict to, const void *restrict from, size_t n)
{
	touch(OP_READ, from, n, HERE());
	touch(OP_WRITE, to, n, HERE());
	return bytes_copy(to, from, n);
}

INSTEAD void *memmove(void *to, const void *from, size_t n)
{
	touch(OP_READ, from, n, HERE());
	touch(OP_WRITE, to, n, HERE());
	return bytes_copy(to, from, n);
}

INSTEAD void *memset(void *to, int c, size_t n)
{
	touch(OP_WRITE, to, n, HERE());
	return bytes_fill(to, c, n);
}

INSTEAD int memcmp(const void *a, const void *b, size_t n)
{
	const unsigned char *x = a, *y = b;
	size_t i;

	touch(OP_READ, a, n, HERE());
	touch(OP_READ, b, n, HERE());
	for (i = 0; i < n; i++)
		if (x[i] != y[i])
			return x[i] - y[i];
	return 0;
}

static size_t length(const char *s)
{
	const volatile char *p = s;

	while (*p)
		p++;
	return (size_t)(p - s);
}

static int compare(const char *a, const char *b, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (a[i] != b[i] || !a[i])
			return (unsigned char)a[i] - (unsigned char)b[i];
	return 0;
}

INSTEAD size_t strlen(const char *s)
{
	touch(OP_READ, s, 1, HERE());
	return length(s);
}

INSTEAD char *strcpy(char *restrict to, const char *restrict from)
{
	size_t n;

	touch(OP_READ, from, length(from) + 1, HERE());
	n = length(from) + 1;
	touch(OP_WRITE, to, n, HERE());
	return bytes_copy(to, from, length(from) + 1);
}

INSTEAD char *strncpy(char *restrict to, const char *restrict from, size_t n)
{
	size_t i;

	touch(OP_READ, from, 1, HERE());
	touch(OP_WRITE, to, n, HERE());
	for (i = 0; i < n && from[i]; i++)
		((volatile char *)to)[i] = from[i];
	for (; i < n; i++)
		((volatile char *)to)[i] = 0;
	return to;
}

INSTEAD char *strcat(char *restrict to, const char *restrict from)
{
	touch(OP_READ, from, length(from) + 1, HERE());
	touch(OP_WRITE, to, length(to) + length(from) + 1, HERE());
	bytes_copy(to + length(to), from, length(from) + 1);
	return to;
}

INSTEAD int strcmp(const char *a, const char *b)
{
	touch(OP_READ, a, length(a) + 1, HERE());
	touch(OP_READ, b, length(b) + 1, HERE());
	return compare(a, b, SIZE_MAX);
}

INSTEAD int strncmp(const char *a, const char *b, size_t n)
{
	touch(OP_READ, a, 1, HERE());
	touch(OP_READ, b, 1, HERE());
	return compare(a, b, n);
}
