/* SPDX-License-Identifier: GPL-2.0 */
/* Function, file and line of addresses: a table, each address once. */
#ifndef ONCPU_RECORD_FRAMES_H
#define ONCPU_RECORD_FRAMES_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "record/maps.h"

struct frames;

struct frames *frames_new(void); /* NULL: no memory */
void frames_free(struct frames *f);
/* The index of an address in the table; -1: no memory. is_return: it is where a call returns to. */
int frames_user(struct frames *f, struct space *s, uint64_t address, bool is_return);
int frames_kernel(struct frames *f, uint64_t address);
json_t *frames_json(const struct frames *f); /* a new reference */

/* The C library's own code, or where no file has been. */
bool frames_in_library(struct space *s, uint64_t address);

#endif
