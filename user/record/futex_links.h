/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The futex programs, attached to the futex calls where the running kernel lets none be missed
 * (bpf/futex.bpf.c tells why).
 */
#ifndef ONCPU_RECORD_FUTEX_LINKS_H
#define ONCPU_RECORD_FUTEX_LINKS_H

#include <stdint.h>

struct futex_links;
struct oncpu_bpf;

/* Before the load: makes the programs of the kind that can be attached here. */
void futex_links_prepare(struct oncpu_bpf *skel);

/* 0 or -errno. *links is to be detached in both cases. */
int futex_links_attach(struct futex_links **links, struct oncpu_bpf *skel);

/* NULL is fine. Returns how many events the kernel missed at the functions themselves. */
uint64_t futex_links_detach(struct futex_links *links);

#endif
