// SPDX-License-Identifier: GPL-2.0
#include <dwarf.h>
#include <elfutils/libdw.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "record/names.h"
#include "record/types.h"

struct entry { /* a variable at a fixed address */
	Dwarf_Addr address, size;
	Dwarf_Off die;
};

struct file {
	struct file *next;
	Dwarf *dwarf;
	struct entry *entries;
	size_t n, room;
};

struct names {
	struct file *files;
};

struct names *names_new(void)
{
	return calloc(1, sizeof(struct names));
}

void names_free(struct names *n)
{
	struct file *f;

	while (n && (f = n->files)) {
		n->files = f->next;
		free(f->entries);
		free(f);
	}
	free(n);
}

static bool fixed_address(Dwarf_Die *die, Dwarf_Addr *address)
{
	Dwarf_Attribute attr, found;
	Dwarf_Op *op;
	size_t n;

	if (!dwarf_attr(die, DW_AT_location, &attr) || dwarf_getlocation(&attr, &op, &n) || n != 1)
		return false;
	if (op->atom == DW_OP_addr) {
		*address = op->number;
		return true;
	}
	return op->atom == DW_OP_addrx && !dwarf_getlocation_attr(&attr, op, &found) &&
	       !dwarf_formaddr(&found, address);
}

static void add_variable(struct file *f, Dwarf_Die *die)
{
	struct entry e = { .die = dwarf_dieoffset(die) };
	struct entry *bigger;
	size_t room = f->room ? 2 * f->room : 64;
	Dwarf_Die type;

	if (!fixed_address(die, &e.address) || !type_of(die, &type))
		return;
	e.size = type_size(&type);
	if (f->n == f->room) {
		bigger = reallocarray(f->entries, room, sizeof(*bigger));
		if (!bigger)
			return;
		f->entries = bigger;
		f->room = room;
	}
	f->entries[f->n++] = e;
}

/* Static variables stand within their functions and blocks. Types hold no variable of C. */
static void walk(struct file *f, Dwarf_Die *parent)
{
	Dwarf_Die die;

	if (dwarf_child(parent, &die))
		return;
	do {
		switch (dwarf_tag(&die)) {
		case DW_TAG_variable:
			add_variable(f, &die);
			break;
		case DW_TAG_subprogram:
		case DW_TAG_inlined_subroutine:
		case DW_TAG_lexical_block:
		case DW_TAG_namespace:
			walk(f, &die);
		}
	} while (!dwarf_siblingof(&die, &die));
}

static struct file *read_file(struct names *n, Dwarf *dwarf)
{
	struct file *f = n->files;
	Dwarf_CU *cu = NULL;
	Dwarf_Die die;

	while (f && f->dwarf != dwarf)
		f = f->next;
	if (f)
		return f;
	f = calloc(1, sizeof(*f));
	if (!f)
		return NULL;
	f->dwarf = dwarf;
	f->next = n->files;
	n->files = f;
	while (!dwarf_get_units(dwarf, cu, &cu, NULL, NULL, &die, NULL))
		walk(f, &die);
	return f;
}

static void name_variable(struct file *f, const struct entry *e, uint64_t offset,
			  struct variable *out)
{
	Dwarf_Die die, type;
	uint64_t within = offset;
	const char *name;
	size_t length;

	if (!dwarf_offdie(f->dwarf, e->die, &die) || !type_of(&die, &type))
		return;
	name = dwarf_diename(&die);
	if (!name)
		return;
	snprintf(out->name, sizeof(out->name), "%s", name);
	length = strlen(out->name);
	out->kind = type_path(&type, &within, out->name + length, sizeof(out->name) - length);
	out->base = within; /* for now: how far into the lock */
}

static bool by_dwarf(struct names *n, Dwfl_Module *module, uint64_t address, struct variable *out)
{
	Dwarf_Addr bias;
	Dwarf *dwarf = dwfl_module_getdwarf(module, &bias);
	struct file *f = dwarf ? read_file(n, dwarf) : NULL;
	size_t i;

	for (i = 0; f && i < f->n && !out->name[0]; i++)
		if (address - bias >= f->entries[i].address &&
		    address - bias - f->entries[i].address < f->entries[i].size)
			name_variable(f, &f->entries[i], address - bias - f->entries[i].address,
				      out);
	out->base = out->kind ? address - out->base : 0;
	return out->name[0];
}

static void by_symbol(Dwfl_Module *module, uint64_t address, struct variable *out)
{
	GElf_Off offset;
	GElf_Sym sym;
	const char *name = dwfl_module_addrinfo(module, address, &offset, &sym, NULL, NULL, NULL);

	if (!name || GELF_ST_TYPE(sym.st_info) != STT_OBJECT || offset >= sym.st_size)
		return;
	if (offset)
		snprintf(out->name, sizeof(out->name), "%s+%llu", name, (unsigned long long)offset);
	else
		snprintf(out->name, sizeof(out->name), "%s", name);
}

void names_find(struct names *n, Dwfl *dwfl, uint64_t address, struct variable *out)
{
	Dwfl_Module *module = dwfl ? dwfl_addrmodule(dwfl, address) : NULL;

	*out = (struct variable){ .kind = 0 };
	if (module && !by_dwarf(n, module, address, out))
		by_symbol(module, address, out);
}
