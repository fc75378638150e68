// SPDX-License-Identifier: GPL-2.0
// finds: nothing
// Plain data is handed over by a byte in a pipe, for which the reader blocks in the kernel.
#include <assert.h>
#include <pthread.h>
#include <unistd.h>

static int ends[2];
static int parcel;

static void *sender(void *arg)
{
	(void)arg;
	parcel = 99;
	return write(ends[1], "!", 1) == 1 ? NULL : &parcel;
}

int main(void)
{
	pthread_t t;
	char c;

	if (pipe(ends))
		return 2;
	pthread_create(&t, NULL, sender, NULL);
	if (read(ends[0], &c, 1) != 1)
		return 2;
	assert(parcel == 99);
	pthread_join(t, NULL);
	close(ends[0]);
	close(ends[1]);
	return 0;
}
