// SPDX-License-Identifier: GPL-2.0
// finds: nothing
// Threads start threads and sort: recursion, heap, stack arrays, return values.
#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct part {
	int *from;
	int n;
};

static void merge(int *out, const int *a, int na, const int *b, int nb)
{
	while (na || nb)
		if (!nb || (na && *a <= *b))
			*out++ = *a++, na--;
		else
			*out++ = *b++, nb--;
}

static void *sort(void *arg)
{
	struct part *p = arg;

	if (p->n < 2)
		return p->from;
	struct part l = { p->from, p->n / 2 }, r = { p->from + p->n / 2, p->n - p->n / 2 };
	pthread_t t;
	void *left;
	int *merged = malloc(p->n * sizeof(int));

	pthread_create(&t, NULL, sort, &l);
	sort(&r);
	pthread_join(t, &left);
	assert(left == l.from);
	merge(merged, l.from, l.n, r.from, r.n);
	memcpy(p->from, merged, p->n * sizeof(int));
	free(merged);
	return p->from;
}

int main(void)
{
	int a[] = { 5, 2, 9, 1, 7 };
	struct part all = { a, 5 };

	sort(&all);
	for (int i = 1; i < 5; i++)
		assert(a[i - 1] <= a[i]);
	return 0;
}
