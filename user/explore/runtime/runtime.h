/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The runtime that is linked into an explored program in place of libtsan. Exactly one thread of
 * the program runs at a time; it holds the turn. Every operation that another thread could notice
 * goes through point(), where the strategy may give the turn to another thread.
 *
 * The runtime's state has no locks: only who holds the turn touches it. Threads that do not hold
 * it (a signal handler in a waiting thread, a thread of some library) pass through untouched:
 * self() is NULL for them.
 *
 * It is linked with compilers and C libraries of other distributions: only old symbols of libc, the
 * real functions by dlsym, no stdio, no locale.
 */
#ifndef ONCPU_EXPLORE_RUNTIME_H
#define ONCPU_EXPLORE_RUNTIME_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "../shared.h"

#define MAX_HELD  16
#define MAX_CALLS 48
#define NOBODY	  (-1)

/* Taken by the program instead of the C library's. Weak: a program may have a send() of its own. */
#define INSTEAD __attribute__((visibility("default"), weak, used))
#define HERE()	((uint64_t)(uintptr_t)__builtin_return_address(0))

struct thread;
struct object;

enum thread_state { THREAD_NONE, THREAD_LIVE, THREAD_DONE };

/* What a thread is about to do. ready() tells whether it could now; NULL: always. */
struct op {
	uint16_t kind, size;
	uint16_t site;
	uint64_t addr, pc;
	bool (*ready)(struct thread *t);
	struct object *object;
	struct object *mutex; /* of a condition variable's wait */
	uint64_t deadline_ns; /* virtual; 0: none */
	int arg;
	bool decide; /* worth a decision */
};

struct held {
	struct object *object;
	uint64_t pc;
	bool decided; /* a decision was taken since it was acquired */
};

/* Whether a thread only looks again and again at what nobody changed. */
struct spin {
	uint64_t addr, pc, version;
	uint32_t reads, renew_at, rounds;
	uint64_t stack; /* hash of the thread's stack then */
	bool proven;	/* it has come back to the very same state */
};

struct thread {
	uint32_t baton; /* futex: 1 gives the turn */
	int id;
	enum thread_state state;
	uint32_t name, nr_children;
	struct op op;
	uint32_t nr_ops;
	uint64_t priority;
	bool yielded, spinning, timed_out, starting;
	struct spin spin;
	uint32_t vain_yields;
	uint64_t wait_version; /* what a spinner waits to see changed */

	void *(*start)(void *);
	int (*start_c11)(void *);
	void *argument, *result;
	pthread_t real;
	int creator;
	uint64_t create_pc;
	bool detached, joined, cancelled, cancel_off;

	uint32_t away; /* in the kernel, without the turn */
	bool was_away;
	int tid;
	uint32_t tokens; /* wake-ups of a condition variable that it may take */
	bool signalled;
	struct held held[MAX_HELD];
	int nr_held;
	uint64_t calls[MAX_CALLS]; /* return addresses of the functions that it is in */
	int nr_calls;
	const char *frame, *stack_top; /* where the program's own stack begins and ends */

	uint32_t clock[MAX_THREADS];	  /* what it knows of whom */
	uint32_t made_clock[MAX_THREADS]; /* the same, without what mutexes teach */
	uint32_t release_clock[MAX_THREADS];
	uint32_t pending_clock[MAX_THREADS];
	bool has_release, has_pending;
	struct shared_event *event; /* whose written value is still to be read */
};

extern struct shared *shm;
extern struct thread threads[MAX_THREADS];
extern int nr_threads, nr_live;
extern bool alone;	/* no explorer has asked: the program runs once, as ever */
extern bool controlled; /* from the program's main() on */
extern struct thread *current;
extern __thread struct thread *my_thread;

/* Where the program called the runtime: what is above is its stack. */
#define FRAME() ((const char *)__builtin_frame_address(0))

/* The calling thread if it holds the turn, else NULL. */
static inline struct thread *self(void)
{
	struct thread *t = my_thread;

	return t && t == current ? t : NULL;
}

/* turn.c: who runs */
void point(struct thread *t);
void step(struct thread *t);
void turn_to_new(struct thread *creator, struct thread *child);
void thread_done(struct thread *t);
void wait_for_turn(struct thread *t);
void leave_turn(struct thread *t);
void return_to_turn(struct thread *t);
bool is_ready(struct thread *t);
uint64_t random_next(void);
uint64_t random_below(uint64_t n);
void random_seed(uint64_t seed);

/* choose.c: who is next; NULL: nobody can, but somebody may come back from the kernel */
struct thread *choose(struct thread *t);
void choose_begin(void);

/* spin.c */
void spin_read(struct thread *t, uint64_t version);
void spin_changed(struct thread *t);
bool spin_still(struct thread *t);

/* op.c: describing an operation, and looking up its site */
void op_set(struct thread *t, int kind, uint64_t addr, int size, uint64_t pc);
void op_done(struct thread *t);
void site_mark_shared(uint16_t site);
void log_finish(void);
void log_value(struct thread *t, uint64_t value, int flags);

/* Who changed a place in memory, or an object, last. */
struct access {
	uint64_t version;   /* counts the changes */
	uint16_t writer;    /* the site that changed it last, 0: nobody yet */
	int16_t by, reader; /* threads: who changed it, who read that last */
	uint16_t times_read;
};

/* objects.c: what the program synchronises with, by address */
enum object_kind {
	OBJECT_MUTEX,
	OBJECT_RWLOCK,
	OBJECT_CONDITION,
	OBJECT_SEMAPHORE,
	OBJECT_BARRIER,
	OBJECT_SPIN,
	OBJECT_ONCE,
	OBJECT_ATOMIC,
	OBJECT_FUTEX,
};

struct object {
	uint64_t addr;
	uint8_t kind, type, robust, destroyed;
	uint8_t owner_died, state;
	int16_t owner;	/* thread, or NOBODY */
	uint32_t count; /* recursion, readers, value, arrived */
	uint32_t limit, round;
	uint32_t waiters;
	uint64_t pc; /* where it was taken, or destroyed */
	uint32_t id;
	struct access access;
	uint16_t sites[4]; /* lines that work on it */
	uint32_t *clock, *read_clock;
};

/* The object at an address; one that is not known yet was initialised statically. */
struct object *object_find(uint64_t addr);
struct object *object_of(struct thread *t, const void *memory, enum object_kind kind, uint64_t pc);
struct object *object_new(const void *memory, enum object_kind kind);
void object_destroy(struct thread *t, struct object *o, void *memory, uint64_t pc);
void object_forget(uint64_t addr, uint64_t size);
/* The thread's next operation is on the object: returns when ready() lets it. */
void object_op(struct thread *t, int kind, struct object *o, bool (*ready)(struct thread *t),
	       uint64_t deadline_ns, uint64_t pc);
void object_announce(struct thread *t, int kind, struct object *o, uint64_t pc);
void object_point(struct thread *t);
/* Somebody looks at a lock without waiting for it: from now on its release is worth a decision. */
void object_tried(void);

/* clocks.c: what happened before what */
void clock_join(uint32_t *into, const uint32_t *from);
void clock_tick(struct thread *t);
void clock_child(struct thread *parent, struct thread *child);
void clock_acquire(struct thread *t, struct object *o, bool of_lock);
void clock_release(struct thread *t, struct object *o, bool of_lock);
uint32_t *clock_of(uint32_t **clock);

/* memory.c: who touched which bytes last */
void memory_access(struct thread *t, int kind, uint64_t addr, int size, uint64_t pc);
uint64_t memory_version(uint64_t addr);
uint16_t memory_last_writer(const struct op *op);
void memory_changed(struct thread *t, uint64_t addr);
uint32_t **memory_clock(uint64_t addr);
void memory_freed(uint64_t addr, uint64_t size);
void memory_fresh(uint64_t addr, uint64_t size);

/* pairs.c: who read what from whom, and how often who came to which place */
void pairs_read(struct thread *t, struct access *a);
void pairs_wrote(struct thread *t, struct access *a);
void pairs_could(uint16_t writer, uint16_t reader);
void pairs_sync(struct thread *t, struct object *o);
void fail_freed(struct thread *t, uint64_t addr) __attribute__((noreturn));
void profile_count(struct thread *t);

/* held.c: the locks that a thread holds, and in which order locks are taken */
void held_add(struct thread *t, struct object *o, uint64_t pc, bool could_block);
void held_remove(struct thread *t, struct object *o);
void held_decided(struct thread *t);
bool held_undecided(struct thread *t, struct object *o);
void held_at_exit(struct thread *t);

/* mutex.c: for condition variables, too */
struct object *mutex_of(struct thread *t, pthread_mutex_t *m, uint64_t pc);
int mutex_lock(struct thread *t, pthread_mutex_t *m, uint64_t deadline, uint64_t pc);
int mutex_trylock(struct thread *t, pthread_mutex_t *m, uint64_t pc);
int mutex_unlock(struct thread *t, pthread_mutex_t *m, uint64_t pc);
int condition_wait(struct thread *t, pthread_cond_t *c, pthread_mutex_t *m, uint64_t deadline,
		   uint64_t pc);
int condition_signal(struct thread *t, pthread_cond_t *c, bool all, uint64_t pc);
void mutex_release(struct thread *t, struct object *o);
void mutex_take_again(struct thread *t, struct object *o, uint64_t pc);

/* found.c: what went wrong */
void place_fill(struct shared_place *p, struct thread *t, int op, uint64_t addr, int size,
		uint64_t pc);
struct shared_finding *found(int kind, struct thread *t, uint64_t pc);
void fail(int kind, struct thread *t, uint64_t pc) __attribute__((noreturn));
void fail_about(int kind, struct thread *t, struct object *o, uint64_t pc)
	__attribute__((noreturn));
void fail_stuck(void) __attribute__((noreturn));
void refuse(const char *what, uint64_t pc) __attribute__((noreturn));
void tell_end(void);
void end_run(void) __attribute__((noreturn));
void found_signals(void);

/* time.c: virtual */
extern uint64_t virtual_ns;
bool time_is_up(const struct thread *t);
uint64_t time_deadline(int clock, const void *timespec);
bool time_jump(void);
void time_ran_out(struct thread *t);
void time_begin(void);

/* thread.c */
void exit_point(struct thread *t, uint64_t pc);
int run_main(struct thread *t, int (*f)(int, char **, char **), int argc, char **argv, char **envp);
void strategy_born(struct thread *parent, struct thread *child);
struct thread *thread_of(pthread_t p);
void cancel_point(struct thread *t);
void keys_run_destructors(struct thread *t);

/* kernel.c, away.c: calls that block */
bool kernel_wait(void);
void kernel_put(struct thread *t);
void kernel_got(struct thread *t);
bool away_settle(void);
void away_begin(struct thread *t, uint64_t pc);
void away_end(struct thread *t);

/* real.c: the C library's own */
void *real(const char *name);
void copy_bytes(void *to, const void *from, size_t n);
void fill_bytes(void *to, int c, size_t n);
void *bytes_copy(void *to, const void *from, size_t n);
void *bytes_fill(void *to, int c, size_t n);
void copy_text(char *to, const char *from, size_t size);

/* heap.c: memory that is the same in each schedule */
void *pages(size_t size);
void heap_start(void);
void stack_of(int thread, size_t wanted, void **base, size_t *size);

/* For what the program calls: t is the thread if it is ours to control, else what follows is done. */
#define IN_RUN(t)                  \
	struct thread *t = self(); \
	if (!t)

#define REAL(name, ...)                                \
	({                                             \
		static __typeof__(&name) call;         \
		if (!call)                             \
			*(void **)&call = real(#name); \
		call(__VA_ARGS__);                     \
	})

#endif
