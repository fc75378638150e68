// SPDX-License-Identifier: GPL-2.0
// finds: nothing
// The waiter looks at the event and then tells the kernel to expect what it finds there later.
#include <linux/futex.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <unistd.h>

static atomic_uint generation;

static void *waiter(void *arg)
{
	unsigned seen = *(unsigned *)arg;

	while (atomic_load(&generation) == seen)
		syscall(SYS_futex, &generation, FUTEX_WAIT_PRIVATE, seen, NULL, NULL, 0);
	return NULL;
}

int main(void)
{
	unsigned seen = 0;
	pthread_t t;

	pthread_create(&t, NULL, waiter, &seen);
	atomic_fetch_add(&generation, 1);
	syscall(SYS_futex, &generation, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
	pthread_join(t, NULL);
	return 0;
}
