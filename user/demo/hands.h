/* SPDX-License-Identifier: GPL-2.0 */
/* What the room said: a number of hands for each option, or one person's choice. */
#ifndef ONCPU_DEMO_HANDS_H
#define ONCPU_DEMO_HANDS_H

#include <stdbool.h>

#include "course/quiz.h"
#include "demo/demo.h"

struct hands {
	unsigned int of[QUIZ_OPTIONS]; /* by option */
	size_t nr_options;
	bool room; /* counted, not one person's */
};

/* "2": one person's choice; "3 12 5", "3,12,5": hands, as many numbers as options. 0 or -EINVAL. */
int hands_parse(struct hands *h, const char *text, size_t nr_options);
unsigned int hands_all(const struct hands *h); /* 0: nobody was asked */

/* One more line of work/.oncpu/demos/said:
 *   2026-11-22T15:30:00Z nice nice=5 hands 3 12 5 */
int hands_keep(const struct hands *h, const struct demos *all, const struct demo *d);

#endif
