// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>

#include "record/kernel_types.h"

const struct btf *kernel_types(void)
{
	static struct btf *types;

	if (!types)
		types = btf__load_vmlinux_btf();
	return types;
}

int kernel_type(const char *name, unsigned int kind)
{
	const struct btf *types = kernel_types();

	return types ? btf__find_by_name_kind(types, name, kind) : -errno;
}

/* A tp_btf program gets its arguments' types from the probe's, which the kernel calls so. */
bool kernel_has_tracepoint(const char *name)
{
	char probe[128];

	snprintf(probe, sizeof(probe), "btf_trace_%s", name);
	return kernel_type(probe, BTF_KIND_TYPEDEF) > 0;
}
