// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "record/kernel_types.h"
#include "sched/ext.h"

#define EXT_FOLDER "/sys/kernel/sched_ext"
#define EXT_POLICY 7 /* SCHED_EXT, which not every C library has a name for */

/* What the policies call: older kernels had other names for it, or nothing. */
static int check_calls(const struct btf *btf, char *why, size_t why_size)
{
	static const char *const calls[] = { "scx_bpf_dsq_insert", "scx_bpf_dsq_insert_vtime",
					     "scx_bpf_dsq_move_to_local", "scx_bpf_dsq_move",
					     "scx_bpf_now" };
	size_t i;

	for (i = 0; i < sizeof(calls) / sizeof(*calls); i++) {
		if (btf__find_by_name_kind(btf, calls[i], BTF_KIND_FUNC) > 0)
			continue;
		snprintf(why, why_size,
			 "this kernel's sched_ext is too old, it has no %s(): take a newer kernel",
			 calls[i]);
		return -EOPNOTSUPP;
	}
	return 0;
}

int ext_check(char *why, size_t why_size)
{
	const struct btf *btf;

	if (access(EXT_FOLDER, F_OK)) {
		snprintf(why, why_size,
			 "this kernel has no sched_ext (no " EXT_FOLDER
			 "): it takes a newer one, with CONFIG_SCHED_CLASS_EXT");
		return -EOPNOTSUPP;
	}
	btf = kernel_types();
	if (!btf) {
		snprintf(why, why_size, "this kernel does not tell its types (no BTF)");
		return -EOPNOTSUPP;
	}
	return check_calls(btf, why, why_size);
}

void ext_explain(int err, char *why, size_t why_size)
{
	if (err == -EPERM || err == -EACCES)
		snprintf(why, why_size, "only root can give the kernel a scheduler: run it so");
	else if (err == -EBUSY)
		snprintf(why, why_size,
			 "the kernel has another sched_ext scheduler already: end that one");
	else
		snprintf(why, why_size, "the kernel does not take the scheduler: %s",
			 strerror(-err));
}

static int say_nothing(enum libbpf_print_level level, const char *format, va_list args)
{
	(void)level;
	return getenv("ONCPU_DEBUG") ? vfprintf(stderr, format, args) : 0;
}

void ext_be_quiet(void)
{
	libbpf_set_print(say_nothing);
}

int ext_begin(struct bpf_object_skeleton *skeleton, char *why, size_t why_size)
{
	int err;

	ext_be_quiet();
	err = bpf_object__load_skeleton(skeleton);
	if (!err)
		err = bpf_object__attach_skeleton(skeleton);
	if (err)
		ext_explain(err, why, why_size);
	return err;
}

int ext_take(pid_t pid)
{
	const struct sched_param none = { 0 };

	return sched_setscheduler(pid, EXT_POLICY, &none) ? -errno : 0;
}

bool ext_was_thrown_out(uint32_t kind, const char *reason, const char *message, char *why,
			size_t why_size)
{
	if (!kind)
		return false;
	snprintf(why, why_size, "the kernel threw the scheduler out: %s%s%s%s", reason,
		 *message ? " (" : "", message, *message ? ")" : "");
	return true;
}
