// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include <oncpu/ioctl.h>
#include "lib/identity.h"
#include "record/classes.h"
#include "record/how.h"
#include "record/stacks.h"

#define DEFAULT_ORDER 17 /* 131072 records, 4 MB a CPU and source: 80 ms at 1.6 million a second */

enum { KEY_USER = 'u', KEY_BUFFER = 'b' };

static const struct argp_option options[] = {
	{ "user", KEY_USER, "NAME", 0,
	  "run the command as this user (" IDENTITY_DEFAULT_USER " where that one exists)", 0 },
	{ "buffer", KEY_BUFFER, "ORDER", 0, "room for 2^ORDER records a CPU (17)", 0 },
	{}
};

static int parse_order(struct session_options *o, const char *arg)
{
	char *end;
	unsigned long order;

	errno = 0;
	order = strtoul(arg, &end, 10);
	if (errno || *end || end == arg || order < ONCPU_MIN_ORDER || order > ONCPU_MAX_ORDER)
		return -EINVAL;
	o->source.order = (unsigned int)order;
	return 0;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct session_options *o = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &o->source;
		break;
	case KEY_USER:
		o->user = arg;
		break;
	case KEY_BUFFER:
		if (parse_order(o, arg))
			argp_error(state, "--buffer is a number from %d to %d, not '%s'",
				   ONCPU_MIN_ORDER, ONCPU_MAX_ORDER, arg);
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static const struct argp_child children[] = { { &stacks_argp, 0, NULL, 0 }, {} };

const struct argp how_argp = { .options = options, .parser = parse, .children = children };

void how_default(struct session_options *o)
{
	o->source.order = DEFAULT_ORDER;
	o->source.types = types_of_default();
	stacks_default(&o->source);
}

void how_one_recorder(struct session_options *o)
{
	o->module = !access(ONCPU_DEVICE, F_OK);
	o->bpf = !o->module;
}
