// SPDX-License-Identifier: GPL-2.0
// finds: nothing
// The index is trusted after the list was cut and refilled in the meantime: three exact preemptions.
#include <assert.h>
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int list[4] = { 1, 2, 3, 4 }, nr = 4, generation;

static void *editor(void *arg)
{
	(void)arg;
	for (int i = 0; i < 3; i++) {
		pthread_mutex_lock(&lock);
		int at = nr - 1, was = at >= 0 ? list[at] : 0;
		int g = generation;
		pthread_mutex_unlock(&lock);
		pthread_mutex_lock(&lock);
		if (at >= 0 && g == generation) {
			assert(list[at] == was);
			list[at] = was + 10;
			generation++;
		}
		pthread_mutex_unlock(&lock);
	}
	return NULL;
}

static void *trimmer(void *arg)
{
	(void)arg;
	pthread_mutex_lock(&lock);
	nr--;
	generation++;
	pthread_mutex_unlock(&lock);
	return NULL;
}

static void *appender(void *arg)
{
	(void)arg;
	pthread_mutex_lock(&lock);
	if (nr < 4) {
		list[nr++] = 99;
		generation++;
	}
	pthread_mutex_unlock(&lock);
	return NULL;
}

int main(void)
{
	void *(*role[])(void *) = { editor, appender, trimmer };
	pthread_t t[3];

	for (int i = 0; i < 3; i++)
		pthread_create(&t[i], NULL, role[i], NULL);
	for (int i = 0; i < 3; i++)
		pthread_join(t[i], NULL);
	return 0;
}
