// SPDX-License-Identifier: GPL-2.0
/* What every thread does now: see now.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/text.h"
#include "model/build.h"
#include "model/now.h"

#define FIRST_SIZE 256

static size_t home_of(const struct now *n, uint32_t tid)
{
	return (tid * 2654435769u) & (n->size - 1);
}

static size_t slot_of(const struct now *n, uint32_t tid)
{
	size_t i = home_of(n, tid);

	while (n->table[i] && n->table[i]->tid != tid)
		i = (i + 1) & (n->size - 1);
	return i;
}

static int grow(struct now *n)
{
	struct now_thread **old = n->table, **bigger;
	size_t size = n->size, i;

	bigger = calloc(size ? 2 * size : FIRST_SIZE, sizeof(*bigger));
	if (!bigger)
		return -ENOMEM;
	n->table = bigger;
	n->size = size ? 2 * size : FIRST_SIZE;
	for (i = 0; i < size; i++)
		if (old[i])
			n->table[slot_of(n, old[i]->tid)] = old[i];
	free(old);
	return 0;
}

/* Those behind it that would no longer be found move up. */
static void take_out(struct now *n, size_t hole)
{
	size_t i = hole;

	for (;;) {
		i = (i + 1) & (n->size - 1);
		if (!n->table[i])
			break;
		if (((i - home_of(n, n->table[i]->tid)) & (n->size - 1)) >=
		    ((i - hole) & (n->size - 1))) {
			n->table[hole] = n->table[i];
			hole = i;
		}
	}
	n->table[hole] = NULL;
}

struct now_thread *now_find(const struct now *n, uint32_t tid)
{
	return n->size ? n->table[slot_of(n, tid)] : NULL;
}

static struct now_thread *add(struct now *n, uint32_t tid)
{
	struct now_thread *t;

	if (2 * n->nr_threads >= n->size && grow(n)) {
		n->err = -ENOMEM;
		return NULL;
	}
	t = calloc(1, sizeof(*t));
	if (!t) {
		n->err = -ENOMEM;
		return NULL;
	}
	t->tid = tid;
	t->now.cpu = -1;
	t->now.start_ns = n->time_ns;
	n->table[slot_of(n, tid)] = t;
	n->nr_threads++;
	return t;
}

static struct now_thread *get(struct now *n, uint32_t tid)
{
	struct now_thread *t = tid ? now_find(n, tid) : NULL;

	return t || !tid ? t : add(n, tid);
}

static void set_comm(struct now_thread *t, const char *comm)
{
	memset(t->comm, 0, sizeof(t->comm));
	memcpy(t->comm, comm, strnlen(comm, sizeof(t->comm) - 1));
	text_clean(t->comm);
}

struct now_thread *now_add(struct now *n, uint32_t tid, uint32_t tgid, uint32_t parent,
			   const char *comm, bool target)
{
	struct now_thread *t = get(n, tid);

	if (!t)
		return NULL;
	t->tgid = tgid;
	t->parent = parent;
	t->target |= target;
	set_comm(t, comm);
	return t;
}

bool now_is_lock_wait(const struct now_thread *t)
{
	return t->now.state != STATE_RUNNING && t->now.state != STATE_RUNNABLE &&
	       (t->now.cause == CAUSE_FUTEX || t->now.cause == CAUSE_KERNEL_LOCK);
}

/* Counts it, or no longer, where it is. */
static void count(struct now *n, const struct now_thread *t, unsigned int by, uint64_t time_ns)
{
	const struct interval *i = &t->now;

	n->nr_lock_waits += now_is_lock_wait(t) ? by : 0;
	n->nr_running += i->state == STATE_RUNNING ? by : 0;
	if (i->state != STATE_RUNNABLE)
		return;
	n->nr_runnable += by;
	if (i->cpu < 0 || (unsigned int)i->cpu >= n->nr_cpus)
		return;
	if (n->watcher.place)
		n->watcher.place(n->watcher.arg, (unsigned int)i->cpu, time_ns);
	n->cpus[i->cpu].queued += by;
}

static void turn(struct now *n, struct now_thread *t, uint64_t time_ns, struct interval next)
{
	if (n->watcher.turn)
		n->watcher.turn(n->watcher.arg, t, time_ns);
	count(n, t, -1u, time_ns);
	next.start_ns = time_ns;
	t->now = next;
	count(n, t, 1, time_ns);
}

static void vacate(struct now *n, unsigned int cpu, uint64_t time_ns)
{
	if (n->watcher.place)
		n->watcher.place(n->watcher.arg, cpu, time_ns);
	n->cpus[cpu].known = false;
	n->cpus[cpu].on = NULL;
}

static void end(struct now *n, struct now_thread *t, uint64_t time_ns)
{
	struct interval dead = { .state = STATE_DEAD, .cpu = -1 };
	unsigned int cpu;

	turn(n, t, time_ns, dead);
	for (cpu = 0; cpu < n->nr_cpus; cpu++)
		if (n->cpus[cpu].on == t)
			vacate(n, cpu, time_ns);
	if (n->watcher.gone)
		n->watcher.gone(n->watcher.arg, t);
	take_out(n, slot_of(n, t->tid));
	n->nr_threads--;
	free(t);
}

static void arrive(struct now *n, unsigned int cpu, struct now_thread *t, uint64_t time_ns)
{
	struct interval running = { .state = STATE_RUNNING, .cpu = (int16_t)cpu };

	if (t && t->now.state == STATE_RUNNING && t->now.cpu >= 0 &&
	    n->cpus[t->now.cpu].on == t) /* its leaving there was lost */
		vacate(n, (unsigned int)t->now.cpu, time_ns);
	if (n->watcher.place)
		n->watcher.place(n->watcher.arg, cpu, time_ns);
	n->cpus[cpu].known = true;
	n->cpus[cpu].on = t;
	if (t)
		turn(n, t, time_ns, running);
}

/* A record says that it is there. Whom we thought there has left, nobody told where to. */
static struct now_thread *check(struct now *n, unsigned int cpu, uint32_t tid, uint64_t time_ns)
{
	struct interval unknown = { .state = STATE_UNKNOWN, .cpu = -1 };
	struct now_cpu *c = &n->cpus[cpu];
	struct now_thread *t;

	if (c->known && (c->on ? c->on->tid : 0) == tid)
		return c->on;
	if (c->on)
		turn(n, c->on, time_ns, unknown);
	t = get(n, tid);
	if (t || !tid)
		arrive(n, cpu, t, time_ns);
	return t;
}

static struct interval off_cpu(const struct now_thread *t, unsigned int cpu,
			       const struct oncpu_record *r)
{
	bool preempted = r->flags & ONCPU_SWITCH_PREEMPTED;
	struct interval i = { .state = preempted ? STATE_RUNNABLE
						 : state_of(r->sched_switch.prev_state),
			      .cpu = -1 };

	if (i.state != STATE_DEAD && t->woken)
		i.state = STATE_RUNNABLE;
	if (i.state == STATE_RUNNABLE) {
		i.cause = t->woken ? CAUSE_WOKEN : CAUSE_PREEMPTED;
		i.cpu = (int16_t)cpu;
	} else if (i.state != STATE_SLEEPING && i.state != STATE_BLOCKED) {
		return i;
	} else if (t->lock) {
		i.cause = CAUSE_KERNEL_LOCK;
		i.address = t->lock;
	} else if (t->in_futex && i.state == STATE_SLEEPING && call_may_be_futex(r)) {
		i.cause = CAUSE_FUTEX;
		i.address = t->futex;
	} else {
		call_cause(&i, r);
	}
	return i;
}

void now_put(struct now *n, struct now_thread *t, struct interval next)
{
	if (next.state == STATE_RUNNING && next.cpu >= 0 && (unsigned int)next.cpu < n->nr_cpus)
		arrive(n, (unsigned int)next.cpu, t, next.start_ns);
	else
		turn(n, t, next.start_ns, next);
	t->in_futex = next.cause == CAUSE_FUTEX;
	t->futex = t->in_futex ? next.address : 0;
}

static void take_switch(struct now *n, unsigned int cpu, struct now_thread *t,
			const struct oncpu_record *r)
{
	struct interval next;

	n->nr_switches++;
	if (t) {
		next = off_cpu(t, cpu, r);
		t->woken = false;
		if (next.state == STATE_DEAD)
			end(n, t, r->time_ns);
		else
			turn(n, t, r->time_ns, next);
	}
	vacate(n, cpu, r->time_ns);
	t = get(n, r->sched_switch.next_tid);
	if (t || !r->sched_switch.next_tid)
		arrive(n, cpu, t, r->time_ns);
}

static void take_wake(struct now *n, const struct oncpu_record *r)
{
	struct now_thread *t = get(n, r->wake.tid);
	struct interval next = { .state = STATE_RUNNABLE,
				 .cause = r->type == ONCPU_WAKING ? CAUSE_WOKEN : CAUSE_NEW,
				 .cpu = -1 };

	if (!t)
		return;
	if (t->now.state == STATE_RUNNING) {
		t->woken = true;
		return;
	}
	if (r->wake.cpu < n->nr_cpus)
		next.cpu = (int16_t)r->wake.cpu;
	if (t->now.state != STATE_RUNNABLE || t->now.cpu < 0)
		turn(n, t, r->time_ns, next);
}

static void take_migrate(struct now *n, const struct oncpu_record *r)
{
	struct now_thread *t = get(n, r->migrate.tid);
	struct interval next;

	if (!t || t->now.state != STATE_RUNNABLE || r->migrate.to_cpu >= n->nr_cpus)
		return;
	next = t->now;
	next.cpu = (int16_t)r->migrate.to_cpu;
	turn(n, t, r->time_ns, next);
}

static void take_fork(struct now *n, const struct now_thread *parent, const struct oncpu_record *r)
{
	struct interval born = { .state = STATE_RUNNABLE, .cause = CAUSE_NEW, .cpu = -1 };
	struct now_thread *t = r->fork.tid ? now_find(n, r->fork.tid) : NULL;

	if (!r->fork.tid || r->fork.tid == r->tid)
		return;
	if (t && t->now.start_ns) /* not just from a list: its end was lost */
		end(n, t, r->time_ns);
	t = get(n, r->fork.tid);
	if (!t)
		return;
	t->tgid = r->fork.tgid;
	t->parent = r->tid;
	if (parent) {
		memcpy(t->comm, parent->comm, sizeof(t->comm));
		t->target |= parent->target;
	}
	turn(n, t, r->time_ns, born);
}

/* A thread other than the first executed: from now on it has the tid of the first, which is gone. */
static void take_exec(struct now *n, struct now_thread *t, const struct oncpu_record *r)
{
	struct now_thread *old =
		r->exec.old_tid && r->exec.old_tid != r->tid ? now_find(n, r->exec.old_tid) : NULL;

	if (!t)
		return;
	t->tgid = r->exec.tgid;
	if (!old)
		return;
	t->target |= old->target;
	end(n, old, r->time_ns);
}

static void take_lock(struct now_thread *t, const struct oncpu_record *r)
{
	switch (r->type) {
	case ONCPU_LOCK_BEGIN:
		t->lock = r->lock.address;
		break;
	case ONCPU_LOCK_END:
		t->lock = 0;
		break;
	default: /* from user space or on the way there: nobody waits for a kernel lock then */
		t->lock = 0;
		t->woken = false;
		t->in_futex = r->type == ONCPU_FUTEX_WAIT;
		t->futex = r->futex_wait.address;
	}
}

/* Whoever was on another CPU is there still; of the rest nothing is known. */
static void take_lost(struct now *n, unsigned int cpu, const struct oncpu_record *r)
{
	struct interval unknown = { .state = STATE_UNKNOWN, .cpu = -1 };
	size_t i;

	n->nr_lost += r->lost.nr;
	vacate(n, cpu, r->time_ns);
	for (i = 0; i < n->size; i++) {
		struct now_thread *t = n->table[i];

		if (!t || (t->now.state == STATE_RUNNING && t->now.cpu != (int)cpu))
			continue;
		turn(n, t, r->time_ns, unknown);
		t->woken = t->in_futex = false;
		t->lock = 0;
	}
}

static bool is_beside(uint8_t type)
{
	return type == ONCPU_STACK || type == ONCPU_FRAMES || type == ONCPU_FUTEX_WORDS ||
	       type == ONCPU_COUNTER;
}

void now_take(struct now *n, unsigned int cpu, const struct oncpu_record *r)
{
	struct now_thread *t;

	if (cpu >= n->nr_cpus || is_beside(r->type))
		return;
	n->time_ns = r->time_ns;
	if (r->type == ONCPU_LOST) {
		take_lost(n, cpu, r);
		return;
	}
	if (r->type == ONCPU_COMM) {
		t = get(n, r->tid); /* not always who is on the CPU */
		if (t)
			set_comm(t, r->comm);
		return;
	}
	t = check(n, cpu, r->tid, r->time_ns);
	switch (r->type) {
	case ONCPU_SWITCH:
		take_switch(n, cpu, t, r);
		break;
	case ONCPU_WAKING:
	case ONCPU_WAKEUP_NEW:
		take_wake(n, r);
		break;
	case ONCPU_MIGRATE:
		take_migrate(n, r);
		break;
	case ONCPU_FORK:
		take_fork(n, t, r);
		break;
	case ONCPU_EXEC:
		take_exec(n, t, r);
		break;
	case ONCPU_LOCK_BEGIN:
	case ONCPU_LOCK_END:
	case ONCPU_FUTEX_WAIT:
	case ONCPU_FUTEX_WAIT_END:
	case ONCPU_FUTEX_WAKE:
	case ONCPU_FUTEX_WAKE_END:
		if (t)
			take_lock(t, r);
	}
}

int now_begin(struct now *n, unsigned int nr_cpus, const struct now_watcher *w)
{
	*n = (struct now){ .nr_cpus = nr_cpus };
	if (w)
		n->watcher = *w;
	n->cpus = calloc(nr_cpus + 1ul, sizeof(*n->cpus));
	return n->cpus ? grow(n) : -ENOMEM;
}

void now_end(struct now *n)
{
	size_t i;

	for (i = 0; i < n->size; i++)
		free(n->table[i]);
	free(n->table);
	free(n->cpus);
	*n = (struct now){};
}
