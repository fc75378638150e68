/* SPDX-License-Identifier: GPL-2.0 */
/* Whole files, small ones. All return 0 or -errno. */
#ifndef ONCPU_COURSE_FILE_H
#define ONCPU_COURSE_FILE_H

#include <stddef.h>

/* Into fresh memory, with a NUL behind the last byte; size may be NULL. */
int file_read(const char *path, char **text, size_t *size);
/* A new file: -EEXIST where there is one, which is then left as it is. */
int file_create(const char *path, const char *text, size_t size);
/* The old one or the new one, never half of it. */
int file_replace(const char *path, const char *text, size_t size);
/* The folders above the file. */
int file_make_folders(const char *path);

#endif
