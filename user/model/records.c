// SPDX-License-Identifier: GPL-2.0
/* What each type of record says about threads and CPUs. */
#include <string.h>

#include "lib/text.h"
#include "model/build.h"

static void name_waker(struct interval *i, uint32_t tid, uint8_t flags)
{
	/* what idle wakes was asked for by another CPU's interrupt */
	i->waker_irq = tid == 0 || (flags & (ONCPU_WAKE_HARDIRQ | ONCPU_WAKE_SOFTIRQ));
	i->waker = i->waker_irq ? 0 : tid;
}

static struct interval runnable(enum cause cause, uint32_t cpu, uint32_t nr_cpus)
{
	return (struct interval){
		.state = STATE_RUNNABLE,
		.cause = cause,
		.cpu = cpu < nr_cpus ? (int16_t)cpu : -1,
	};
}

/*
 * It goes off its CPU to sleep, but was woken before it had left: so it is runnable. Unless the
 * kernel had not noticed that it was to sleep and this is another, later sleep: then somebody will
 * wake it again, and take_waking() corrects this.
 */
static struct interval wake_beats_sleep(struct build *b, struct life *l, unsigned int cpu,
					struct interval slept)
{
	struct interval next = runnable(CAUSE_WOKEN, cpu, b->m->nr_cpus);

	next.waker = l->wake.waker;
	next.waker_irq = l->wake.waker_irq;
	next.prio = slept.prio;
	l->slept = slept;
	l->thread.nr_wakeups++;
	return next;
}

static uint8_t prio_of(uint8_t kernel)
{
	return kernel == 255 ? PRIO_DEADLINE : kernel + PRIO_FIRST;
}

static void leave(struct build *b, struct life *l, unsigned int cpu, const struct oncpu_record *r)
{
	bool preempted = r->flags & ONCPU_SWITCH_PREEMPTED, early = false;
	enum state state = preempted ? STATE_RUNNABLE : state_of(r->sched_switch.prev_state);
	struct interval next;

	if (state == STATE_DEAD) {
		life_end(b, l, r->time_ns);
		return;
	}
	if (state == STATE_RUNNABLE)
		l->thread.nr_involuntary++;
	else
		l->thread.nr_voluntary++;
	next = wait_off_cpu(b, l, cpu, state, r);
	next.prio = prio_of(r->sched_switch.prev_prio);
	if (l->woken && state != STATE_RUNNABLE) {
		next = wake_beats_sleep(b, l, cpu, next);
		early = true;
	} else if (state != STATE_RUNNABLE && life_doubts_sleep(b, l, r->time_ns)) {
		next = (struct interval){ .state = STATE_UNKNOWN, .cpu = -1 };
	}
	life_turn(b, l, r->time_ns, next);
	l->early = early;
	l->woken = false;
}

static void take_switch(struct build *b, unsigned int cpu, struct life *l,
			const struct oncpu_record *r)
{
	if (l)
		leave(b, l, cpu, r);
	counters_switch(&b->places[cpu], r);
	place_arrive(b, cpu, r->sched_switch.next_tid, r->time_ns);
	if (b->places[cpu].life)
		b->places[cpu].life->now.prio = prio_of(r->sched_switch.next_prio);
}

/* RUNNABLE for an early wake, and woken again: so it has slept all the time. */
static void correct_early(struct life *l)
{
	uint64_t start_ns = l->now.start_ns;

	l->now = l->slept;
	l->now.start_ns = start_ns;
	l->early = false;
	l->thread.nr_wakeups--;
}

static void take_waking(struct build *b, unsigned int cpu, const struct oncpu_record *r)
{
	struct life *l = r->wake.tid ? life_get(b, r->wake.tid, r->time_ns) : NULL;
	struct interval next = runnable(CAUSE_WOKEN, r->wake.cpu, b->m->nr_cpus);

	if (!l)
		return;
	b->places[cpu].waking = l->thread.tid;
	name_waker(&next, r->tid, r->flags);
	life_doubt(b, l, r->time_ns, STATE_UNKNOWN);
	if (l->now.state == STATE_UNKNOWN && b->nr_blind) {
		l->seen = moment(b, r->time_ns); /* it may be on the CPU that nothing is known of */
		l->thread.nr_wakeups++;
		return;
	}
	if (l->early)
		correct_early(l);
	if (l->now.state == STATE_RUNNING) {
		l->woken = true;
		l->wake = next;
		return;
	}
	join_woken(b, l, next.waker, r->time_ns);
	if (l->now.state == STATE_RUNNABLE)
		return; /* preempted on its way to sleep: it stays where it is */
	l->thread.nr_wakeups++;
	l->now.waker = next.waker;
	l->now.waker_irq = next.waker_irq;
	life_turn(b, l, r->time_ns, next);
}

static void take_wakeup_new(struct build *b, const struct oncpu_record *r)
{
	struct life *l = r->wake.tid ? life_get(b, r->wake.tid, r->time_ns) : NULL;
	struct interval next = runnable(CAUSE_NEW, r->wake.cpu, b->m->nr_cpus);

	if (!l || l->now.state == STATE_RUNNING)
		return;
	name_waker(&next, r->tid, 0);
	if (l->now.state != STATE_RUNNABLE || l->now.cause != CAUSE_NEW) {
		life_turn(b, l, r->time_ns, next);
		return;
	}
	next.start_ns = l->now.start_ns; /* since its FORK */
	l->now = next;
	l->seen = moment(b, r->time_ns);
}

/* Part of the waking where it follows it at once on that CPU: it never waited where it slept. */
static void take_migrate(struct build *b, bool placement, const struct oncpu_record *r)
{
	struct life *l = r->migrate.tid ? life_get(b, r->migrate.tid, r->time_ns) : NULL;
	struct interval next;

	if (!l)
		return;
	l->thread.nr_migrations++;
	life_doubt(b, l, r->time_ns, placement ? STATE_UNKNOWN : STATE_RUNNABLE);
	if (l->now.state != STATE_RUNNABLE || r->migrate.to_cpu >= b->m->nr_cpus)
		return;
	next = l->now;
	next.cpu = (int16_t)r->migrate.to_cpu;
	l->early = false; /* only what is on a run queue or being put there migrates */
	if (placement)
		l->now.cpu = next.cpu;
	else
		life_turn(b, l, r->time_ns, next);
}

/* The tid is taken again: whoever had it is gone, though nobody said so. */
static struct life *born(struct build *b, uint32_t tid, uint64_t time_ns)
{
	struct life *l = life_find(b, tid);

	if (l && !l->ended && !l->listed) {
		life_doubt(b, l, time_ns, STATE_UNKNOWN);
		place_lose(b, l);
		life_end(b, l, time_ns);
	}
	if (l && l->listed && !l->ended) { /* the list was made a little after the start */
		l->listed = false;
		l->thread.start_ns = l->now.start_ns = time_ns;
		l->seen = moment(b, time_ns);
		return l;
	}
	return life_new(b, tid, time_ns);
}

static void take_fork(struct build *b, struct life *parent, const struct oncpu_record *r)
{
	struct life *l;

	if (!r->fork.tid || r->fork.tid == r->tid)
		return;
	l = born(b, r->fork.tid, r->time_ns);
	if (!l)
		return;
	l->thread.tgid = r->fork.tgid;
	l->thread.parent = r->tid;
	if (parent) {
		life_kin(b, parent, r->fork.parent_tgid);
		memcpy(l->thread.comm, parent->thread.comm, sizeof(l->thread.comm));
		l->thread.target |= parent->thread.target;
	}
	life_turn(b, l, r->time_ns, runnable(CAUSE_NEW, UINT32_MAX, b->m->nr_cpus));
}

/* A thread other than the first executes: it takes the tid of the first, which is gone. */
static void take_over(struct build *b, unsigned int cpu, uint32_t old_tid,
		      const struct oncpu_record *r)
{
	struct life *old = life_find(b, old_tid), *l;

	if (!old || old->ended || !r->tid || old_tid == r->tid)
		return;
	if (b->places[cpu].life != old)
		place_lose(b, old);
	life_end(b, old, r->time_ns);
	if (b->places[cpu].life == old)
		place_arrive(b, cpu, r->tid, r->time_ns);
	l = place_check(b, cpu, r->tid, r->time_ns);
	if (!l)
		return;
	l->thread.target |= old->thread.target;
	l->thread.parent = old->thread.parent;
	if (!l->thread.comm[0])
		memcpy(l->thread.comm, old->thread.comm, sizeof(l->thread.comm));
}

/* Not always who is on the CPU: a kernel thread is named before it runs. */
static void take_comm(struct build *b, const struct oncpu_record *r)
{
	struct life *l = r->tid ? life_get(b, r->tid, r->time_ns) : NULL;

	if (!l)
		return;
	memcpy(l->thread.comm, r->comm, sizeof(l->thread.comm));
	l->thread.comm[sizeof(l->thread.comm) - 1] = '\0';
	text_clean(l->thread.comm);
}

static void take_of_task(struct build *b, struct life *l, unsigned int cpu,
			 const struct oncpu_record *r)
{
	if (!l)
		return;
	switch (r->type) {
	case ONCPU_EXEC:
		if (r->exec.tgid)
			l->thread.tgid = r->exec.tgid;
		if (r->tid == b->t->target_tid)
			span_exec(b, r->time_ns);
		break;
	case ONCPU_EXIT:
		life_kin(b, l, r->exit.tgid);
		l->exiting = true;
		join_confirm(l);
		l->in_futex = false;
		break;
	case ONCPU_LOCK_BEGIN:
	case ONCPU_LOCK_END:
	case ONCPU_FUTEX_WAIT:
	case ONCPU_FUTEX_WAIT_END:
	case ONCPU_FUTEX_WAKE:
	case ONCPU_FUTEX_WAKE_END:
		hold_record(b, l, r);
		wake_record(b, l, r);
		wait_record(b, l, cpu, r);
		break;
	case ONCPU_ULOCK_WAIT:
	case ONCPU_ULOCK_RELEASE:
		hold_record(b, l, r);
		break;
	default: /* that it was there is all */
		break;
	}
}

/* Not from an interrupt nor from inside schedule(): so it did not go to sleep after all. */
static bool is_its_own_doing(uint8_t type)
{
	switch (type) {
	case ONCPU_FORK:
	case ONCPU_EXEC:
	case ONCPU_EXIT:
	case ONCPU_FUTEX_WAIT:
	case ONCPU_FUTEX_WAIT_END:
	case ONCPU_FUTEX_WAKE:
	case ONCPU_FUTEX_WAKE_END:
	case ONCPU_FAULT:
	case ONCPU_SYSCALL:
	case ONCPU_SYSCALL_END:
	case ONCPU_URING_SUBMIT:
	case ONCPU_URING_WAIT:
	case ONCPU_SIGNAL_DELIVER:
	case ONCPU_ULOCK_WAIT:
	case ONCPU_ULOCK_GOT:
	case ONCPU_ULOCK_RELEASE:
		return true;
	default:
		return false;
	}
}

/* Not about who is on the CPU: about the recorder, or about another record. */
static bool is_beside(uint8_t type)
{
	switch (type) {
	case ONCPU_LOST:
	case ONCPU_STACK:
	case ONCPU_FRAMES:
	case ONCPU_FUTEX_WORDS:
	case ONCPU_COUNTER:
	case ONCPU_MARK_BEGIN:
	case ONCPU_MARK_END:
	case ONCPU_MARK_POINT:
		return true;
	default:
		return false;
	}
}

static bool is_last_switch(const struct oncpu_record *r)
{
	return r->type == ONCPU_SWITCH && state_of(r->sched_switch.prev_state) == STATE_DEAD;
}

/*
 * When another thread than the first executes, the two exchange their tids a while before its EXEC is
 * recorded: as soon as the first one has told of its end, which may still be on its CPU. So what is
 * there meanwhile under the tid of the first is the other thread...
 */
static bool has_taken_over(const struct build *b, const struct place *p,
			   const struct oncpu_record *r)
{
	const struct life *l = p->known ? p->life : NULL, *first;

	if (!l || l->exiting || l->thread.tid == r->tid || l->thread.tgid != r->tid)
		return false;
	first = life_find(b, r->tid);
	return first && first->exiting;
}

/* ... and the first one leaves its CPU under the tid that the other had... */
static bool is_leader_leaving(const struct build *b, const struct place *p,
			      const struct oncpu_record *r)
{
	const struct life *l = p->known ? p->life : NULL, *other;

	if (!is_last_switch(r) || !l || !l->exiting || l->thread.tid == r->tid ||
	    l->thread.tid != l->thread.tgid)
		return false;
	other = life_find(b, r->tid);
	return other && !other->ended && !other->exiting && other->thread.tgid == l->thread.tgid;
}

/* ... maybe so late that both have ended in the model already. */
static bool is_old_leader(const struct build *b, const struct place *p,
			  const struct oncpu_record *r)
{
	const struct life *l;

	if (p->known || !is_last_switch(r))
		return false;
	l = life_find(b, r->tid);
	return l && l->ended;
}

void model_take(struct build *b, unsigned int cpu, const struct oncpu_record *r)
{
	struct place *p = &b->places[cpu];
	bool placement = r->type == ONCPU_MIGRATE && p->waking == r->migrate.tid;
	struct life *l;

	if (r->type == ONCPU_COUNTER) {
		counters_take(b, p, r);
		return; /* it says nothing about who is on the CPU */
	}
	if (r->type == ONCPU_LOST) {
		p->nr_switches++; /* maybe one of them was: what was counted is nobody's */
		if (r->lost.nr)
			place_gap_ends(b, cpu, r->time_ns);
	}
	if (is_beside(r->type)) {
		lock_beside(b, r);
		return;
	}
	p->waking = 0;
	if (r->type == ONCPU_COMM) {
		take_comm(b, r);
		return;
	}
	if (has_taken_over(b, p, r))
		take_over(b, cpu, p->life->thread.tid, r);
	else if (r->type == ONCPU_EXEC)
		take_over(b, cpu, r->exec.old_tid, r);
	if (is_old_leader(b, p, r)) {
		place_arrive(b, cpu, r->sched_switch.next_tid, r->time_ns);
		return;
	}
	l = is_leader_leaving(b, p, r) ? p->life : place_check(b, cpu, r->tid, r->time_ns);
	if (l && is_its_own_doing(r->type)) {
		life_own(b, l, r->time_ns);
		if (r->type != ONCPU_EXIT)
			join_deny(l);
	}
	switch (r->type) {
	case ONCPU_SWITCH:
		take_switch(b, cpu, l, r);
		break;
	case ONCPU_WAKING:
		take_waking(b, cpu, r);
		break;
	case ONCPU_WAKEUP_NEW:
		take_wakeup_new(b, r);
		break;
	case ONCPU_MIGRATE:
		take_migrate(b, placement, r);
		break;
	case ONCPU_FORK:
		take_fork(b, l, r);
		break;
	default:
		take_of_task(b, l, cpu, r);
	}
}
