// SPDX-License-Identifier: GPL-2.0
/*
 * A bank of six accounts, and clerks who move money between them by the learner's transfer().
 *
 *	transfer bank        clerks who want the same accounts, at times that are set
 *	transfer disjoint    two clerks who have no account in common
 *	transfer third       one is at work, one waits for it, and a third wants other accounts
 *	transfer pair, pairs, ring, shared    the same in small, for the explorer: no time passes
 */
#include <assert.h>
#include <oncpu/mark.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "transfer.h"

#define ACCOUNTS 6
#define OPENING	 1000

/* A clerk moves money between two accounts. The books take so long. */
struct clerk {
	int after_ms, from, to, amount, times, sleep_ms;
	int moved;
	pthread_t thread;
};

static struct account accounts[ACCOUNTS];
static int sleep_of[ACCOUNTS][ACCOUNTS];
static pthread_barrier_t start_line;
static int small;		  /* for the explorer */
static int nr_transfers, nr_said; /* so often transfer() was called, and said that it moved */

/* Relaxed, all of these: they must not order anything that the learner's code does not. */
static atomic_int nr_calls, nr_moved, at_once, visitors[ACCOUNTS];

static int add(atomic_int *n, int by)
{
	return atomic_fetch_add_explicit(n, by, memory_order_relaxed);
}

static void sleep_ms(int ms)
{
	struct timespec t = { .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L };

	if (ms)
		nanosleep(&t, NULL);
}

/* The scenario third: 0 to 1 stays until 3 to 4 has been at work, or for three seconds. */
static struct {
	int on;
	atomic_int first_is_there, third_was_there, third_came;
	atomic_int waiting; /* the second's thread */
} three;

static void stay_for_third(int from)
{
	if (from == 0) {
		atomic_store(&three.first_is_there, 1);
		for (int i = 0; i < 3000 && !atomic_load(&three.third_was_there); i++)
			sleep_ms(1);
		atomic_store(&three.third_came, atomic_load(&three.third_was_there));
	}
	if (from == 3)
		atomic_store(&three.third_was_there, 1);
}

static int is_asleep(int tid)
{
	char path[64], text[256] = "", *end;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/self/task/%d/stat", tid);
	f = fopen(path, "r");
	if (!f)
		return 0;
	text[fread(text, 1, sizeof(text) - 1, f)] = '\0';
	fclose(f);
	end = strrchr(text, ')');
	return end && end[1] == ' ' && end[2] == 'S';
}

/* Each comes when the one before it is where it is to be; whoever never sleeps is not waited for long. */
static void come_in_turn(int from)
{
	if (from == 1) {
		while (!atomic_load(&three.first_is_there))
			sleep_ms(1);
		atomic_store(&three.waiting, gettid());
	}
	if (from == 3) {
		for (int i = 0; i < 1000 && !is_asleep(atomic_load(&three.waiting)); i++)
			sleep_ms(1);
		sleep_ms(20);
	}
}

int move_money(struct account *from, struct account *to, long amount)
{
	long from_had, to_had;
	int moved, two;

	oncpu_begin("move");
	add(&nr_calls, 1);
	add(&at_once, two = add(&visitors[from->id], 1) || add(&visitors[to->id], 1));
	assert(!(small && two) && "two clerks were at one account at the same time");
	from_had = from->balance;
	to_had = to->balance;
	sleep_ms(sleep_of[from->id][to->id]);
	if (three.on)
		stay_for_third(from->id);
	moved = from_had >= amount;
	if (moved) {
		from->balance = from_had - amount;
		to->balance = to_had + amount;
	}
	add(&nr_moved, moved);
	add(&visitors[from->id], -1);
	add(&visitors[to->id], -1);
	oncpu_end("move");
	return moved;
}

static void *serve(void *arg)
{
	struct clerk *c = arg;
	char name[16];

	snprintf(name, sizeof(name), "clerk-%d-to-%d", c->from, c->to);
	pthread_setname_np(pthread_self(), name);
	if (!small)
		pthread_barrier_wait(&start_line);
	sleep_ms(c->after_ms);
	if (three.on)
		come_in_turn(c->from);
	for (int i = 0; i < c->times; i++) {
		oncpu_begin("transfer");
		c->moved += transfer(&accounts[c->from], &accounts[c->to], c->amount);
		oncpu_end("transfer");
	}
	return NULL;
}

static void serve_all(struct clerk *clerks, int n)
{
	for (int i = 0; i < n; i++)
		sleep_of[clerks[i].from][clerks[i].to] = clerks[i].sleep_ms;
	pthread_barrier_init(&start_line, NULL, (unsigned int)n);
	for (int i = 0; i < n; i++)
		if (pthread_create(&clerks[i].thread, NULL, serve, &clerks[i])) {
			perror("transfer: thread");
			exit(1);
		}
	for (int i = 0; i < n; i++) {
		pthread_join(clerks[i].thread, NULL);
		nr_transfers += clerks[i].times;
		nr_said += clerks[i].moved;
	}
}

#define SERVE(...)                                                   \
	do {                                                         \
		struct clerk clerks[] = { __VA_ARGS__ };             \
		serve_all(clerks, sizeof(clerks) / sizeof(*clerks)); \
	} while (0)

/* One after the other, by main itself. */
static void every_pair(void)
{
	for (int from = 0; from < ACCOUNTS; from++)
		for (int to = 0; to < ACCOUNTS; to++) {
			if (from == to)
				continue;
			oncpu_begin("transfer");
			nr_said += transfer(&accounts[from], &accounts[to], 10);
			oncpu_end("transfer");
			nr_transfers++;
		}
}

/* Two who give to one account, two who take from one. */
static void one_account(void)
{
	SERVE({ .from = 0, .to = 2, .amount = 5, .times = 1, .sleep_ms = 20 },
	      { .after_ms = 5, .from = 1, .to = 2, .amount = 5, .times = 1, .sleep_ms = 15 });
	SERVE({ .from = 2, .to = 0, .amount = 5, .times = 1, .sleep_ms = 20 },
	      { .after_ms = 5, .from = 2, .to = 1, .amount = 5, .times = 1, .sleep_ms = 15 });
}

/* The first has b for a while. The other two want a and b, in opposite directions. */
static void opposite(int a, int b, int c)
{
	SERVE({ .from = b, .to = c, .amount = 3, .times = 1, .sleep_ms = 40 },
	      { .after_ms = 10, .from = b, .to = a, .amount = 3, .times = 1, .sleep_ms = 1 },
	      { .after_ms = 20, .from = a, .to = b, .amount = 3, .times = 1, .sleep_ms = 1 });
	SERVE({ .from = c, .to = b, .amount = 3, .times = 1, .sleep_ms = 40 },
	      { .after_ms = 10, .from = a, .to = b, .amount = 3, .times = 1, .sleep_ms = 1 },
	      { .after_ms = 20, .from = b, .to = a, .amount = 3, .times = 1, .sleep_ms = 1 });
}

static void bank(void)
{
	every_pair();
	one_account();
	opposite(0, 1, 2);
	opposite(3, 4, 5);
	one_account();
	SERVE({ .from = 3, .to = 4, .amount = 100000, .times = 1, .sleep_ms = 1 },
	      { .after_ms = 10, .from = 4, .to = 3, .amount = 1, .times = 1, .sleep_ms = 1 });
}

static void disjoint(void)
{
	SERVE({ .from = 0, .to = 1, .amount = 1, .times = 10, .sleep_ms = 8 },
	      { .from = 2, .to = 3, .amount = 1, .times = 10, .sleep_ms = 8 });
}

static void third(void)
{
	three.on = 1;
	SERVE({ .from = 0, .to = 1, .amount = 1, .times = 1 },
	      { .from = 1, .to = 2, .amount = 1, .times = 1 },
	      { .from = 3, .to = 4, .amount = 1, .times = 1 });
	printf("third_came %d\n", atomic_load(&three.third_came));
}

static void pair(void)
{
	SERVE({ .from = 1, .to = 3, .amount = 7, .times = 2 },
	      { .from = 3, .to = 1, .amount = 5, .times = 2 });
}

/* Two clerks, in opposite directions, at every two accounts that there are. */
static void *serve_pairs(void *arg)
{
	int turned = arg != NULL;

	for (int a = 0; a < ACCOUNTS; a++)
		for (int b = 0; b < a; b++) {
			pthread_barrier_wait(&start_line);
			transfer(&accounts[turned ? a : b], &accounts[turned ? b : a], 1);
		}
	return NULL;
}

static void pairs(void)
{
	pthread_t turned;

	pthread_barrier_init(&start_line, NULL, 2);
	if (pthread_create(&turned, NULL, serve_pairs, &start_line)) {
		perror("transfer: thread");
		exit(1);
	}
	serve_pairs(NULL);
	pthread_join(turned, NULL);
	nr_transfers = nr_said = ACCOUNTS * (ACCOUNTS - 1);
}

static void ring(void)
{
	SERVE({ .from = 0, .to = 2, .amount = 1, .times = 1 },
	      { .from = 2, .to = 4, .amount = 1, .times = 1 },
	      { .from = 4, .to = 0, .amount = 1, .times = 1 });
}

static void shared(void)
{
	SERVE({ .from = 0, .to = 2, .amount = 600, .times = 2 },
	      { .from = 1, .to = 2, .amount = 900, .times = 1 },
	      { .from = 2, .to = 3, .amount = 1500, .times = 1 });
}

static long total(void)
{
	long sum = 0;

	for (int i = 0; i < ACCOUNTS; i++)
		sum += accounts[i].balance;
	return sum;
}

/* What holds in any order of steps. The lines of a run say the same in numbers. */
static int verdict(void)
{
	assert(total() == ACCOUNTS * OPENING && "money was lost, or made");
	assert(nr_calls == nr_transfers && "each transfer calls move_money() once");
	assert(nr_said == nr_moved && "transfer() says what move_money() said");
	return 0;
}

static const struct scenario {
	const char *name;
	void (*run)(void);
	int small;
} scenarios[] = {
	{ "bank", bank, 0 },	 { "disjoint", disjoint, 0 }, { "third", third, 0 },
	{ "pair", pair, 1 },	 { "pairs", pairs, 1 },	      { "ring", ring, 1 },
	{ "shared", shared, 1 },
};

int main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "bank";

	for (int i = 0; i < ACCOUNTS; i++) {
		accounts[i].id = i;
		accounts[i].balance = OPENING;
		pthread_mutex_init(&accounts[i].lock, NULL);
	}
	for (size_t i = 0; i < sizeof(scenarios) / sizeof(*scenarios); i++) {
		if (strcmp(scenarios[i].name, name))
			continue;
		small = scenarios[i].small;
		scenarios[i].run();
		if (small)
			return verdict();
		printf("total %ld\nat_once %d\ntransfers %d\ncalls %d\nmoved %d\nsaid %d\n",
		       total(), at_once, nr_transfers, nr_calls, nr_moved, nr_said);
		return 0;
	}
	fprintf(stderr, "usage: transfer bank|disjoint|third|pair|pairs|ring|shared\n");
	return 2;
}
