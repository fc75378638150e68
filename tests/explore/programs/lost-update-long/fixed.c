// SPDX-License-Identifier: GPL-2.0
// finds: nothing
// Words are counted into shared bins; now and then two threads hit one bin at once.
#include <pthread.h>
#include <stdio.h>
#include <string.h>

static const char *text =
	"the lazy dog saw the quick fox and the fox saw the dog and then the fox was gone";
static int bins[26];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void *count(void *arg)
{
	const char *from = arg;

	for (const char *p = from; *p && p < from + 40; p++) {
		if (*p == ' ')
			continue;
		pthread_mutex_lock(&lock);
		bins[*p - 'a']++;
		pthread_mutex_unlock(&lock);
	}
	return NULL;
}

int main(void)
{
	pthread_t t[2];
	int letters = 0, wanted = 0;

	pthread_create(&t[0], NULL, count, (void *)text);
	pthread_create(&t[1], NULL, count, (void *)(text + 40));
	pthread_join(t[0], NULL);
	pthread_join(t[1], NULL);
	for (size_t i = 0; i < strlen(text) && i < 80; i++)
		wanted += text[i] != ' ';
	for (int i = 0; i < 26; i++)
		letters += bins[i];
	printf("%d letters\n", letters);
	return letters != wanted;
}
