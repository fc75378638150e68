/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The classes of events that a user chooses by name, as sets of record types: bit (1 << type).
 */
#ifndef ONCPU_RECORD_CLASSES_H
#define ONCPU_RECORD_CLASSES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <oncpu/record.h>

extern const char *const class_names[ONCPU_CLASS_END];

bool class_is_default(enum oncpu_class id);
uint64_t types_of_class(enum oncpu_class id);
uint64_t types_of_default(void);

/* The type of a row of ONCPU_RECORD_TABLE, in any case of letters; 0: there is none. */
uint64_t types_called(const char *row);

/* The types that probes in the kernel can write; the others come from elsewhere. */
uint64_t types_of_probes(void);

/* The kernel's name of the event behind a type; NULL: no such type. */
const char *type_event(unsigned int type);
enum oncpu_class type_class(unsigned int type);

/*
 * "sched,irq" chooses just these, "+irq" or "-lock" adds to *types or takes from it; "all": all.
 * 0, or -EINVAL with a sentence in why.
 */
int types_parse(uint64_t *types, const char *list, char *why, size_t why_size);

#endif
