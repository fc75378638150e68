/* SPDX-License-Identifier: GPL-2.0 */
/* The kernel's functions by address, from /proc/kallsyms. */
#ifndef ONCPU_RECORD_KERNEL_H
#define ONCPU_RECORD_KERNEL_H

#include <stdint.h>

struct kernel;

struct kernel *kernel_read(void); /* NULL: it does not tell, or no memory */
void kernel_free(struct kernel *k);
/* NULL: not known. Where it does, *offset is how far into the function. */
const char *kernel_function(const struct kernel *k, uint64_t address, uint64_t *offset);

#endif
