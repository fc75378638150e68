// SPDX-License-Identifier: GPL-2.0
/* What went wrong, told to the explorer by the numbers; it makes the sentences. */
#include <signal.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "runtime.h"

void place_fill(struct shared_place *p, struct thread *t, int op, uint64_t addr, int size,
		uint64_t pc)
{
	int i, depth = t->nr_calls < MAX_CALLS ? t->nr_calls : MAX_CALLS;

	*p = (struct shared_place){ .pc = pc,
				    .addr = addr,
				    .thread = (uint16_t)t->id,
				    .op = (uint16_t)op,
				    .size = (uint16_t)size };
	for (i = 0; i < t->nr_held && i < MAX_LOCKS; i++)
		p->locks[p->nr_locks++] =
			(struct shared_lock){ t->held[i].object->addr, t->held[i].pc };
	for (i = 0; i < MAX_CALLERS && i < depth - 1; i++)
		p->callers[i] = t->calls[depth - 1 - i];
}

/* A fault that is already known from the same two places is not told again. */
static bool is_known(int kind, uint64_t pc)
{
	uint32_t i;

	for (i = 0; i < shm->nr_findings; i++)
		if (shm->findings[i].kind == (uint32_t)kind && shm->findings[i].place[0].pc == pc)
			return true;
	return false;
}

struct shared_finding *found(int kind, struct thread *t, uint64_t pc)
{
	struct shared_finding *f;

	if (kind > FOUND_LAST_HARM && is_known(kind, pc))
		return NULL;
	if (shm->nr_findings == MAX_FINDINGS) {
		if (kind > FOUND_LAST_HARM && kind <= FOUND_LAST_FAULT)
			return NULL;
		shm->nr_findings--; /* what ends the run is always told */
	}
	f = &shm->findings[shm->nr_findings++];
	*f = (struct shared_finding){ .kind = (uint32_t)kind };
	if (t)
		place_fill(&f->place[0], t, t->op.kind, t->op.addr, t->op.size, pc);
	return f;
}

void tell_end(void)
{
	struct shared_thread *s;
	int i;

	for (i = 0; i < nr_threads; i++) {
		s = &shm->threads[i];
		s->start_pc = (uint64_t)(uintptr_t)threads[i].start;
		if (threads[i].start_c11)
			s->start_pc = (uint64_t)(uintptr_t)threads[i].start_c11;
		s->create_pc = threads[i].create_pc;
		s->name = threads[i].name;
		s->parent = threads[i].creator;
		s->nr_ops = threads[i].nr_ops;
		s->state = threads[i].state;
	}
	shm->nr_threads = (uint32_t)nr_threads;
	shm->now_ns = virtual_ns;
	if (shm->flags & RUN_LOG)
		log_finish();
	shm->finished = 1;
}

void end_run(void)
{
	static void (*leave)(int);

	tell_end();
	if (alone) {
		static const char why[] =
			"oncpu: this run would never end, or misuses what it synchronises with: "
			"'oncpu explore' tells more\n";

		REAL(write, 2, why, sizeof(why) - 1);
		REAL(abort);
	}
	if (shm->flags & RUN_DEBUG)
		raise(SIGTRAP);
	*(void **)&leave = real("_exit");
	leave(0);
	__builtin_unreachable();
}

void fail(int kind, struct thread *t, uint64_t pc)
{
	found(kind, t, pc);
	end_run();
}

void fail_about(int kind, struct thread *t, struct object *o, uint64_t pc)
{
	struct shared_finding *f = found(kind, t, pc);

	f->place[0].addr = o->addr;
	f->place[1].pc = o->pc;
	f->place[1].addr = o->addr;
	f->place[1].thread = (uint16_t)(o->owner >= 0 ? o->owner : t->id);
	end_run();
}

void refuse(const char *what, uint64_t pc)
{
	struct shared_finding *f;
	static void (*leave)(int);

	if (!shm) {
		*(void **)&leave = real("_exit");
		leave(3);
	}
	f = found(FOUND_REFUSED, my_thread, pc);
	copy_text(f->text, what, sizeof(f->text));
	end_run();
}

/* Whom a thread waits for, where that is one thread. */
static int owner_of(const struct thread *t)
{
	if (t->op.kind == OP_JOIN)
		return t->op.arg;
	if (t->op.kind == OP_WAKE)
		return t->signalled && t->op.mutex ? t->op.mutex->owner : NOBODY;
	if (t->op.object && t->op.object->kind != OBJECT_CONDITION)
		return t->op.object->owner;
	return NOBODY;
}

static bool in_cycle(int from)
{
	int at = from, i;

	for (i = 0; i <= nr_threads; i++) {
		if (threads[at].state != THREAD_LIVE)
			return false;
		at = owner_of(&threads[at]);
		if (at < 0)
			return false;
		if (at == from)
			return true;
	}
	return false;
}

void fail_stuck(void)
{
	struct shared_wait *w;
	struct thread *first = NULL;
	bool cycle = false;
	int i;

	for (i = 0; i < nr_threads; i++) {
		struct thread *t = &threads[i];

		if (t->state != THREAD_LIVE)
			continue;
		w = &shm->waits[shm->nr_waits++];
		w->op = t->op.kind;
		w->owner = owner_of(t);
		place_fill(&w->place, t, t->op.kind, t->op.addr, t->op.size, t->op.pc);
		if (in_cycle(i)) {
			first = cycle ? first : t;
			cycle = true;
		}
		if (!first)
			first = t;
	}
	fail(cycle ? FOUND_DEADLOCK : FOUND_HANG, first, first->op.pc);
}

/* -- ends that the program brings about itself ---------------------------------------------- */

INSTEAD void __assert_fail(const char *what, const char *file, unsigned line, const char *function)
{
	struct shared_finding *f;

	if (!self() || alone)
		REAL(__assert_fail, what, file, line, function);
	f = found(FOUND_ASSERT, my_thread, HERE());
	copy_text(f->text, what, sizeof(f->text));
	copy_text(f->file, file, sizeof(f->file));
	f->number = (int)line;
	end_run();
}

INSTEAD void abort(void)
{
	if (!self() || alone)
		REAL(abort);
	fail(FOUND_ABORT, my_thread, HERE());
}

/* The thread that has the turn did it, whatever it was in. */
static void on_signal(int number, siginfo_t *info, void *context)
{
	ucontext_t *u = context;
	struct shared_finding *f = found(FOUND_SIGNAL, my_thread ? my_thread : current, 0);

#if defined(__x86_64__)
	f->place[0].pc = (uint64_t)u->uc_mcontext.gregs[REG_RIP] + 1;
#elif defined(__aarch64__)
	f->place[0].pc = u->uc_mcontext.pc + 1;
#endif
	f->place[0].addr = (uint64_t)(uintptr_t)info->si_addr;
	f->number = number;
	end_run();
}

void found_signals(void)
{
	static char stack[16384];
	static const int fatal[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT };
	stack_t s = { .ss_sp = stack, .ss_size = sizeof(stack) };
	struct sigaction a = { .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER };
	struct sigaction old;
	size_t i;

	if (shm->flags & RUN_DEBUG || alone)
		return;
	sigaltstack(&s, NULL);
	a.sa_sigaction = on_signal;
	for (i = 0; i < sizeof(fatal) / sizeof(fatal[0]); i++)
		if (!sigaction(fatal[i], NULL, &old) && old.sa_handler == SIG_DFL)
			sigaction(fatal[i], &a, NULL);
}
