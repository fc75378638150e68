/* SPDX-License-Identifier: GPL-2.0 */
/* oncpu demo: what its files share. */
#ifndef ONCPU_COMMANDS_DEMO_H
#define ONCPU_COMMANDS_DEMO_H

#include <stdbool.h>

#include "commands/loop.h"
#include "demo/demo.h"

struct demo_options {
	const char *word, *perform, *save, *hands;
	const char *set[DEMO_KNOBS];
	size_t nr_set;
	bool present, replay, script;
};

/* In demo_stage.c. Shows one demo: asks, has it performed (or reads what is saved), shows. An exit status. */
int demo_show(const struct loop *l, const struct demos *all, struct demo *d,
	      const struct demo_options *o);

#endif
