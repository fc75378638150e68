/* SPDX-License-Identifier: GPL-2.0 */
/* What a terminal can show, as its user has it set. */
#ifndef ONCPU_COMMANDS_TERMINAL_H
#define ONCPU_COMMANDS_TERMINAL_H

#include <stdbool.h>

bool terminal_utf8(void);
unsigned int terminal_columns(int fd, unsigned int otherwise); /* otherwise: it tells none */
unsigned int terminal_width(void); /* of standard output's; within what a view can draw */
bool terminal_colour(int fd);	   /* it is one, and colours are wanted */

#endif
