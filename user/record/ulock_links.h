/* SPDX-License-Identifier: GPL-2.0 */
/* Attaches the probe of locks that nobody waits for to the functions of the C library. */
#ifndef ONCPU_RECORD_ULOCK_LINKS_H
#define ONCPU_RECORD_ULOCK_LINKS_H

struct oncpu_bpf;
struct ulock_links;

/* program: as the command names it; it may hold the C library itself (static). 0, or -ENOENT: neither
 * there nor in the shared library are such functions. */
int ulock_links_attach(struct ulock_links **links, struct oncpu_bpf *skel, const char *program);
void ulock_links_detach(struct ulock_links *l); /* NULL-safe */

#endif
