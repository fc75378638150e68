// SPDX-License-Identifier: GPL-2.0
// finds: nothing
// A 64-bit clock in two halves: wrong only for a read that falls into the carry.
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>

static atomic_uint low = 0xfffffffd, high;

static void *tick(void *arg)
{
	(void)arg;
	for (int i = 0; i < 6; i++)
		if (atomic_fetch_add(&low, 1) == 0xffffffff)
			atomic_fetch_add(&high, 1);
	return NULL;
}

static uint64_t now(void)
{
	static uint64_t last;

	for (;;) {
		uint32_t h = atomic_load(&high), l = atomic_load(&low);
		uint64_t v = (uint64_t)h << 32 | l;

		if (h == atomic_load(&high) && v >= last)
			return last = v;
	}
}

int main(void)
{
	pthread_t t;

	pthread_create(&t, NULL, tick, NULL);
	uint64_t before = now();
	for (int i = 0; i < 3; i++) {
		uint64_t after = now();
		assert(after >= before);
		before = after;
	}
	pthread_join(t, NULL);
	return 0;
}
