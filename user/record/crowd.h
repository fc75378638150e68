/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A crowd: a target that forks without end and never rests. Its fence (lib/identity.h) keeps it from
 * growing, but each fork that fails there costs the kernel something to tidy up, which hundreds of
 * busy tasks keep an emulated machine from ever doing.
 */
#ifndef ONCPU_RECORD_CROWD_H
#define ONCPU_RECORD_CROWD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct target;

struct crowd {
	uint64_t looked_ns, since_ns;
	size_t nr; /* processes, when it was last counted */
};

/* To be asked often; it looks a few times a second. True: it has been so for a second. */
bool crowd_is_bomb(struct crowd *c, const struct target *t, uint64_t now_ns);

#endif
