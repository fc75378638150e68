// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "course/file.h"
#include "demo/hands.h"

#define MOST_HANDS 9999

int hands_parse(struct hands *h, const char *text, size_t nr_options)
{
	unsigned long numbers[QUIZ_OPTIONS + 1], n;
	size_t nr = 0, i;
	char *end;

	*h = (struct hands){ .nr_options = nr_options };
	for (;;) {
		while (*text == ' ' || *text == ',')
			text++;
		if (!*text)
			break;
		n = strtoul(text, &end, 10);
		if (end == text || *text == '-' || n > MOST_HANDS || nr > nr_options)
			return -EINVAL;
		numbers[nr++] = n;
		text = end;
	}
	if (nr == 1 && nr_options > 1) {
		if (!numbers[0] || numbers[0] > nr_options)
			return -EINVAL;
		h->of[numbers[0] - 1] = 1;
		return 0;
	}
	if (nr != nr_options)
		return -EINVAL;
	for (i = 0; i < nr; i++)
		h->of[i] = (unsigned int)numbers[i];
	h->room = true;
	return hands_all(h) ? 0 : -EINVAL;
}

unsigned int hands_all(const struct hands *h)
{
	unsigned int all = 0;
	size_t i;

	for (i = 0; i < h->nr_options; i++)
		all += h->of[i];
	return all;
}

int hands_keep(const struct hands *h, const struct demos *all, const struct demo *d)
{
	char path[PATH_MAX], when[32];
	time_t now = time(NULL);
	struct tm utc;
	FILE *f;
	size_t i;
	int err;

	snprintf(path, sizeof(path), "%s/work/.oncpu/demos/said", all->home);
	err = file_make_folders(path);
	if (err)
		return err;
	f = fopen(path, "ae");
	if (!f)
		return -errno;
	strftime(when, sizeof(when), "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &utc));
	fprintf(f, "%s %s", when, d->slug);
	for (i = 0; i < d->nr_knobs; i++)
		fprintf(f, " %s=%ld", d->knobs[i].name, d->knobs[i].value);
	fprintf(f, " %s", h->room ? "hands" : "one");
	for (i = 0; i < h->nr_options; i++)
		fprintf(f, " %u", h->of[i]);
	fputc('\n', f);
	return fclose(f) ? -errno : 0;
}
