// SPDX-License-Identifier: GPL-2.0
#include "filter.bpf.h"

const volatile struct oncpu_filter filter = {};
const volatile __u64 types = ~0ULL;
const volatile bool on_all_cpus = true;
const volatile __u64 on_cpus[FILTER_CPUS / 64] = {};

__u64 wanted_tids[ONCPU_MAX_TID / 64]; /* user space writes it, too */
