/* SPDX-License-Identifier: GPL-2.0 */
/* From addresses to the program's lines and names. */
#ifndef ONCPU_EXPLORE_SOURCE_H
#define ONCPU_EXPLORE_SOURCE_H

#include <stddef.h>
#include <stdint.h>

struct source;

struct source_line {
	uint64_t pc;
	char file[120]; /* "?" where it is not known */
	char function[80];
	int line;
};

int source_open(struct source **s, const char *program, uint64_t base);
void source_close(struct source *s);
/* The line that a call at pc returns to. All that will be asked are best announced together. */
void source_want(struct source *s, uint64_t pc);
const struct source_line *source_line(const struct source *s, uint64_t pc);
/* "main.c:12" */
const char *source_at(const struct source *s, uint64_t pc, char *buf, size_t size);
/* The line itself, without its indentation; "" where the file is not there. */
const char *source_text(const struct source *s, const struct source_line *l);
/* "counter", "queue+8", "heap of T1+32", "T2's stack" */
const char *source_name(const struct source *s, uint64_t addr, char *buf, size_t size);

#endif
