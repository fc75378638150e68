/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TRANSFER_H
#define TRANSFER_H

#include <pthread.h>

struct account {
	int id; /* accounts are numbered from 0, no two alike */
	long balance;
	pthread_mutex_t lock; /* initialised; nobody uses it but you */
};

enum { MAX_ACCOUNTS = 16 };

/*
 * Given. Moves the money, if `from` has so much, and writes it into the books, which takes its time.
 * Returns 1 if it was moved, 0 if there was not enough. Two calls that have an account in common
 * must never be under way at the same time; two that have none may, and should.
 */
int move_money(struct account *from, struct account *to, long amount);

/*
 * Yours. Calls move_money() once, when nobody else is at either account, and returns what that
 * returned. Any number of threads call it at once. `from` and `to` are never the same.
 */
int transfer(struct account *from, struct account *to, long amount);

#endif
