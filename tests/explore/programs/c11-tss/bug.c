// SPDX-License-Identifier: GPL-2.0
// finds: race or assert
// The formatter's buffer is static where every thread needs one of its own.
#include <assert.h>
#include <threads.h>

static const char *hex(unsigned v)
{
	static char text[16];

	for (int i = 0; i < 8; i++)
		text[i] = "0123456789abcdef"[v >> (28 - 4 * i) & 15];
	return text;
}

static int show(void *arg)
{
	unsigned v = *(unsigned *)arg;
	const char *text = hex(v);

	assert(text[7] == "0123456789abcdef"[v & 15]);
	return 0;
}

int main(void)
{
	unsigned value[2] = { 0xdeadbeef, 0x12345678 };
	thrd_t t[2];

	for (int i = 0; i < 2; i++)
		thrd_create(&t[i], show, &value[i]);
	for (int i = 0; i < 2; i++)
		thrd_join(t[i], NULL);
	return 0;
}
