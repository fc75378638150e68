// SPDX-License-Identifier: GPL-2.0
/* Writes the page of one of the hand-made models to stdout: page two|hostile|many|empty|nap|framed */
#include <stdio.h>
#include <string.h>

#include "models.h"
#include "view/view.h"

static struct model *by_name(const char *name)
{
	if (!strcmp(name, "two"))
		return model_two();
	if (!strcmp(name, "hostile"))
		return model_hostile();
	if (!strcmp(name, "many"))
		return model_many(300);
	if (!strcmp(name, "framed"))
		return model_framed();
	if (!strcmp(name, "nap"))
		return model_nap();
	return !strcmp(name, "empty") ? model_empty(0) : NULL;
}

int main(int argc, char **argv)
{
	struct view_head head = { .command = "./a.out </title><script>alert(1)</script>",
				  .kernel = "7.3.4",
				  .start_utc = "2026-01-02T03:04:05Z" };
	struct model *m = argc == 2 ? by_name(argv[1]) : NULL;
	int err;

	if (!m) {
		fprintf(stderr, "usage: page two|hostile|many|empty|nap|framed\n");
		return 2;
	}
	err = view_html(stdout, m, &head);
	model_free(m);
	return err || fflush(stdout) ? 1 : 0;
}
