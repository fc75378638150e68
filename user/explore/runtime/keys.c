// SPDX-License-Identifier: GPL-2.0
/*
 * Thread-specific data. Kept here rather than by the C library, so that the destructors run while the
 * thread still has the turn.
 */
#include <errno.h>
#include <limits.h>
#include <threads.h>

#include "runtime.h"

#define MAX_KEYS   128
#define NR_PASSES  4
#define OUR_OFFSET 100000u /* so that the C library's own keys are told from these */

static struct key {
	bool used;
	uint32_t round;
	void (*destructor)(void *);
} keys[MAX_KEYS];

static __thread struct {
	uint32_t round;
	void *value;
} values[MAX_KEYS];

static int create(unsigned *key, void (*destructor)(void *))
{
	int i;

	for (i = 0; i < MAX_KEYS; i++) {
		if (keys[i].used)
			continue;
		keys[i].used = true;
		keys[i].round++;
		keys[i].destructor = destructor;
		*key = OUR_OFFSET + (unsigned)i;
		return 0;
	}
	return EAGAIN;
}

static bool is_ours(unsigned key)
{
	return key - OUR_OFFSET < MAX_KEYS && keys[key - OUR_OFFSET].used;
}

static void set(unsigned key, const void *value)
{
	values[key - OUR_OFFSET].round = keys[key - OUR_OFFSET].round;
	values[key - OUR_OFFSET].value = (void *)(uintptr_t)value;
}

static void *get(unsigned key)
{
	key -= OUR_OFFSET;
	return values[key].round == keys[key].round ? values[key].value : NULL;
}

void keys_run_destructors(struct thread *t)
{
	int pass, i;

	(void)t;
	for (pass = 0; pass < NR_PASSES; pass++)
		for (i = 0; i < MAX_KEYS; i++) {
			void *value = values[i].value;

			if (!value || !keys[i].used || values[i].round != keys[i].round)
				continue;
			values[i].value = NULL;
			if (keys[i].destructor)
				keys[i].destructor(value);
		}
}

INSTEAD int pthread_key_create(pthread_key_t *key, void (*destructor)(void *))
{
	if (!self())
		return REAL(pthread_key_create, key, destructor);
	return create(key, destructor);
}

INSTEAD int pthread_key_delete(pthread_key_t key)
{
	if (!is_ours(key))
		return REAL(pthread_key_delete, key);
	keys[key - OUR_OFFSET].used = false;
	return 0;
}

INSTEAD int pthread_setspecific(pthread_key_t key, const void *value)
{
	if (!is_ours(key))
		return REAL(pthread_setspecific, key, value);
	set(key, value);
	return 0;
}

INSTEAD void *pthread_getspecific(pthread_key_t key)
{
	if (!is_ours(key))
		return REAL(pthread_getspecific, key);
	return get(key);
}

INSTEAD int tss_create(tss_t *key, tss_dtor_t destructor)
{
	return create(key, destructor) ? thrd_error : thrd_success;
}

INSTEAD void tss_delete(tss_t key)
{
	if (is_ours(key))
		keys[key - OUR_OFFSET].used = false;
}

INSTEAD int tss_set(tss_t key, void *value)
{
	if (!is_ours(key))
		return thrd_error;
	set(key, value);
	return thrd_success;
}

INSTEAD void *tss_get(tss_t key)
{
	return is_ours(key) ? get(key) : NULL;
}
