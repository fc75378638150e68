// SPDX-License-Identifier: GPL-2.0
// finds: nothing
// Threads print, sort, format and ask the environment: the C library is nobody's race.
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static int by_value(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

static void *chatter(void *arg)
{
	int v[] = { 3, 1, 2, *(int *)arg };
	char line[80], *save = NULL;
	struct tm tm;
	time_t now = time(NULL);

	qsort(v, 4, sizeof(v[0]), by_value);
	localtime_r(&now, &tm);
	snprintf(line, sizeof(line), "%d %d %s", v[0], tm.tm_year > 100,
		 getenv("HOME") ? "home" : "-");
	char *copy = strdup(line);
	for (char *w = strtok_r(copy, " ", &save); w; w = strtok_r(NULL, " ", &save))
		printf("%s\n", w);
	free(copy);
	return NULL;
}

int main(void)
{
	int seed[3] = { 0, 5, 9 };
	pthread_t t[3];

	for (int i = 0; i < 3; i++)
		pthread_create(&t[i], NULL, chatter, &seed[i]);
	for (int i = 0; i < 3; i++)
		pthread_join(t[i], NULL);
	return 0;
}
