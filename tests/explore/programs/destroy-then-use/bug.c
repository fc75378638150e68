// SPDX-License-Identifier: GPL-2.0
// finds: use-after-destroy or destroy-in-use
// The channel is closed and torn down while a sender is on its way to it.
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>

struct channel {
	pthread_mutex_t lock;
	pthread_cond_t cond;
	int value;
};

static _Atomic(struct channel *) channel;

static void *sender(void *arg)
{
	(void)arg;
	struct channel *c = atomic_load(&channel);

	if (c) {
		pthread_mutex_lock(&c->lock);
		c->value++;
		pthread_cond_signal(&c->cond);
		pthread_mutex_unlock(&c->lock);
	}
	return NULL;
}

static void close_channel(void)
{
	struct channel *c = atomic_exchange(&channel, NULL);

	pthread_cond_destroy(&c->cond);
	pthread_mutex_destroy(&c->lock);
}

int main(void)
{
	static struct channel c;
	pthread_t t;

	pthread_mutex_init(&c.lock, NULL);
	pthread_cond_init(&c.cond, NULL);
	atomic_store(&channel, &c);
	pthread_create(&t, NULL, sender, NULL);
	close_channel();
	pthread_join(t, NULL);
	return 0;
}
