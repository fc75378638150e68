/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The variable that contains an address, as the program's source calls it: "lock", "queue.lock",
 * "fork[3]". By DWARF, which also tells what kind of lock it is; else by the symbol table.
 */
#ifndef ONCPU_RECORD_NAMES_H
#define ONCPU_RECORD_NAMES_H

#include <elfutils/libdwfl.h>
#include <stdint.h>

#define NAME_MOST 128

struct variable {
	char name[NAME_MOST]; /* "": no global or static variable is there */
	unsigned int kind;    /* ONCPU_ULOCK_* by its type; 0: not a lock, or not known */
	uint64_t base;	      /* where the lock begins, if kind */
};

struct names; /* the variables of one recording's files, found once a file */

struct names *names_new(void); /* NULL: no memory */
void names_free(struct names *n);
void names_find(struct names *n, Dwfl *dwfl, uint64_t address, struct variable *out);

#endif
