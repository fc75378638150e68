// SPDX-License-Identifier: GPL-2.0
// finds: nothing
// The once routine waits for a helper thread that itself calls once.
#include <pthread.h>
#include <stdio.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;
static int table[4];

static void load(void);

static void *user(void *arg)
{
	int i = *(int *)arg;

	pthread_once(&once, load);
	printf("%d\n", table[i]);
	return NULL;
}

static void *loader(void *arg)
{
	for (int i = 0; i < 4; i++)
		table[i] = *(int *)arg + i;
	return NULL;
}

static void load(void)
{
	int base = 10;
	pthread_t t;

	pthread_create(&t, NULL, loader, &base);
	pthread_join(t, NULL);
}

int main(void)
{
	int which[2] = { 1, 3 };
	pthread_t t[2];

	for (int i = 0; i < 2; i++)
		pthread_create(&t[i], NULL, user, &which[i]);
	for (int i = 0; i < 2; i++)
		pthread_join(t[i], NULL);
	return 0;
}
