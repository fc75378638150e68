/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The place where the trace file is to be: asked before anything is recorded.
 */
#ifndef ONCPU_RECORD_OUTPUT_H
#define ONCPU_RECORD_OUTPUT_H

#include <stddef.h>
#include <stdint.h>

/*
 * Only a trace or an empty file is overwritten. 0 if path can be written (it then exists), or
 * -errno with a sentence in why.
 */
int output_check(const char *path, char *why, size_t why_size);

/* Removes it if nothing was written to it: a failed start leaves no trace. */
void output_remove_empty(const char *path);

/* Says what became of the file when writing it failed. */
void output_explain(const char *path, int err, char *why, size_t why_size);

uint64_t output_size(const char *path);

#endif
