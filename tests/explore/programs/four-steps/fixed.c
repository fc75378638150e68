// SPDX-License-Identifier: GPL-2.0
// finds: nothing
// A handshake of two state words that is wrong only in one order of four steps.
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

enum { IDLE, ASKED, GRANTED, REVOKED };

static atomic_int state, holder;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void *client(void *arg)
{
	(void)arg;
	atomic_store(&state, ASKED);
	pthread_mutex_lock(&lock);
	if (atomic_load(&state) == GRANTED) {
		atomic_store(&holder, 1);
		assert(atomic_load(&state) != REVOKED);
		atomic_store(&holder, 0);
	}
	pthread_mutex_unlock(&lock);
	return NULL;
}

static void *server(void *arg)
{
	(void)arg;
	int asked = ASKED;

	atomic_compare_exchange_strong(&state, &asked, GRANTED);
	return NULL;
}

static void *warden(void *arg)
{
	int granted = GRANTED;

	(void)arg;
	pthread_mutex_lock(&lock);
	if (atomic_load(&holder) == 0)
		atomic_compare_exchange_strong(&state, &granted, REVOKED);
	pthread_mutex_unlock(&lock);
	return NULL;
}

int main(void)
{
	void *(*role[])(void *) = { client, server, warden };
	pthread_t t[3];

	for (int i = 0; i < 3; i++)
		pthread_create(&t[i], NULL, role[i], NULL);
	for (int i = 0; i < 3; i++)
		pthread_join(t[i], NULL);
	return 0;
}
