// SPDX-License-Identifier: GPL-2.0
/*
 * What the payload of each type of record holds: <oncpu/record.h> as a table. Where a member is
 * called as one of the record itself, its struct's name comes before ("wake_tid").
 */
#include <inttypes.h>
#include <stddef.h>
#include <string.h>

#include "lib/text.h"
#include "view/dump_fields.h"

enum kind { U8, U16, S16, U32, S32, U64, X64, COMM };

static const struct field {
	unsigned char type, kind, offset;
	const char *name;
} fields[] = {
	{ ONCPU_SWITCH, U32, offsetof(struct oncpu_record, sched_switch.next_tid), "next_tid" },
	{ ONCPU_SWITCH, U32, offsetof(struct oncpu_record, sched_switch.prev_state), "prev_state" },
	{ ONCPU_SWITCH, U8, offsetof(struct oncpu_record, sched_switch.prev_prio), "prev_prio" },
	{ ONCPU_SWITCH, U8, offsetof(struct oncpu_record, sched_switch.next_prio), "next_prio" },
	{ ONCPU_SWITCH, S16, offsetof(struct oncpu_record, sched_switch.syscall), "syscall" },
	{ ONCPU_SWITCH, U32, offsetof(struct oncpu_record, sched_switch.fd), "fd" },
	{ ONCPU_WAKING, U32, offsetof(struct oncpu_record, wake.tid), "wake_tid" },
	{ ONCPU_WAKING, U32, offsetof(struct oncpu_record, wake.cpu), "wake_cpu" },
	{ ONCPU_WAKING, U32, offsetof(struct oncpu_record, wake.prio), "prio" },
	{ ONCPU_WAKEUP_NEW, U32, offsetof(struct oncpu_record, wake.tid), "wake_tid" },
	{ ONCPU_WAKEUP_NEW, U32, offsetof(struct oncpu_record, wake.cpu), "wake_cpu" },
	{ ONCPU_WAKEUP_NEW, U32, offsetof(struct oncpu_record, wake.prio), "prio" },
	{ ONCPU_MIGRATE, U32, offsetof(struct oncpu_record, migrate.tid), "migrate_tid" },
	{ ONCPU_MIGRATE, U32, offsetof(struct oncpu_record, migrate.from_cpu), "from_cpu" },
	{ ONCPU_MIGRATE, U32, offsetof(struct oncpu_record, migrate.to_cpu), "to_cpu" },
	{ ONCPU_FORK, U32, offsetof(struct oncpu_record, fork.tid), "fork_tid" },
	{ ONCPU_FORK, U32, offsetof(struct oncpu_record, fork.tgid), "tgid" },
	{ ONCPU_FORK, U32, offsetof(struct oncpu_record, fork.parent_tgid), "parent_tgid" },
	{ ONCPU_EXEC, U32, offsetof(struct oncpu_record, exec.tgid), "tgid" },
	{ ONCPU_EXEC, U32, offsetof(struct oncpu_record, exec.old_tid), "old_tid" },
	{ ONCPU_EXIT, U32, offsetof(struct oncpu_record, exit.tgid), "tgid" },
	{ ONCPU_COMM, COMM, offsetof(struct oncpu_record, comm), "comm" },
	{ ONCPU_LOCK_BEGIN, X64, offsetof(struct oncpu_record, lock.address), "address" },
	{ ONCPU_LOCK_BEGIN, U32, offsetof(struct oncpu_record, lock.flags), "lock_flags" },
	{ ONCPU_LOCK_END, X64, offsetof(struct oncpu_record, lock.address), "address" },
	{ ONCPU_LOCK_END, S32, offsetof(struct oncpu_record, lock.ret), "ret" },
	{ ONCPU_FUTEX_WAIT, X64, offsetof(struct oncpu_record, futex_wait.address), "address" },
	{ ONCPU_FUTEX_WAIT, U32, offsetof(struct oncpu_record, futex_wait.value), "value" },
	{ ONCPU_FUTEX_WAIT, U32, offsetof(struct oncpu_record, futex_wait.owner), "owner" },
	{ ONCPU_FUTEX_WAIT_END, S32, offsetof(struct oncpu_record, futex_end.ret), "ret" },
	{ ONCPU_FUTEX_WAKE, X64, offsetof(struct oncpu_record, futex_wake.address), "address" },
	{ ONCPU_FUTEX_WAKE, U32, offsetof(struct oncpu_record, futex_wake.nr), "nr" },
	{ ONCPU_FUTEX_WAKE_END, S32, offsetof(struct oncpu_record, futex_end.ret), "ret" },
	{ ONCPU_LOST, U64, offsetof(struct oncpu_record, lost.nr), "nr" },
	{ ONCPU_LOST, U64, offsetof(struct oncpu_record, lost.since_ns), "since_ns" },
	{ ONCPU_FAULT, X64, offsetof(struct oncpu_record, fault.address), "address" },
	{ ONCPU_FAULT, X64, offsetof(struct oncpu_record, fault.ip), "ip" },
	{ ONCPU_IRQ, U32, offsetof(struct oncpu_record, irq.nr), "nr" },
	{ ONCPU_IRQ_END, U32, offsetof(struct oncpu_record, irq.nr), "nr" },
	{ ONCPU_IRQ_END, S32, offsetof(struct oncpu_record, irq.ret), "ret" },
	{ ONCPU_SOFTIRQ, U32, offsetof(struct oncpu_record, irq.nr), "nr" },
	{ ONCPU_SOFTIRQ_END, U32, offsetof(struct oncpu_record, irq.nr), "nr" },
	{ ONCPU_IPI, U32, offsetof(struct oncpu_record, ipi.cpu), "ipi_cpu" },
	{ ONCPU_IPI, U32, offsetof(struct oncpu_record, ipi.nr), "nr" },
	{ ONCPU_IPI, X64, offsetof(struct oncpu_record, ipi.caller), "caller" },
	{ ONCPU_IDLE, U32, offsetof(struct oncpu_record, idle.state), "state" },
	{ ONCPU_SYSCALL, S32, offsetof(struct oncpu_record, syscall.nr), "nr" },
	{ ONCPU_SYSCALL, X64, offsetof(struct oncpu_record, syscall.arg0), "arg0" },
	{ ONCPU_SYSCALL_END, S32, offsetof(struct oncpu_record, syscall.nr), "nr" },
	{ ONCPU_SYSCALL_END, X64, offsetof(struct oncpu_record, syscall.arg0), "arg0" },
	{ ONCPU_URING_SUBMIT, X64, offsetof(struct oncpu_record, uring.user_data), "user_data" },
	{ ONCPU_URING_SUBMIT, U32, offsetof(struct oncpu_record, uring.ring), "ring" },
	{ ONCPU_URING_ASYNC, X64, offsetof(struct oncpu_record, uring.user_data), "user_data" },
	{ ONCPU_URING_ASYNC, U32, offsetof(struct oncpu_record, uring.ring), "ring" },
	{ ONCPU_URING_COMPLETE, X64, offsetof(struct oncpu_record, uring.user_data), "user_data" },
	{ ONCPU_URING_COMPLETE, U32, offsetof(struct oncpu_record, uring.ring), "ring" },
	{ ONCPU_URING_COMPLETE, S32, offsetof(struct oncpu_record, uring.res), "res" },
	{ ONCPU_URING_WAIT, U32, offsetof(struct oncpu_record, uring.ring), "ring" },
	{ ONCPU_URING_WAIT, S32, offsetof(struct oncpu_record, uring.res), "res" },
	{ ONCPU_BLOCK_ISSUE, U64, offsetof(struct oncpu_record, block.sector), "sector" },
	{ ONCPU_BLOCK_ISSUE, U32, offsetof(struct oncpu_record, block.dev), "dev" },
	{ ONCPU_BLOCK_ISSUE, U32, offsetof(struct oncpu_record, block.bytes), "bytes" },
	{ ONCPU_BLOCK_COMPLETE, U64, offsetof(struct oncpu_record, block.sector), "sector" },
	{ ONCPU_BLOCK_COMPLETE, U32, offsetof(struct oncpu_record, block.dev), "dev" },
	{ ONCPU_BLOCK_COMPLETE, U32, offsetof(struct oncpu_record, block.bytes), "bytes" },
	{ ONCPU_SIGNAL, U32, offsetof(struct oncpu_record, signal.tid), "signal_tid" },
	{ ONCPU_SIGNAL, S32, offsetof(struct oncpu_record, signal.nr), "nr" },
	{ ONCPU_SIGNAL, S32, offsetof(struct oncpu_record, signal.code), "code" },
	{ ONCPU_SIGNAL, U32, offsetof(struct oncpu_record, signal.result), "result" },
	{ ONCPU_SIGNAL_DELIVER, U32, offsetof(struct oncpu_record, signal.tid), "signal_tid" },
	{ ONCPU_SIGNAL_DELIVER, S32, offsetof(struct oncpu_record, signal.nr), "nr" },
	{ ONCPU_SIGNAL_DELIVER, S32, offsetof(struct oncpu_record, signal.code), "code" },
	{ ONCPU_PI_SETPRIO, U32, offsetof(struct oncpu_record, pi.tid), "pi_tid" },
	{ ONCPU_PI_SETPRIO, U32, offsetof(struct oncpu_record, pi.donor), "donor" },
	{ ONCPU_PI_SETPRIO, U8, offsetof(struct oncpu_record, pi.old_prio), "old_prio" },
	{ ONCPU_PI_SETPRIO, U8, offsetof(struct oncpu_record, pi.new_prio), "new_prio" },
	{ ONCPU_LOCK_RELEASE, X64, offsetof(struct oncpu_record, lock.address), "address" },
	{ ONCPU_STACK, X64, offsetof(struct oncpu_record, stack.id), "id" },
	{ ONCPU_STACK, U16, offsetof(struct oncpu_record, stack.nr_user), "nr_user" },
	{ ONCPU_STACK, U16, offsetof(struct oncpu_record, stack.nr_kernel), "nr_kernel" },
	{ ONCPU_FRAMES, X64, offsetof(struct oncpu_record, frames[0]), "frames0" },
	{ ONCPU_FRAMES, X64, offsetof(struct oncpu_record, frames[1]), "frames1" },
	{ ONCPU_COUNTER, X64, offsetof(struct oncpu_record, counter[0]), "counter0" },
	{ ONCPU_COUNTER, X64, offsetof(struct oncpu_record, counter[1]), "counter1" },
	{ ONCPU_MARK_BEGIN, U32, offsetof(struct oncpu_record, mark.name), "name" },
	{ ONCPU_MARK_BEGIN, X64, offsetof(struct oncpu_record, mark.value), "value" },
	{ ONCPU_MARK_END, U32, offsetof(struct oncpu_record, mark.name), "name" },
	{ ONCPU_MARK_END, X64, offsetof(struct oncpu_record, mark.value), "value" },
	{ ONCPU_MARK_POINT, U32, offsetof(struct oncpu_record, mark.name), "name" },
	{ ONCPU_MARK_POINT, X64, offsetof(struct oncpu_record, mark.value), "value" },
	{ ONCPU_ULOCK_WAIT, X64, offsetof(struct oncpu_record, ulock.address), "address" },
	{ ONCPU_ULOCK_WAIT, X64, offsetof(struct oncpu_record, ulock.caller), "caller" },
	{ ONCPU_ULOCK_GOT, X64, offsetof(struct oncpu_record, ulock.address), "address" },
	{ ONCPU_ULOCK_GOT, X64, offsetof(struct oncpu_record, ulock.caller), "caller" },
	{ ONCPU_ULOCK_RELEASE, X64, offsetof(struct oncpu_record, ulock.address), "address" },
	{ ONCPU_ULOCK_RELEASE, X64, offsetof(struct oncpu_record, ulock.caller), "caller" },
	{ ONCPU_FUTEX_WORDS, U32, offsetof(struct oncpu_record, futex_words[0]), "word8" },
	{ ONCPU_FUTEX_WORDS, U32, offsetof(struct oncpu_record, futex_words[1]), "word12" },
	{ ONCPU_FUTEX_WORDS, U32, offsetof(struct oncpu_record, futex_words[2]), "word16" },
	{ ONCPU_FUTEX_WORDS, U32, offsetof(struct oncpu_record, futex_words[3]), "word24" },
	{ ONCPU_DECISION, U32, offsetof(struct oncpu_record, decision.tid), "decision_tid" },
	{ ONCPU_DECISION, U16, offsetof(struct oncpu_record, decision.queue), "queue" },
	{ ONCPU_DECISION, U16, offsetof(struct oncpu_record, decision.why), "why" },
	{ ONCPU_DECISION, U32, offsetof(struct oncpu_record, decision.slice_us), "slice_us" },
	{ ONCPU_DECISION, U32, offsetof(struct oncpu_record, decision.number), "number" },
};

#define NAME_OF(name, id, class, text) [id] = #name,
static const char *const types[] = { ONCPU_RECORD_TABLE(NAME_OF) };
#undef NAME_OF

const char *dump_type(unsigned int type)
{
	const char *name = type < sizeof(types) / sizeof(*types) ? types[type] : NULL;

	return name ? name : "?";
}

void dump_string(FILE *f, const char *s)
{
	fputc('"', f);
	for (; *s; s++) {
		if (*s == '"' || *s == '\\')
			fputc('\\', f);
		if ((unsigned char)*s < 0x20)
			fprintf(f, "\\u%04x", *s);
		else
			fputc(*s, f);
	}
	fputc('"', f);
}

static void print_comm(FILE *f, const struct oncpu_record *r, bool json)
{
	char comm[ONCPU_COMM_LEN + 1];

	memcpy(comm, r->comm, ONCPU_COMM_LEN);
	comm[ONCPU_COMM_LEN] = '\0';
	text_clean(comm);
	if (json)
		dump_string(f, comm);
	else
		fputs(comm, f);
}

static uint64_t value_of(const struct oncpu_record *r, const struct field *field)
{
	static const unsigned char sizes[] = {
		[U8] = 1, [U16] = 2, [S16] = 2, [U32] = 4, [S32] = 4, [U64] = 8, [X64] = 8
	};
	uint64_t value = 0;

	memcpy(&value, (const char *)r + field->offset, sizes[field->kind]); /* little-endian */
	return value;
}

static void print_field(FILE *f, const struct oncpu_record *r, const struct field *field, bool json)
{
	uint64_t value;

	if (json)
		fprintf(f, ",\"%s\":", field->name);
	else
		fprintf(f, " %s=", field->name);
	if (field->kind == COMM) {
		print_comm(f, r, json);
		return;
	}
	value = value_of(r, field);
	if (field->kind == S32)
		fprintf(f, "%" PRId32, (int32_t)value);
	else if (field->kind == S16)
		fprintf(f, "%" PRId16, (int16_t)value);
	else if (field->kind == X64)
		fprintf(f, "%s0x%" PRIx64 "%s", json ? "\"" : "", value, json ? "\"" : "");
	else
		fprintf(f, "%" PRIu64, value);
}

void dump_fields(FILE *f, const struct oncpu_record *r, bool json)
{
	const struct field *field;

	for (field = fields; field < fields + sizeof(fields) / sizeof(*fields); field++)
		if (field->type == r->type)
			print_field(f, r, field, json);
}
