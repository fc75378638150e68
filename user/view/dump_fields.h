/* SPDX-License-Identifier: GPL-2.0 */
/* Inside the dump: the members of a record's payload, by name. */
#ifndef ONCPU_VIEW_DUMP_FIELDS_H
#define ONCPU_VIEW_DUMP_FIELDS_H

#include <stdbool.h>
#include <stdio.h>

#include <oncpu/record.h>

const char *dump_type(unsigned int type); /* "SWITCH"; "?" where there is none */
void dump_fields(FILE *f, const struct oncpu_record *r, bool json);
void dump_string(FILE *f, const char *s); /* as JSON */

#endif
