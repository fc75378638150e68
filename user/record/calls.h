/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which function a call instruction calls: read off the instruction and, where it goes through a
 * table of the dynamic linker, off the relocation that fills it. Tells which of the C library's lock
 * functions a program called, whatever that one's insides are.
 */
#ifndef ONCPU_RECORD_CALLS_H
#define ONCPU_RECORD_CALLS_H

#include <elfutils/libdwfl.h>

/*
 * The name of what was called by the instruction before return_address, in another file or, of a static
 * program, in the same. NULL: not to be told. A program's own function of that name is not meant.
 */
const char *call_target(Dwfl *dwfl, Dwarf_Addr return_address);

/* ONCPU_ULOCK_* that a function waits for, by its name without leading underscores; 0: none. */
unsigned int call_kind(const char *function);

#endif
