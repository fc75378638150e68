// SPDX-License-Identifier: GPL-2.0
/* Browsing a recording on this terminal: see walk.h. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands/screen.h"
#include "commands/walk.h"
#include "lib/command.h"
#include "view/browse.h"

static void fit(struct browse *b)
{
	if (screen_resized())
		screen_size(&b->o.width, &b->height);
}

int walk_show(const struct browse *b)
{
	char *frame = NULL;
	size_t size;
	FILE *f = open_memstream(&frame, &size);
	int err = f ? browse_draw(f, b) : -errno;

	if (f)
		fclose(f);
	screen_show(err ? NULL : frame);
	free(frame);
	return err == -EINVAL ? 0 : err;
}

int walk_about(const struct model *m, const struct view_head *head,
	       const struct view_term_options *o, const struct walk_start *start)
{
	struct browse b;
	int err = browse_begin(&b, m, head, o, BROWSE_MIN_HEIGHT), key = 0;

	if (!err && start->window.end_ns)
		browse_look(&b, start->window, start->tid);
	if (!err)
		err = screen_take(STDIN_FILENO, STDOUT_FILENO);
	if (!err) {
		do {
			fit(&b);
			err = walk_show(&b);
			key = err ? 'q' : screen_wait_key();
		} while (browse_press(&b, key));
		screen_restore();
	}
	browse_end(&b);
	if (err)
		fprintf(stderr, "oncpu view: cannot walk about here: %s\n", strerror(-err));
	return err ? EXIT_ENVIRON : EXIT_OK;
}
