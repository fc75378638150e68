// SPDX-License-Identifier: GPL-2.0
#include <dwarf.h>
#include <elfutils/libdw.h>
#include <elfutils/libdwfl.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "record/frames.h"
#include "record/kernel.h"
#include "record/unwind.h"

struct key {
	const struct space *space; /* NULL: the kernel's */
	uint64_t address;
	bool is_return;
	int index;
};

struct frames {
	void *keys; /* tsearch's tree of struct key */
	json_t *list;
	struct kernel *kernel;
	bool kernel_read;
};

struct frames *frames_new(void)
{
	struct frames *f = calloc(1, sizeof(*f));

	if (f)
		f->list = json_array();
	return f;
}

void frames_free(struct frames *f)
{
	if (!f)
		return;
	tdestroy(f->keys, free);
	json_decref(f->list);
	kernel_free(f->kernel);
	free(f);
}

static int compare(const void *a, const void *b)
{
	const struct key *x = a, *y = b;

	if (x->address != y->address)
		return x->address < y->address ? -1 : 1;
	if (x->space != y->space)
		return x->space < y->space ? -1 : 1;
	return x->is_return - y->is_return;
}

/* Its key, with index -1 where it is new. */
static struct key *find(struct frames *f, struct key wanted)
{
	struct key *key = malloc(sizeof(*key)), **found;

	if (!key)
		return NULL;
	*key = wanted;
	key->index = -1;
	found = tsearch(key, &f->keys, compare);
	if (!found || *found != key)
		free(key);
	return found ? *found : NULL;
}

/* The innermost function of the source that the address belongs to, inlined ones included. */
static const char *function_of(Dwfl_Module *module, Dwarf_Addr address)
{
	Dwarf_Die *scopes = NULL, *unit;
	const char *name = NULL;
	Dwarf_Addr bias;
	int i, n;

	unit = dwfl_module_addrdie(module, address, &bias);
	n = unit ? dwarf_getscopes(unit, address - bias, &scopes) : 0;
	for (i = 0; i < n && !name; i++)
		if (dwarf_tag(&scopes[i]) == DW_TAG_subprogram ||
		    dwarf_tag(&scopes[i]) == DW_TAG_inlined_subroutine)
			name = dwarf_diename(&scopes[i]);
	if (n > 0)
		free(scopes);
	return name ? name : dwfl_module_addrname(module, address);
}

static void set_text(json_t *frame, const char *key, const char *text)
{
	if (text && *text)
		json_object_set_new(frame, key, json_string(text));
}

static void set_hex(json_t *frame, const char *key, uint64_t value)
{
	json_object_set_new(frame, key, json_sprintf("0x%llx", (unsigned long long)value));
}

static json_t *user_frame(struct space *s, uint64_t address)
{
	Dwfl *dwfl = unwind_files(s);
	Dwfl_Module *module = dwfl ? dwfl_addrmodule(dwfl, address) : NULL;
	json_t *frame = json_object();
	Dwarf_Addr start, end;
	const char *file;
	Dwfl_Line *line;
	int number = 0;

	if (!module) {
		set_hex(frame, "offset", address);
		return frame;
	}
	set_text(frame, "module",
		 dwfl_module_info(module, NULL, &start, &end, NULL, NULL, NULL, NULL));
	set_hex(frame, "offset", address - start);
	set_text(frame, "function", function_of(module, address));
	line = dwfl_module_getsrc(module, address);
	file = line ? dwfl_lineinfo(line, NULL, &number, NULL, NULL, NULL) : NULL;
	set_text(frame, "file", file);
	if (file && number > 0)
		json_object_set_new(frame, "line", json_integer(number));
	return frame;
}

static int add(struct frames *f, struct key *key, json_t *frame)
{
	key->index = (int)json_array_size(f->list);
	return json_array_append_new(f->list, frame) ? -1 : key->index;
}

int frames_user(struct frames *f, struct space *s, uint64_t address, bool is_return)
{
	struct key *key = find(f, (struct key){ s, address, is_return, -1 });

	if (!key || key->index >= 0)
		return key ? key->index : -1;
	return add(f, key, user_frame(s, address - is_return));
}

int frames_kernel(struct frames *f, uint64_t address)
{
	struct key *key = find(f, (struct key){ NULL, address, true, -1 });
	json_t *frame;
	uint64_t offset = address;

	if (!key || key->index >= 0)
		return key ? key->index : -1;
	if (!f->kernel_read)
		f->kernel = kernel_read();
	f->kernel_read = true;
	frame = json_pack("{s:s}", "module", "kernel");
	set_text(frame, "function", kernel_function(f->kernel, address - 1, &offset));
	set_hex(frame, "offset", offset);
	return add(f, key, frame);
}

json_t *frames_json(const struct frames *f)
{
	return json_incref(f->list);
}

bool frames_in_library(struct space *s, uint64_t address)
{
	Dwfl *dwfl = unwind_files(s);
	Dwfl_Module *module = dwfl ? dwfl_addrmodule(dwfl, address) : NULL;
	Dwarf_Addr bias;
	const char *name;

	if (!module)
		return true;
	name = dwfl_module_info(module, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
	if (!strncmp(name, "libc.", 5) || !strncmp(name, "libpthread", 10) ||
	    !strncmp(name, "ld-", 3))
		return true;
	/* A static program holds the library: that part has no source. */
	return dwfl_module_getdwarf(module, &bias) && !dwfl_module_addrdie(module, address, &bias);
}
