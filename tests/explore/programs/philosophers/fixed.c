// SPDX-License-Identifier: GPL-2.0
// finds: nothing
// Five philosophers, each taking the left fork first.
#include <pthread.h>
#include <stdlib.h>

enum { N = 5 };

struct philosopher {
	pthread_t thread;
	pthread_mutex_t *left, *right;
	int meals;
};

static void *dine(void *arg)
{
	struct philosopher *p = arg;

	pthread_mutex_lock(p->left);
	pthread_mutex_lock(p->right);
	p->meals++;
	pthread_mutex_unlock(p->right);
	pthread_mutex_unlock(p->left);
	return NULL;
}

int main(void)
{
	pthread_mutex_t fork[N];
	struct philosopher *all = calloc(N, sizeof(*all));

	for (int i = 0; i < N; i++)
		pthread_mutex_init(&fork[i], NULL);
	for (int i = 0; i < N; i++) {
		all[i].left = &fork[i];
		all[i].right = &fork[(i + 1) % N];
		if (i == N - 1) {
			all[i].left = &fork[0];
			all[i].right = &fork[i];
		}
		pthread_create(&all[i].thread, NULL, dine, &all[i]);
	}
	for (int i = 0; i < N; i++)
		pthread_join(all[i].thread, NULL);
	for (int i = 0; i < N; i++)
		pthread_mutex_destroy(&fork[i]);
	free(all);
	return 0;
}
