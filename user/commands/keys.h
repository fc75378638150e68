/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Single keys from this terminal, which stays as it is but for that: no screen of its own, and lines
 * of others may come between. Ctrl-C, a hang-up and the like end the wait for a key, and the caller.
 */
#ifndef ONCPU_COMMANDS_KEYS_H
#define ONCPU_COMMANDS_KEYS_H

#include <stdbool.h>

#define KEY_NONE (-1) /* nothing within the time, or something else woke us */
#define KEY_END	 (-2) /* no more will come */

/* Signals are taken in any case, the terminal where standard input is one. */
void keys_take(void);
/* As it was. A signal that came is keys_signal() still. */
void keys_give_back(void);

/* The next key within so many ms; -1: however long it takes. */
int keys_read(int ms);

/* The signal that asks us to end, 0: none. */
int keys_signal(void);

#endif
