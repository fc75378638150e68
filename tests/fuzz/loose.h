/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A trace file taken apart, for mutators that would die at zstd's checksum: no check, no frame, and
 * rows instead of columns, so that a changed byte is a changed member of one record.
 *
 *   flags (1 byte, of the file's header), then per chunk:
 *   kind (1 byte), length (2 bytes), and as many bytes: META and END as they are, of RECORDS the
 *   source (1), the CPU (2) and then records of 28 bytes: difference of time (4), struct
 *   oncpu_record from tid to flags (6), two bytes of nothing, payload (16)
 */
#ifndef ONCPU_TESTS_FUZZ_LOOSE_H
#define ONCPU_TESTS_FUZZ_LOOSE_H

#include <stddef.h>
#include <stdint.h>

/* Writes the file that is meant. What is cut short is left out. */
void loose_write(int fd, const uint8_t *data, size_t size);

#endif
