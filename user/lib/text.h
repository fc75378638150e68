/* SPDX-License-Identifier: GPL-2.0 */
/* Small things about text that every view needs. */
#ifndef ONCPU_LIB_TEXT_H
#define ONCPU_LIB_TEXT_H

#include <stddef.h>
#include <stdint.h>

/*
 * Text that came from a recorded program is made harmless once, before anybody shows it. In place:
 * control characters become '?', and if it is not UTF-8 every byte beyond ASCII does.
 */
void text_clean(char *s);

/* A length of time in the unit that fits: "412 ns", "4.1 us", "85.0 ms", "1.21 s". Returns
 * snprintf's count; TEXT_DURATION bytes always suffice. */
#define TEXT_DURATION 32
int text_duration(uint64_t ns, char *buf, size_t size);

#endif
