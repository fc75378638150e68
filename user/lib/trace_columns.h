/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How records lie in a RECORDS chunk, for the trace file's writer and reader only.
 *
 * Column by column, and each column byte by byte (all lowest bytes first), because the bytes of
 * one place in the record resemble each other far more than their neighbours do:
 *
 *   time     8 bytes   difference to the record before, modulo 2^64; the first is absolute.
 *                      A time above 2^63 - 1 is damage
 *   subject  4 bytes   tid XOR the tid that the last SWITCH before it brought: mostly 0
 *   type     1 byte
 *   flags    1 byte
 *   payload 16 bytes
 *
 * So of n records come the n lowest bytes of time, then the n next ones, ... the n highest; then
 * those of subject; then n types. The tid is 0 for the XOR until the chunk's first SWITCH. Chunks
 * stand alone: nothing carries over from one to the next. <oncpu/record.h> says what the 16 bytes
 * of payload are, by type; its lap is not stored.
 *
 * Measured on a made-up stream of 8 threads with random delays (worse than life), zstd level 3:
 * rows 5.7 bytes a record, columns of words 5.2, these 4.7: 7.4 a switch with what belongs to it.
 */
#ifndef ONCPU_LIB_TRACE_COLUMNS_H
#define ONCPU_LIB_TRACE_COLUMNS_H

#include "lib/trace.h"

#define TRACE_PACKED_SIZE 30u /* bytes of a record in a chunk; lap is not stored */

uint32_t trace_chunk_check(const struct chunk_header *h);

/* n records to or from n * TRACE_PACKED_SIZE bytes. Total: any bytes make records. */
void trace_pack(unsigned char *to, const struct oncpu_record *from, size_t n);
void trace_unpack(struct oncpu_record *to, const unsigned char *from, size_t n);

#endif
