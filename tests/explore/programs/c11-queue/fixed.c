// SPDX-License-Identifier: GPL-2.0
// finds: nothing
// A bounded queue on mtx_t and cnd_t, with the look outside the loop.
#include <assert.h>
#include <threads.h>

#define ROOM 2

static mtx_t lock;
static cnd_t not_full, not_empty;
static int slots[ROOM], nr;

static void put(int v)
{
	mtx_lock(&lock);
	while (nr == ROOM)
		cnd_wait(&not_full, &lock);
	slots[nr++] = v;
	cnd_signal(&not_empty);
	mtx_unlock(&lock);
}

static int take(void)
{
	mtx_lock(&lock);
	while (nr == 0)
		cnd_wait(&not_empty, &lock);
	assert(nr > 0);
	int v = slots[--nr];
	cnd_signal(&not_full);
	mtx_unlock(&lock);
	return v;
}

static int producer(void *arg)
{
	(void)arg;
	for (int i = 1; i <= 4; i++)
		put(i);
	return 0;
}

static int consumer(void *arg)
{
	(void)arg;
	return take() + take();
}

int main(void)
{
	thrd_t p, c[2];
	int sum = 0, part;

	mtx_init(&lock, mtx_plain);
	cnd_init(&not_full);
	cnd_init(&not_empty);
	thrd_create(&c[0], consumer, NULL);
	thrd_create(&c[1], consumer, NULL);
	thrd_create(&p, producer, NULL);
	for (int i = 0; i < 2; i++) {
		thrd_join(c[i], &part);
		sum += part;
	}
	thrd_join(p, NULL);
	return sum != 10;
}
