// SPDX-License-Identifier: GPL-2.0
// finds: nothing
// A second is said to be enough for the other thread to finish.
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

static atomic_int packed;

static void *packer(void *arg)
{
	(void)arg;
	for (int i = 0; i < 3; i++) {
		usleep(1000);
		atomic_fetch_add(&packed, 1);
	}
	return NULL;
}

int main(void)
{
	pthread_t t;

	pthread_create(&t, NULL, packer, NULL);
	pthread_join(t, NULL);
	assert(packed == 3);
	return 0;
}
