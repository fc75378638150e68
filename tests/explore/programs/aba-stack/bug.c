// SPDX-License-Identifier: GPL-2.0
// finds: assert
// A lock-free stack of reused nodes compares the pointer only, not a version.
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>

/* A head is (version << 8 | index + 1); 0 is the empty stack. */
static atomic_int next_of[4];
static atomic_uint head;
static atomic_int owners[4];

static unsigned with_index(unsigned old, int index)
{
	(void)old;
	return index + 1;
}

static void push(int n)
{
	unsigned old = atomic_load(&head);

	do
		atomic_store(&next_of[n], (int)(old & 255) - 1);
	while (!atomic_compare_exchange_weak(&head, &old, with_index(old, n)));
}

static int pop(void)
{
	unsigned old = atomic_load(&head);
	int n;

	do {
		n = (int)(old & 255) - 1;
		if (n < 0)
			return -1;
	} while (!atomic_compare_exchange_weak(&head, &old,
					       with_index(old, atomic_load(&next_of[n]))));
	assert(atomic_fetch_add(&owners[n], 1) == 0);
	return n;
}

static void put_back(int n)
{
	if (n < 0)
		return;
	atomic_fetch_sub(&owners[n], 1);
	push(n);
}

static void *one(void *arg)
{
	(void)arg;
	put_back(pop());
	return NULL;
}

static void *two(void *arg)
{
	(void)arg;
	int a = pop(), b = pop();

	put_back(a);
	int c = pop();
	(void)b, (void)c;
	return NULL;
}

int main(void)
{
	pthread_t t[2];

	for (int i = 0; i < 3; i++)
		push(i);
	pthread_create(&t[0], NULL, one, NULL);
	pthread_create(&t[1], NULL, two, NULL);
	pthread_join(t[0], NULL);
	pthread_join(t[1], NULL);
	for (int n = pop(); n >= 0; n = pop())
		;
	return 0;
}
