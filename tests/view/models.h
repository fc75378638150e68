/* SPDX-License-Identifier: GPL-2.0 */
/* Models made by hand, to look at without a recording. Freed with model_free(). */
#ifndef ONCPU_TESTS_VIEW_MODELS_H
#define ONCPU_TESTS_VIEW_MODELS_H

#include "model/model.h"

/* Two threads take turns on CPU 0, then run at once; a third waits for them. 400 ms. */
struct model *model_two(void);
/* Names that would like to be markup or escape sequences, and lost records. */
struct model *model_hostile(void);
/* n threads, each running a millisecond after the other. */
struct model *model_many(unsigned int n);
/* No thread and, where span_ns is 0, no time. */
struct model *model_empty(uint64_t span_ns);
/* A nap of an hour between two short runs, and an interrupt that ends it. */
struct model *model_nap(void);
/* A command of 60 ms in the middle of a recording of 100 ms. */
struct model *model_framed(void);
/* Every state, cause and end of a wait beside every other; 99 is no thread of it. */
/* Three threads that queue for the mutex queue.lock, which a fourth one holds. */
struct model *model_queue(void);
struct model *model_words(void);

#endif
