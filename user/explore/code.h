/* SPDX-License-Identifier: GPL-2.0 */
/* From addresses to the program's lines and names. */
#ifndef ONCPU_EXPLORE_CODE_H
#define ONCPU_EXPLORE_CODE_H

#include <stddef.h>
#include <stdint.h>

struct code;

struct code_line {
	uint64_t pc;
	char file[120]; /* "?" where it is not known */
	char function[80];
	int line;
};

int code_open(struct code **s, const char *program, uint64_t base);
void code_close(struct code *s);
/* The line that a call at pc returns to. All that will be asked are best announced together. */
void code_want(struct code *s, uint64_t pc);
const struct code_line *code_line(const struct code *s, uint64_t pc);
/* "main.c:12" */
const char *code_at(const struct code *s, uint64_t pc, char *buf, size_t size);
/* The line itself, without its indentation; "" where the file is not there. */
const char *code_text(const struct code *s, const struct code_line *l);
/* "counter", "queue+8", "heap of T1+32", "T2's stack" */
const char *code_name(const struct code *s, uint64_t addr, char *buf, size_t size);

#endif
