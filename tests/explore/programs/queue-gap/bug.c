// SPDX-License-Identifier: GPL-2.0
// finds: exit
// A producer has taken its place in the queue but is not linked yet: the closer takes the queue for empty.
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stddef.h>

struct node {
	_Atomic(struct node *) next;
	int value;
};

static struct node stub, nodes[3];
static _Atomic(struct node *) tail = &stub;
static struct node *head = &stub;
static atomic_int pushed;

static void push(struct node *n)
{
	struct node *before = atomic_exchange(&tail, n);

	atomic_fetch_add(&pushed, 1);
	atomic_store(&before->next, n);
}

static int drain(void)
{
	int sum = 0;

	for (struct node *n; (n = atomic_load(&head->next)); head = n)
		sum += n->value;
	return sum;
}

static void *producer(void *arg)
{
	push(arg);
	return NULL;
}

int main(void)
{
	pthread_t t[3];
	int sum = 0;

	for (int i = 0; i < 3; i++) {
		nodes[i].value = 1 << i;
		pthread_create(&t[i], NULL, producer, &nodes[i]);
	}
	while (atomic_load(&pushed) < 3)
		sched_yield();
	sum = drain();
	for (int i = 0; i < 3; i++)
		pthread_join(t[i], NULL);
	return sum != 7;
}
