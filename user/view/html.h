/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Inside the page view: the packed intervals. One stream of bytes, in base64, read by
 * html/data.js. Numbers are unsigned LEB128, times in ns, "one more" is 0 for none.
 *
 *   per thread, per interval:  state | cause << 3 | waker_irq << 6 | open << 7   (a byte)
 *                              duration, until the next one begins
 *                              cpu, one more
 *                              waker, instead: index of the thread, one more
 *                              if the cause is FUTEX, KERNEL_LOCK or JOIN: index of the address,
 *                              and the owner's thread, one more
 *   per CPU, per interval:     duration, index of the thread, one more; 0 is idle
 *                              (a task that is no thread of the model: the number of threads,
 *                              one more; time of which nothing is known: two more)
 */
#ifndef ONCPU_VIEW_HTML_H
#define ONCPU_VIEW_HTML_H

#include <stddef.h>

#include "view/view.h"

struct html_addresses { /* every address that was waited for, once */
	uint64_t *sorted;
	size_t n;
};

/* How many intervals the page is given for a CPU: its own, and the gaps around them. */
size_t html_cpu_pieces(const struct model *m, const struct cpu *c);
int html_addresses(struct html_addresses *a, const struct model *m);
void html_pack(FILE *f, const struct model *m, const struct html_addresses *a);

#endif
