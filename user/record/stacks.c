// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "record/stacks.h"

enum { KEY_STACKS = 0x2000 };

static const struct argp_option options[] = {
	{ "stacks", KEY_STACKS, "user|kernel|both|off", OPTION_ARG_OPTIONAL,
	  "stacks of whoever goes off its CPU, too (both), and not only, of the program, where it "
	  "waits for a lock; off: not even those, so that no lock has a kind",
	  0 },
	{}
};

void stacks_default(struct source_options *o)
{
	o->stacks_at_futex = ONCPU_STACK_USER;
	o->stacks_at_switch = 0;
}

static int choose(struct source_options *o, const char *which)
{
	static const struct {
		const char *name;
		uint8_t stacks;
	} choices[] = {
		{ "user", ONCPU_STACK_USER },
		{ "kernel", ONCPU_STACK_KERNEL },
		{ "both", ONCPU_STACK_USER | ONCPU_STACK_KERNEL },
		{ "off", 0 },
	};
	size_t i;

	for (i = 0; i < sizeof(choices) / sizeof(*choices); i++) {
		if (strcmp(choices[i].name, which ? which : "both") != 0)
			continue;
		o->stacks_at_switch = choices[i].stacks;
		o->stacks_at_futex = choices[i].stacks ? ONCPU_STACK_USER : 0;
		return 0;
	}
	return -1;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	if (key != KEY_STACKS)
		return ARGP_ERR_UNKNOWN;
	if (choose(state->input, arg))
		argp_error(state, "--stacks is user, kernel, both or off, not '%s'", arg);
	return 0;
}

const struct argp stacks_argp = { .options = options, .parser = parse };
