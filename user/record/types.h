/* SPDX-License-Identifier: GPL-2.0 */
/* What DWARF says about types: how large, and what is at an offset within. */
#ifndef ONCPU_RECORD_TYPES_H
#define ONCPU_RECORD_TYPES_H

#include <elfutils/libdw.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

bool type_of(Dwarf_Die *die, Dwarf_Die *type);
uint64_t type_size(Dwarf_Die *type); /* 0: not known */

/*
 * Appends the way to what is at *offset within the type to path: ".lock", "[3].left". Ends at a lock:
 * returns ONCPU_ULOCK_* and leaves in *offset how far into it. 0: none is there.
 */
unsigned int type_path(Dwarf_Die *type, uint64_t *offset, char *path, size_t size);

#endif
