/* SPDX-License-Identifier: GPL-2.0 */
#ifndef ONCPU_LIB_FOLDER_H
#define ONCPU_LIB_FOLDER_H

/* Makes it, or removes its files: files only, and only its own. 0 or -errno. */
int folder_empty(const char *path);

#endif
