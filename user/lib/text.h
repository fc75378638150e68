/* SPDX-License-Identifier: GPL-2.0 */
/* Text that came from a recorded program is made harmless once, before anybody shows it. */
#ifndef ONCPU_LIB_TEXT_H
#define ONCPU_LIB_TEXT_H

/* In place: control characters become '?', and if it is not UTF-8 every non-ASCII byte does. */
void text_clean(char *s);

#endif
