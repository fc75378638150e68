/* SPDX-License-Identifier: GPL-2.0 */
/* All that reads a trace file, one after the other, on whatever file it is. */
#ifndef ONCPU_TESTS_FUZZ_CHAIN_H
#define ONCPU_TESTS_FUZZ_CHAIN_H

/* Reads the file, makes models of each source, and all texts and pages of these. 0 or -errno. */
int chain_run(const char *path);

#endif
