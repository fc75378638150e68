// SPDX-License-Identifier: GPL-2.0
#include <elf.h>
#include <stdint.h>
#include <string.h>

#include <oncpu/record.h>
#include "record/calls.h"

#define MOST_BYTES 16 /* of code looked at */

/* Bytes of a file, by the address they have in the process. */
static bool read_code(Dwfl_Module *module, Dwarf_Addr address, unsigned char *to, size_t size)
{
	GElf_Addr bias;
	Elf *elf = dwfl_module_getelf(module, &bias);
	size_t n, i, file_size;
	const char *file = elf ? elf_rawfile(elf, &file_size) : NULL;
	GElf_Phdr p;

	if (!file || elf_getphdrnum(elf, &n))
		return false;
	address -= bias;
	for (i = 0; i < n; i++) {
		if (!gelf_getphdr(elf, (int)i, &p) || p.p_type != PT_LOAD || address < p.p_vaddr ||
		    address - p.p_vaddr + size > p.p_filesz ||
		    address - p.p_vaddr + p.p_offset + size > file_size)
			continue;
		memcpy(to, file + (address - p.p_vaddr + p.p_offset), size);
		return true;
	}
	return false;
}

static int32_t displacement(const unsigned char *p)
{
	int32_t d;

	memcpy(&d, p, sizeof(d));
	return d;
}

static const char *symbol_of(Elf *elf, size_t symbols, size_t index)
{
	Elf_Scn *scn = elf_getscn(elf, symbols);
	Elf_Data *data = scn ? elf_getdata(scn, NULL) : NULL;
	GElf_Shdr shdr;
	GElf_Sym sym;

	if (!data || !index || !gelf_getshdr(scn, &shdr) || !gelf_getsym(data, (int)index, &sym))
		return NULL;
	return elf_strptr(elf, shdr.sh_link, sym.st_name);
}

static const char *relocated(Elf *elf, Elf_Scn *scn, const GElf_Shdr *shdr, GElf_Addr slot)
{
	Elf_Data *data = elf_getdata(scn, NULL);
	size_t i, n = shdr->sh_entsize ? shdr->sh_size / shdr->sh_entsize : 0;
	GElf_Rela rela;

	for (i = 0; data && i < n; i++)
		if (gelf_getrela(data, (int)i, &rela) && rela.r_offset == slot)
			return symbol_of(elf, shdr->sh_link, GELF_R_SYM(rela.r_info));
	return NULL;
}

/* Whose address the dynamic linker puts there. */
static const char *slot_symbol(Dwfl_Module *module, Dwarf_Addr slot)
{
	GElf_Addr bias;
	Elf *elf = dwfl_module_getelf(module, &bias);
	const char *name = NULL;
	Elf_Scn *scn = NULL;
	GElf_Shdr shdr;

	while (elf && !name && (scn = elf_nextscn(elf, scn)))
		if (gelf_getshdr(scn, &shdr) && shdr.sh_type == SHT_RELA)
			name = relocated(elf, scn, &shdr, slot - bias);
	return name;
}

static const char *function_at(Dwfl_Module *module, Dwarf_Addr address)
{
	GElf_Off offset = 1;
	GElf_Sym sym;
	const char *name = dwfl_module_addrinfo(module, address, &offset, &sym, NULL, NULL, NULL);

	return name && !offset && GELF_ST_TYPE(sym.st_info) == STT_FUNC ? name : NULL;
}

/* An entry of the procedure linkage table: [endbr64] [bnd] jmp *slot(%rip) */
static const char *stub_target(Dwfl_Module *module, Dwarf_Addr stub)
{
	static const unsigned char endbr64[] = { 0xf3, 0x0f, 0x1e, 0xfa };
	unsigned char code[MOST_BYTES];
	size_t at = 0;

	if (!read_code(module, stub, code, sizeof(code)))
		return NULL;
	if (!memcmp(code, endbr64, sizeof(endbr64)))
		at += sizeof(endbr64);
	if (code[at] == 0xf2)
		at++;
	if (code[at] != 0xff || code[at + 1] != 0x25)
		return NULL;
	return slot_symbol(module, stub + at + 6 + (Dwarf_Addr)displacement(code + at + 2));
}

/* Linked without the dynamic linker: what it calls of the C library stands in the same file. */
static bool is_static(Dwfl_Module *module)
{
	GElf_Addr bias;
	Elf *elf = dwfl_module_getelf(module, &bias);
	size_t n, i;
	GElf_Phdr p;

	if (!elf || elf_getphdrnum(elf, &n))
		return false;
	for (i = 0; i < n; i++)
		if (gelf_getphdr(elf, (int)i, &p) && p.p_type == PT_INTERP)
			return false;
	return true;
}

/* x86-64's "call" and "call *slot(%rip)"; other machines' instructions look different, and match not. */
const char *call_target(Dwfl *dwfl, Dwarf_Addr return_address)
{
	Dwfl_Module *module = dwfl_addrmodule(dwfl, return_address - 1);
	unsigned char code[6];
	Dwarf_Addr target;
	const char *name;

#ifndef __x86_64__
	return NULL;
#endif
	if (!module || !read_code(module, return_address - sizeof(code), code, sizeof(code)))
		return NULL;
	if (code[0] == 0xff && code[1] == 0x15)
		return slot_symbol(module, return_address + (Dwarf_Addr)displacement(code + 2));
	if (code[1] != 0xe8)
		return NULL;
	target = return_address + (Dwarf_Addr)displacement(code + 2);
	name = stub_target(module, target);
	return name || !is_static(module) ? name : function_at(module, target);
}

unsigned int call_kind(const char *function)
{
	static const struct {
		const char *name;
		unsigned int kind;
	} calls[] = {
		{ "pthread_mutex_lock", ONCPU_ULOCK_MUTEX },
		{ "pthread_mutex_timedlock", ONCPU_ULOCK_MUTEX },
		{ "pthread_mutex_clocklock", ONCPU_ULOCK_MUTEX },
		{ "mtx_lock", ONCPU_ULOCK_MUTEX },
		{ "mtx_timedlock", ONCPU_ULOCK_MUTEX },
		{ "pthread_rwlock_rdlock", ONCPU_ULOCK_RWLOCK },
		{ "pthread_rwlock_timedrdlock", ONCPU_ULOCK_RWLOCK },
		{ "pthread_rwlock_clockrdlock", ONCPU_ULOCK_RWLOCK },
		{ "pthread_rwlock_wrlock", ONCPU_ULOCK_RWLOCK },
		{ "pthread_rwlock_timedwrlock", ONCPU_ULOCK_RWLOCK },
		{ "pthread_rwlock_clockwrlock", ONCPU_ULOCK_RWLOCK },
		{ "pthread_cond_wait", ONCPU_ULOCK_COND },
		{ "pthread_cond_timedwait", ONCPU_ULOCK_COND },
		{ "pthread_cond_clockwait", ONCPU_ULOCK_COND },
		{ "pthread_cond_signal", ONCPU_ULOCK_COND },
		{ "pthread_cond_broadcast", ONCPU_ULOCK_COND },
		{ "cnd_wait", ONCPU_ULOCK_COND },
		{ "cnd_timedwait", ONCPU_ULOCK_COND },
		{ "cnd_signal", ONCPU_ULOCK_COND },
		{ "cnd_broadcast", ONCPU_ULOCK_COND },
		{ "sem_wait", ONCPU_ULOCK_SEM },
		{ "sem_timedwait", ONCPU_ULOCK_SEM },
		{ "sem_clockwait", ONCPU_ULOCK_SEM },
		{ "pthread_barrier_wait", ONCPU_ULOCK_BARRIER },
		{ "pthread_join", ONCPU_ULOCK_JOIN },
		{ "pthread_timedjoin_np", ONCPU_ULOCK_JOIN },
		{ "pthread_clockjoin_np", ONCPU_ULOCK_JOIN },
		{ "thrd_join", ONCPU_ULOCK_JOIN },
		{ "pthread_once", ONCPU_ULOCK_ONCE },
		{ "call_once", ONCPU_ULOCK_ONCE },
	};
	size_t i;

	function += strspn(function, "_");
	for (i = 0; i < sizeof(calls) / sizeof(*calls); i++)
		if (!strcmp(calls[i].name, function))
			return calls[i].kind;
	return 0;
}
