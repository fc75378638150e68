/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The BPF programs, as bpftool wrote them down.
 */
#ifndef ONCPU_RECORD_SKELETON_H
#define ONCPU_RECORD_SKELETON_H

#include <oncpu/filter.h>

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wshadow"
#include "oncpu.skel.h"
#pragma GCC diagnostic pop

#endif
