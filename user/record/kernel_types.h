/* SPDX-License-Identifier: GPL-2.0 */
/* The running kernel's types (BTF). */
#ifndef ONCPU_RECORD_KERNEL_TYPES_H
#define ONCPU_RECORD_KERNEL_TYPES_H

#include <bpf/btf.h>
#include <stdbool.h>

/* Read once, as that takes a tenth of a second in an emulated machine. NULL: has none; errno says why. */
const struct btf *kernel_types(void);

/* Of a kind (BTF_KIND_STRUCT...); its id, or none: < 0. */
int kernel_type(const char *name, unsigned int kind);

/* Can a program be attached to this tracepoint as tp_btf? */
bool kernel_has_tracepoint(const char *name);

#endif
