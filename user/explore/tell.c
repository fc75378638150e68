// SPDX-License-Identifier: GPL-2.0
#include "explore/tell.h"

#include <string.h>
#include <sys/wait.h>

#include "lib/text.h"

static const struct {
	const char *id, *words;
} kinds[NR_FOUND] = {
	[FOUND_NOTHING] = { "nothing", "nothing" },
	[FOUND_ASSERT] = { "assert", "assertion failed" },
	[FOUND_ABORT] = { "abort", "abort" },
	[FOUND_SIGNAL] = { "signal", "crash" },
	[FOUND_EXIT] = { "exit", "exit status" },
	[FOUND_OUTPUT] = { "output", "wrong output" },
	[FOUND_DEADLOCK] = { "deadlock", "deadlock" },
	[FOUND_HANG] = { "hang", "hang" },
	[FOUND_LIVELOCK] = { "livelock", "livelock" },
	[FOUND_RELOCK] = { "relock", "deadlock with itself" },
	[FOUND_UNLOCK_FREE] = { "double-unlock", "unlock of what is not locked" },
	[FOUND_UNLOCK_OTHER] = { "unlock-by-another", "unlock of another's lock" },
	[FOUND_USE_DESTROYED] = { "use-after-destroy", "use after destroy" },
	[FOUND_DESTROY_BUSY] = { "destroy-in-use", "destroyed while in use" },
	[FOUND_USE_FREED] = { "use-after-free", "use after free" },
	[FOUND_FREE_TWICE] = { "double-free", "freed twice" },
	[FOUND_JOIN_SELF] = { "join-self", "join of itself" },
	[FOUND_JOIN_TWICE] = { "double-join", "joined twice" },
	[FOUND_JOIN_DETACHED] = { "join-detached", "join of a detached thread" },
	[FOUND_WAIT_UNLOCKED] = { "wait-unlocked", "wait without its mutex" },
	[FOUND_RACE] = { "race", "data race" },
	[FOUND_LOCK_ORDER] = { "lock-order", "lock order inversion" },
	[FOUND_LOCK_LEFT] = { "lock-left", "lock held by a thread that ended" },
	[FOUND_REFUSED] = { "refused", "refused" },
	[FOUND_STEPS] = { "steps", "too many operations" },
	[FOUND_TIME] = { "time", "too slow" },
};

const char *tell_kind(uint32_t kind)
{
	return kind < NR_FOUND ? kinds[kind].words : "?";
}

const char *tell_kind_id(uint32_t kind)
{
	return kind < NR_FOUND ? kinds[kind].id : "?";
}

static const char *const ops[NR_OPS] = {
	[OP_READ] = "read",
	[OP_WRITE] = "write",
	[OP_ATOMIC_READ] = "atomic read",
	[OP_ATOMIC_WRITE] = "atomic write",
	[OP_ATOMIC_UPDATE] = "atomic update",
	[OP_FREE] = "free",
	[OP_LOCK] = "lock",
	[OP_TRYLOCK] = "trylock",
	[OP_UNLOCK] = "unlock",
	[OP_RDLOCK] = "lock to read",
	[OP_WRLOCK] = "lock to write",
	[OP_WAIT] = "wait",
	[OP_WAKE] = "wake up",
	[OP_SIGNAL] = "signal",
	[OP_BROADCAST] = "broadcast",
	[OP_BARRIER] = "barrier",
	[OP_SEM_WAIT] = "sem_wait",
	[OP_SEM_POST] = "sem_post",
	[OP_ONCE] = "once",
	[OP_CREATE] = "create",
	[OP_JOIN] = "join",
	[OP_START] = "start",
	[OP_EXIT] = "exit",
	[OP_YIELD] = "yield",
	[OP_SLEEP] = "sleep",
	[OP_FUTEX_WAIT] = "futex wait",
	[OP_FUTEX_WAKE] = "futex wake",
	[OP_KERNEL] = "wait for a descriptor",
	[OP_DESTROY] = "destroy",
};

const char *tell_op(uint32_t op)
{
	return op < NR_OPS && ops[op] ? ops[op] : "?";
}

static void put_locks(FILE *f, const struct shared_place *p, const struct code *src)
{
	char name[96], at[160];
	int i;

	if (!p->nr_locks)
		fputs(", no lock held", f);
	for (i = 0; i < p->nr_locks; i++)
		fprintf(f, "%s%s (since %s)", i ? ", " : ", holding ",
			code_name(src, p->locks[i].addr, name, sizeof(name)),
			code_at(src, p->locks[i].pc, at, sizeof(at)));
}

static void put_place(FILE *f, const struct shared_place *p, const struct code *src)
{
	char name[96], at[160];
	const struct code_line *l = code_line(src, p->pc);
	int i;

	fprintf(f, "  T%u  %s", p->thread, code_at(src, p->pc, at, sizeof(at)));
	if (l->line)
		fprintf(f, " in %s()", l->function);
	fprintf(f, ": %s", tell_op(p->op));
	if (p->addr)
		fprintf(f, " %s", code_name(src, p->addr, name, sizeof(name)));
	if (p->op < OP_FREE && p->size)
		fprintf(f, " (%u bytes)", p->size);
	put_locks(f, p, src);
	fputc('\n', f);
	if (*code_text(src, l))
		fprintf(f, "        | %s\n", code_text(src, l));
	for (i = 0; i < MAX_CALLERS && p->callers[i]; i++)
		if (code_line(src, p->callers[i])->line)
			fprintf(f, "        called from %s\n",
				code_at(src, p->callers[i], at, sizeof(at)));
}

void tell_sentence(FILE *f, const struct explore_failure *x, const struct code *src)
{
	const struct shared_finding *d = &x->finding;
	char at[160], other[160], name[96];

	code_at(src, d->place[0].pc, at, sizeof(at));
	code_at(src, d->place[1].pc, other, sizeof(other));
	code_name(src, d->place[0].addr, name, sizeof(name));
	fprintf(f, "%s: ", tell_kind(d->kind));
	switch (d->kind) {
	case FOUND_ASSERT:
		fprintf(f, "T%u at %s:%d: %s", d->place[0].thread, d->file, d->number, d->text);
		break;
	case FOUND_SIGNAL:
		fprintf(f, "signal %d (%s)", d->number, strsignal(d->number));
		if (d->place[0].pc)
			fprintf(f, " in T%u at %s", d->place[0].thread, at);
		break;
	case FOUND_EXIT:
		fprintf(f, "the program ended with exit status %d", d->number);
		break;
	case FOUND_OUTPUT:
		fprintf(f, "the program printed something else than expected");
		break;
	case FOUND_DEADLOCK:
	case FOUND_HANG:
		fprintf(f, "%u threads wait, and nobody is left who could wake them", x->nr_waits);
		break;
	case FOUND_LIVELOCK:
		fprintf(f, "all threads spin, and nothing changes; T%u at %s", d->place[0].thread,
			at);
		break;
	case FOUND_RACE:
		fprintf(f, "%s: T%u %ss at %s, T%u %ss at %s, and nothing orders them", name,
			d->place[0].thread, tell_op(d->place[0].op), at, d->place[1].thread,
			tell_op(d->place[1].op), other);
		break;
	case FOUND_LOCK_ORDER:
		fprintf(f, "T%u at %s and T%u at %s take two locks in opposite orders",
			d->place[0].thread, at, d->place[1].thread, other);
		break;
	default:
		fprintf(f, "T%u at %s: %s %s", d->place[0].thread, at, tell_op(d->place[0].op),
			name);
	}
	fputc('\n', f);
}

static void put_wait(FILE *f, const struct shared_wait *w, const struct code *src)
{
	char name[96], at[160];

	fprintf(f, "  T%u  %s: waits in %s", w->place.thread,
		code_at(src, w->place.pc, at, sizeof(at)), tell_op(w->op));
	if (w->op != OP_JOIN)
		fprintf(f, " for %s", code_name(src, w->place.addr, name, sizeof(name)));
	if (w->owner >= 0)
		fprintf(f, w->op == OP_JOIN ? " for T%d" : ", which T%d holds", w->owner);
	put_locks(f, &w->place, src);
	fputc('\n', f);
	if (*code_text(src, code_line(src, w->place.pc)))
		fprintf(f, "        | %s\n", code_text(src, code_line(src, w->place.pc)));
}

void tell_last_line(const struct explore_failure *x, char *line, size_t size)
{
	const char *output = x->output ? x->output : "", *end = output + strlen(output), *from;

	while (end > output && end[-1] == '\n')
		end--;
	for (from = end; from > output && from[-1] != '\n';)
		from--;
	snprintf(line, size, "%.*s", (int)(end - from), from);
	text_clean(line);
}

void tell_failure(FILE *f, const struct explore_failure *x, const struct code *src)
{
	const struct shared_finding *d = &x->finding;
	char line[256];
	uint32_t i;

	tell_sentence(f, x, src);
	tell_last_line(x, line, sizeof(line));
	if (d->kind == FOUND_EXIT && line[0])
		fprintf(f, "  It said: %s\n", line);
	for (i = 0; i < x->nr_waits; i++)
		put_wait(f, &x->waits[i], src);
	if (x->nr_waits || d->kind == FOUND_EXIT || d->kind == FOUND_OUTPUT)
		return;
	if (d->place[0].pc)
		put_place(f, &d->place[0], src);
	if (d->place[1].pc && d->place[1].pc != d->place[0].pc)
		put_place(f, &d->place[1], src);
	else if (d->kind == FOUND_RACE)
		put_place(f, &d->place[1], src);
}
