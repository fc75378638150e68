// SPDX-License-Identifier: GPL-2.0
#include <bpf/btf.h>
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <unistd.h>

#include "sched/ext.h"

#define EXT_FOLDER "/sys/kernel/sched_ext"
#define EXT_POLICY 7 /* SCHED_EXT, which not every C library has a name for */

/* What the policies call: kernels before 6.13 had other names for it. */
static int check_calls(const struct btf *btf, char *why, size_t why_size)
{
	static const char *const calls[] = { "scx_bpf_dsq_insert_vtime",
					     "scx_bpf_dsq_move_to_local", "scx_bpf_now" };
	size_t i;

	for (i = 0; i < sizeof(calls) / sizeof(*calls); i++) {
		if (btf__find_by_name_kind(btf, calls[i], BTF_KIND_FUNC) > 0)
			continue;
		snprintf(why, why_size, "this kernel's sched_ext has no %s(): take a newer one",
			 calls[i]);
		return -EOPNOTSUPP;
	}
	return 0;
}

int ext_check(char *why, size_t why_size)
{
	struct btf *btf;
	int err;

	if (access(EXT_FOLDER, F_OK)) {
		snprintf(why, why_size,
			 "this kernel has no sched_ext (no " EXT_FOLDER
			 "): it takes one of 6.13 or later with CONFIG_SCHED_CLASS_EXT");
		return -EOPNOTSUPP;
	}
	btf = btf__load_vmlinux_btf();
	if (!btf) {
		snprintf(why, why_size, "this kernel does not tell its types (no BTF)");
		return -EOPNOTSUPP;
	}
	err = check_calls(btf, why, why_size);
	btf__free(btf);
	return err;
}

int ext_take(pid_t pid)
{
	const struct sched_param none = { 0 };

	return sched_setscheduler(pid, EXT_POLICY, &none) ? -errno : 0;
}
