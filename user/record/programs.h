/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which BPF programs are loaded: those of the classes that are asked for, where the running kernel
 * has their event.
 *
 * A program is called on_ROW, or on_ROW__ROW where it writes several kinds of records, after the
 * rows of ONCPU_RECORD_TABLE; also_on_ROW where a row has one already. A row has a class, so no
 * program is without one: another name is refused.
 */
#ifndef ONCPU_RECORD_PROGRAMS_H
#define ONCPU_RECORD_PROGRAMS_H

#include <stdint.h>

#include "record/source.h"

struct oncpu_bpf;

/*
 * Before the load. *recorded: the types that the programs chosen write. 0, or -EINVAL for a program
 * of an unknown name: a mistake in bpf/, told on stderr with ONCPU_DEBUG.
 */
int programs_choose(struct oncpu_bpf *skel, const struct source_options *o, uint64_t *recorded);

#endif
