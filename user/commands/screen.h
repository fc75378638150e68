/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The terminal as a screen: raw keys, the alternate screen, and both undone at the end, also where a
 * signal ends us. Ctrl-C and Ctrl-Z are keys here, so no signal of the terminal's own comes.
 */
#ifndef ONCPU_COMMANDS_SCREEN_H
#define ONCPU_COMMANDS_SCREEN_H

#include <stdbool.h>

/* The terminal's descriptors. 0 or -errno. */
int screen_take(int in, int out);
void screen_restore(void); /* where it was not taken, nothing */

/* Of view/browse.h; 0 where there is something else to do; 'q' where the terminal is gone. */
int screen_key(void);
bool screen_has_key(void);
int screen_wait_key(void); /* once all that is shown is written */

/* Its size was changed since the last call; true at the first one. False: not known. */
bool screen_resized(void);
bool screen_size(unsigned int *width, unsigned int *height);

/* The terminal has not taken the last frame yet: another would not be shown. */
bool screen_busy(void);
/* A frame over the old one; NULL: the terminal is too small for one. */
void screen_show(char *frame);

#endif
