// SPDX-License-Identifier: GPL-2.0
// finds: deadlock or hang
// Who comes second begins to talk; but if both think they came first, both wait for a word in their pipe.
#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

static int to_a[2], to_b[2];
static atomic_int arrived;

static void *talk(void *arg)
{
	int me = *(int *)arg;
	int in = me ? to_b[0] : to_a[0], out = me ? to_a[1] : to_b[1];
	char c = 'x';
	int i_begin = atomic_load(&arrived) > 0; /* the second to come has the first word */

	atomic_fetch_add(&arrived, 1);
	if (i_begin && write(out, &c, 1) != 1)
		return arg;
	if (read(in, &c, 1) != 1)
		return arg;
	if (!i_begin && write(out, &c, 1) != 1)
		return arg;
	return NULL;
}

int main(void)
{
	int who[2] = { 0, 1 };
	pthread_t t[2];

	if (pipe(to_a) || pipe(to_b))
		return 2;
	for (int i = 0; i < 2; i++)
		pthread_create(&t[i], NULL, talk, &who[i]);
	for (int i = 0; i < 2; i++)
		pthread_join(t[i], NULL);
	return arrived != 2;
}
