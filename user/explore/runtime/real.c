// SPDX-License-Identifier: GPL-2.0
/* The C library's own functions, where the program's calls of them end up here. */
#include <dlfcn.h>

#include "runtime.h"

void *real(const char *name)
{
	void *f = dlsym(RTLD_NEXT, name);

	if (!f)
		refuse(name, 0);
	return f;
}

/* memcpy() and friends would be our own: see bytes.c */
void copy_bytes(void *to, const void *from, size_t n)
{
	volatile char *t = to;
	const volatile char *f = from;

	while (n--)
		*t++ = *f++;
}

void fill_bytes(void *to, int c, size_t n)
{
	volatile char *t = to;

	while (n--)
		*t++ = (char)c;
}

void copy_text(char *to, const char *from, size_t size)
{
	size_t i = 0;

	while (from && i + 1 < size && from[i]) {
		to[i] = from[i];
		i++;
	}
	to[i] = '\0';
}
