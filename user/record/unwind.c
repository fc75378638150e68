// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <oncpu/record.h>
#include "record/unwind.h"

enum { ENTRY_IP, ENTRY_SP, ENTRY_FP, FIRST_WORD };

struct stack {
	const uint64_t *entries;
	size_t n;
	struct unwound *out;
	bool blind; /* the frame before had no table: what libdwfl says next is a guess */
};

static const Dwfl_Callbacks callbacks = {
	.find_elf = dwfl_build_id_find_elf,
	.find_debuginfo = dwfl_standard_find_debuginfo,
};

/* The file may have been replaced since it was mapped: then it tells of something else. */
static bool is_as_mapped(int fd, uint64_t mapped_ns)
{
	struct timespec wall, mono;
	struct stat st;
	int64_t changed_ns;

	if (fstat(fd, &st) || !S_ISREG(st.st_mode))
		return false;
	clock_gettime(CLOCK_REALTIME, &wall);
	clock_gettime(CLOCK_MONOTONIC, &mono);
	changed_ns = (st.st_ctim.tv_sec - wall.tv_sec + mono.tv_sec) * 1000000000ll +
		     (st.st_ctim.tv_nsec - wall.tv_nsec + mono.tv_nsec);
	return !mapped_ns || changed_ns <= (int64_t)mapped_ns;
}

/* How far the file was moved: its segments say where they want to be. */
static bool find_bias(Elf *elf, const struct mapping *m, uint64_t *bias)
{
	const uint64_t page = 4096;
	size_t n, i;
	GElf_Phdr p;

	if (gelf_getclass(elf) != ELFCLASS64 || elf_getphdrnum(elf, &n))
		return false;
	for (i = 0; i < n; i++) {
		if (!gelf_getphdr(elf, (int)i, &p) || p.p_type != PT_LOAD || !(p.p_flags & PF_X) ||
		    m->offset < p.p_offset / page * page || m->offset >= p.p_offset + p.p_filesz)
			continue;
		*bias = m->start - (p.p_vaddr + m->offset - p.p_offset);
		return true;
	}
	return false;
}

static void report(Dwfl *dwfl, const struct mapping *m)
{
	int fd = open(m->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	const char *name = strrchr(m->path, '/');
	uint64_t bias;
	bool found;
	Elf *elf;

	if (fd < 0)
		return;
	elf = is_as_mapped(fd, m->time_ns) ? elf_begin(fd, ELF_C_READ_MMAP, NULL) : NULL;
	found = elf && find_bias(elf, m, &bias);
	elf_end(elf);
	if (!found || !dwfl_report_elf(dwfl, name ? name + 1 : m->path, m->path, fd, bias, true))
		close(fd);
}

/* Two files were at one address, one after the other: which is meant is not known. */
static bool overlaps(const struct space *s, size_t i)
{
	size_t k;

	for (k = 0; k < s->nr_mappings; k++)
		if (k != i && strcmp(s->mappings[k].path, s->mappings[i].path) &&
		    s->mappings[k].start < s->mappings[i].end &&
		    s->mappings[i].start < s->mappings[k].end)
			return true;
	return false;
}

/* One of several executable segments suffices. */
static bool reported(const struct space *s, size_t i)
{
	size_t k;

	for (k = 0; k < i; k++)
		if (!strcmp(s->mappings[k].path, s->mappings[i].path))
			return true;
	return false;
}

static pid_t no_thread(Dwfl *dwfl, void *arg, void **thread_arg)
{
	(void)dwfl, (void)arg, (void)thread_arg;
	return 0;
}

static bool get_thread(Dwfl *dwfl, pid_t tid, void *arg, void **thread_arg)
{
	(void)dwfl, (void)tid;
	*thread_arg = *(void **)arg;
	return *thread_arg != NULL;
}

static bool read_word(Dwfl *dwfl, Dwarf_Addr address, Dwarf_Word *result, void *arg)
{
	const struct stack *s = *(struct stack **)arg;
	uint64_t place = (address - s->entries[ENTRY_SP]) / sizeof(uint64_t);
	size_t i;

	(void)dwfl;
	if (address < s->entries[ENTRY_SP] || address % sizeof(uint64_t))
		return false;
	for (i = FIRST_WORD; i < s->n; i++)
		if (s->entries[i] >> ONCPU_STACK_SHIFT == place) {
			*result = s->entries[i] & ((1ull << ONCPU_STACK_SHIFT) - 1);
			return true;
		}
	return false; /* it was no address, or is beyond what was recorded */
}

/* By the numbers that DWARF gives the registers of x86-64. Of other machines none is known here. */
static bool set_registers(Dwfl_Thread *thread, void *arg)
{
	const struct stack *s = arg;
	Dwarf_Word fp = s->entries[ENTRY_FP], sp = s->entries[ENTRY_SP], ip = s->entries[ENTRY_IP];

#ifndef __x86_64__
	return false;
#endif
	return dwfl_thread_state_registers(thread, 6, 1, &fp) &&
	       dwfl_thread_state_registers(thread, 7, 1, &sp) &&
	       dwfl_thread_state_registers(thread, 16, 1, &ip);
}

static const Dwfl_Thread_Callbacks thread_callbacks = {
	.next_thread = no_thread,
	.get_thread = get_thread,
	.memory_read = read_word,
	.set_initial_registers = set_registers,
};

Dwfl *unwind_files(struct space *s)
{
	struct stack **now;
	Dwfl *dwfl;
	size_t i;

	if (s->dwfl)
		return s->dwfl;
	dwfl = dwfl_begin(&callbacks);
	if (!dwfl)
		return NULL;
	for (i = 0; i < s->nr_mappings; i++)
		if (!overlaps(s, i) && !reported(s, i))
			report(dwfl, &s->mappings[i]);
	dwfl_report_end(dwfl, NULL, NULL);
	now = calloc(1, sizeof(struct stack *));
	if (now)
		dwfl_attach_state(dwfl, NULL, (pid_t)s->tgid, &thread_callbacks, now);
	s->dwfl = dwfl;
	s->now = (void **)now;
	return dwfl;
}

static bool has_table(Dwfl *dwfl, uint64_t pc)
{
	Dwfl_Module *module = dwfl_addrmodule(dwfl, pc);
	Dwarf_Addr bias;
	Dwarf_Frame *frame = NULL;
	Dwarf_CFI *cfi = module ? dwfl_module_eh_cfi(module, &bias) : NULL;
	bool found = cfi && !dwarf_cfi_addrframe(cfi, pc - bias, &frame);

	free(frame);
	return found;
}

static int take_frame(Dwfl_Frame *frame, void *arg)
{
	struct stack *s = arg;
	Dwfl *dwfl = dwfl_thread_dwfl(dwfl_frame_thread(frame));
	bool exact; /* not a return address, which may be that of the next function */
	Dwarf_Addr pc;

	if (s->blind || s->out->n == UNWIND_MOST || !dwfl_frame_pc(frame, &pc, &exact))
		return DWARF_CB_ABORT;
	s->out->pc[s->out->n++] = pc;
	s->blind = !has_table(dwfl, exact ? pc : pc - 1);
	return DWARF_CB_OK;
}

void unwind(struct space *s, const uint64_t *entries, size_t n, struct unwound *out)
{
	struct stack stack = { .entries = entries, .n = n, .out = out };
	Dwfl *dwfl = unwind_files(s);

	*out = (struct unwound){ .n = 0 };
	if (n < FIRST_WORD)
		return;
	if (dwfl && s->now) {
		*s->now = &stack;
		out->whole =
			dwfl_getthread_frames(dwfl, 1, take_frame, &stack) == 0 && !stack.blind;
		*s->now = NULL;
	}
	if (!out->n) {
		out->pc[out->n++] = entries[ENTRY_IP];
		out->whole = false;
	}
}

void unwind_close(struct space *s)
{
	if (s->dwfl)
		dwfl_end(s->dwfl);
	free(s->now);
	s->dwfl = NULL;
	s->now = NULL;
}
