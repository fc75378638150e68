// SPDX-License-Identifier: GPL-2.0
#include "nested.bpf.h"

under_way_map under_way SEC(".maps");
__u64 stood_in = 0;
