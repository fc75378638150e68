// SPDX-License-Identifier: GPL-2.0
/*
 * A QEMU plugin: counts the guest's instructions, and writes the count down when the guest executes
 * one of work.c's marks: a line "NUMBER KERNEL USER" in the file that out=FILE names.
 *
 * Of QEMU's plugin interface, whose header no Debian package holds, the few declarations that are
 * needed are here (version 4: QEMU 9.2 and later).
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define EXPORT __attribute__((visibility("default")))

struct qemu_plugin_tb;
struct qemu_plugin_insn;
struct qemu_plugin_scoreboard;
struct qemu_info;

typedef struct {
	struct qemu_plugin_scoreboard *score;
	size_t offset;
} qemu_plugin_u64;

enum { INLINE_ADD_U64 = 0, CB_NO_REGS = 0 };

extern struct qemu_plugin_scoreboard *qemu_plugin_scoreboard_new(size_t element_size);
extern uint64_t qemu_plugin_u64_sum(qemu_plugin_u64 entry);
extern void qemu_plugin_register_vcpu_tb_trans_cb(uint64_t id,
						  void (*f)(uint64_t, struct qemu_plugin_tb *));
extern void qemu_plugin_register_vcpu_tb_exec_inline_per_vcpu(struct qemu_plugin_tb *tb, int op,
							      qemu_plugin_u64 entry, uint64_t imm);
extern void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *insn,
						   void (*f)(unsigned int, void *), int flags,
						   void *data);
extern size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *tb);
extern uint64_t qemu_plugin_tb_vaddr(const struct qemu_plugin_tb *tb);
extern struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *tb, size_t i);
extern size_t qemu_plugin_insn_data(const struct qemu_plugin_insn *insn, void *to, size_t size);

EXPORT int qemu_plugin_version = 4;

static const unsigned char mark[] = { 0x0f, 0x1f, 0x84, 0x00 };
static const unsigned char name[] = { 'c', 'n', 'o' }; /* the high bytes, as they lie in memory */
static qemu_plugin_u64 kernel, user;
static FILE *out;

static void on_mark(unsigned int vcpu, void *number)
{
	(void)vcpu;
	fprintf(out, "%u %llu %llu\n", (unsigned int)(uintptr_t)number,
		(unsigned long long)qemu_plugin_u64_sum(kernel),
		(unsigned long long)qemu_plugin_u64_sum(user));
	fflush(out);
}

static void find_mark(struct qemu_plugin_insn *insn)
{
	unsigned char bytes[8];

	if (qemu_plugin_insn_data(insn, bytes, sizeof(bytes)) != sizeof(bytes) ||
	    memcmp(bytes, mark, sizeof(mark)) != 0 || memcmp(bytes + 5, name, sizeof(name)) != 0)
		return;
	qemu_plugin_register_vcpu_insn_exec_cb(insn, on_mark, CB_NO_REGS,
					       (void *)(uintptr_t)bytes[4]);
}

static void on_translation(uint64_t id, struct qemu_plugin_tb *tb)
{
	const size_t n = qemu_plugin_tb_n_insns(tb);
	const bool in_kernel = qemu_plugin_tb_vaddr(tb) >> 63;
	size_t i;

	(void)id;
	qemu_plugin_register_vcpu_tb_exec_inline_per_vcpu(tb, INLINE_ADD_U64,
							  in_kernel ? kernel : user, n);
	for (i = 0; i < n && !in_kernel; i++)
		find_mark(qemu_plugin_tb_get_insn(tb, i));
}

EXPORT int qemu_plugin_install(uint64_t id, const struct qemu_info *info, int argc, char **argv);

EXPORT int qemu_plugin_install(uint64_t id, const struct qemu_info *info, int argc, char **argv)
{
	(void)info;
	if (argc != 1 || strncmp(argv[0], "out=", 4) != 0)
		return -1;
	out = fopen(argv[0] + 4, "ae");
	if (!out)
		return -1;
	kernel.score = qemu_plugin_scoreboard_new(sizeof(uint64_t));
	user.score = qemu_plugin_scoreboard_new(sizeof(uint64_t));
	qemu_plugin_register_vcpu_tb_trans_cb(id, on_translation);
	return 0;
}
