// SPDX-License-Identifier: GPL-2.0
/*
 * Two ways: kprobe.multi on the calls' functions, or the calls' tracepoints. The first where the
 * kernel follows returns on each task's own stack (struct fprobe_hlist came with that) and not in
 * a small pool, which tasks asleep in a futex wait would use up.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "record/futex_links.h"
#include "record/kernel_types.h"
#include "record/skeleton.h"

#if defined(__x86_64__)
#define FUNCTION_PREFIX "__x64_sys_"
#elif defined(__aarch64__)
#define FUNCTION_PREFIX "__arm64_sys_"
#elif defined(__riscv)
#define FUNCTION_PREFIX "__riscv_sys_"
#else
#define FUNCTION_PREFIX "sys_"
#endif

#define NR_CALLS  (sizeof(((struct oncpu_bpf *)0)->rodata->futex_calls) / sizeof(call_name))
#define MAX_LINKS 16

typedef char call_name[16];

struct futex_links {
	struct bpf_link *links[MAX_LINKS];
	int nr;
};

static bool returns_are_unlimited(void)
{
	return kernel_type("fprobe_hlist", BTF_KIND_STRUCT) > 0;
}

static void make_tracepoint(struct bpf_program *prog)
{
	bpf_program__set_type(prog, BPF_PROG_TYPE_TRACEPOINT);
	bpf_program__set_expected_attach_type(prog, 0);
}

void futex_links_prepare(struct oncpu_bpf *skel)
{
	skel->rodata->as_tracepoints = !returns_are_unlimited();
	if (!skel->rodata->as_tracepoints)
		return;
	make_tracepoint(skel->progs.on_futex_wait__futex_wake);
	make_tracepoint(skel->progs.on_futex_wait_end__futex_wake_end);
}

static int keep(struct futex_links *l, struct bpf_link *link)
{
	if (!link)
		return -errno;
	l->links[l->nr++] = link;
	return 0;
}

/* Not every kernel has every call. */
static bool call_exists(const char *call)
{
	char path[128];

	snprintf(path, sizeof(path), "/sys/kernel/tracing/events/syscalls/sys_enter_%s/id", call);
	return !access(path, R_OK);
}

static int attach_tracepoints(struct futex_links *l, struct oncpu_bpf *skel,
			      struct bpf_program *prog, const char *end)
{
	LIBBPF_OPTS(bpf_tracepoint_opts, opts);
	char name[64];
	int err = 0;

	for (opts.bpf_cookie = 0; opts.bpf_cookie < NR_CALLS && !err; opts.bpf_cookie++) {
		const char *call = skel->rodata->futex_calls[opts.bpf_cookie];

		if (!call_exists(call))
			continue;
		snprintf(name, sizeof(name), "sys_%s_%s", end, call);
		err = keep(l, bpf_program__attach_tracepoint_opts(prog, "syscalls", name, &opts));
	}
	return err;
}

static int attach_functions(struct futex_links *l, struct oncpu_bpf *skel, struct bpf_program *prog,
			    bool at_return)
{
	char names[NR_CALLS][64];
	const char *functions[NR_CALLS];
	__u64 cookies[NR_CALLS];
	LIBBPF_OPTS(bpf_kprobe_multi_opts, opts, .syms = functions, .cookies = cookies,
		    .retprobe = at_return);
	size_t i;

	for (i = 0; i < NR_CALLS; i++) {
		const char *call = skel->rodata->futex_calls[i];

		if (!call_exists(call))
			continue;
		snprintf(names[i], sizeof(names[i]), FUNCTION_PREFIX "%s", call);
		functions[opts.cnt] = names[i];
		cookies[opts.cnt++] = i;
	}
	return keep(l, bpf_program__attach_kprobe_multi_opts(prog, NULL, &opts));
}

/* Ends first: an end without a beginning says less, and nothing wrong. */
int futex_links_attach(struct futex_links **links, struct oncpu_bpf *skel)
{
	struct futex_links *l = calloc(1, sizeof(*l));
	int err;

	*links = l;
	if (!l)
		return -ENOMEM;
	if (skel->rodata->as_tracepoints) {
		err = attach_tracepoints(l, skel, skel->progs.on_futex_wait_end__futex_wake_end,
					 "exit");
		return err ? err
			   : attach_tracepoints(l, skel, skel->progs.on_futex_wait__futex_wake,
						"enter");
	}
	err = attach_functions(l, skel, skel->progs.on_futex_wait_end__futex_wake_end, true);
	return err ? err : attach_functions(l, skel, skel->progs.on_futex_wait__futex_wake, false);
}

static uint64_t missed_at(struct bpf_link *link)
{
	struct bpf_link_info info = {};
	__u32 size = sizeof(info);

	if (bpf_link_get_info_by_fd(bpf_link__fd(link), &info, &size) ||
	    info.type != BPF_LINK_TYPE_KPROBE_MULTI)
		return 0;
	return info.kprobe_multi.missed;
}

uint64_t futex_links_detach(struct futex_links *l)
{
	uint64_t missed = 0;

	while (l && l->nr > 0) {
		missed += missed_at(l->links[--l->nr]);
		bpf_link__destroy(l->links[l->nr]);
	}
	free(l);
	return missed;
}
