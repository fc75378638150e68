// SPDX-License-Identifier: GPL-2.0
#include <bpf/libbpf.h>
#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <libelf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <oncpu/record.h>
#include "record/skeleton.h"
#include "record/ulock_links.h"

/* As in bpf/ulock.bpf.c. */
#define ASKS	 0x100
#define RELEASES 0x200
#define SECOND	 0x400
#define SHARED	 ONCPU_ULOCK_SHARED

static const struct function {
	const char *name;
	unsigned int cookie;
} functions[] = {
	{ "pthread_mutex_lock", ONCPU_ULOCK_MUTEX | ASKS },
	{ "pthread_mutex_trylock", ONCPU_ULOCK_MUTEX | ASKS },
	{ "pthread_mutex_timedlock", ONCPU_ULOCK_MUTEX | ASKS },
	{ "pthread_mutex_clocklock", ONCPU_ULOCK_MUTEX | ASKS },
	{ "pthread_mutex_unlock", ONCPU_ULOCK_MUTEX | RELEASES },
	{ "pthread_rwlock_rdlock", ONCPU_ULOCK_RWLOCK | SHARED | ASKS },
	{ "pthread_rwlock_tryrdlock", ONCPU_ULOCK_RWLOCK | SHARED | ASKS },
	{ "pthread_rwlock_timedrdlock", ONCPU_ULOCK_RWLOCK | SHARED | ASKS },
	{ "pthread_rwlock_wrlock", ONCPU_ULOCK_RWLOCK | ASKS },
	{ "pthread_rwlock_trywrlock", ONCPU_ULOCK_RWLOCK | ASKS },
	{ "pthread_rwlock_timedwrlock", ONCPU_ULOCK_RWLOCK | ASKS },
	{ "pthread_rwlock_unlock", ONCPU_ULOCK_RWLOCK | RELEASES },
	{ "pthread_spin_lock", ONCPU_ULOCK_SPINLOCK | ASKS },
	{ "pthread_spin_trylock", ONCPU_ULOCK_SPINLOCK | ASKS },
	{ "pthread_spin_unlock", ONCPU_ULOCK_SPINLOCK | RELEASES },
	{ "pthread_cond_wait", ONCPU_ULOCK_COND | ASKS | RELEASES | SECOND },
	{ "pthread_cond_timedwait", ONCPU_ULOCK_COND | ASKS | RELEASES | SECOND },
	{ "pthread_cond_clockwait", ONCPU_ULOCK_COND | ASKS | RELEASES | SECOND },
};

#define NR_FUNCTIONS (sizeof(functions) / sizeof(*functions))

/* Where distributions keep it. */
static const char *const libraries[] = {
	"/lib/x86_64-linux-gnu/libc.so.6",
	"/lib/aarch64-linux-gnu/libc.so.6",
	"/lib/riscv64-linux-gnu/libc.so.6",
	"/lib64/libc.so.6",
	"/usr/lib/libc.so.6",
};

#define MOST_PROBES (2 * NR_FUNCTIONS) /* a name may stand in both tables of symbols */
#define HIDDEN	    0x8000	       /* in .gnu.version: an old function, only for old programs */

struct ulock_links {
	struct bpf_link *links[2 * MOST_PROBES];
	size_t nr;
};

struct probes {
	unsigned long offsets[MOST_PROBES]; /* in the file */
	__u64 cookies[MOST_PROBES];
	size_t n;
};

/* libbpf would find them by name, but not in a file without .symtab, as distributions strip it. */
static unsigned long offset_of(Elf *elf, const GElf_Sym *sym)
{
	size_t n, i;
	GElf_Phdr p;

	if (elf_getphdrnum(elf, &n))
		return 0;
	for (i = 0; i < n; i++)
		if (gelf_getphdr(elf, (int)i, &p) && p.p_type == PT_LOAD &&
		    sym->st_value >= p.p_vaddr && sym->st_value < p.p_vaddr + p.p_filesz)
			return sym->st_value - p.p_vaddr + p.p_offset;
	return 0;
}

static void add(struct probes *probes, unsigned long offset, const char *name)
{
	size_t i;

	for (i = 0; i < probes->n; i++)
		if (probes->offsets[i] == offset)
			return;
	for (i = 0; i < NR_FUNCTIONS && probes->n < MOST_PROBES; i++)
		if (name && offset && !strcmp(name, functions[i].name)) {
			probes->offsets[probes->n] = offset;
			probes->cookies[probes->n++] = functions[i].cookie;
			return;
		}
}

static void look_through(struct probes *probes, Elf *elf, Elf_Scn *table, Elf_Data *versions)
{
	Elf_Data *data = elf_getdata(table, NULL);
	GElf_Shdr header;
	GElf_Versym version;
	GElf_Sym sym;
	int i;

	if (!data || !gelf_getshdr(table, &header))
		return;
	for (i = 0; gelf_getsym(data, i, &sym); i++) {
		if (GELF_ST_TYPE(sym.st_info) != STT_FUNC || sym.st_shndx == SHN_UNDEF)
			continue;
		if (versions && gelf_getversym(versions, i, &version) && version & HIDDEN)
			continue;
		add(probes, offset_of(elf, &sym), elf_strptr(elf, header.sh_link, sym.st_name));
	}
}

static Elf_Scn *section(Elf *elf, GElf_Word type)
{
	Elf_Scn *s = NULL;
	GElf_Shdr header;

	while ((s = elf_nextscn(elf, s)))
		if (gelf_getshdr(s, &header) && header.sh_type == type)
			return s;
	return NULL;
}

static void find_probes(struct probes *probes, const char *file)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC);
	Elf_Scn *names, *versions;
	Elf *elf;

	elf_version(EV_CURRENT);
	elf = fd < 0 ? NULL : elf_begin(fd, ELF_C_READ_MMAP, NULL);
	if (elf && elf_kind(elf) == ELF_K_ELF) {
		names = section(elf, SHT_DYNSYM);
		versions = section(elf, SHT_GNU_versym);
		if (names)
			look_through(probes, elf, names,
				     versions ? elf_getdata(versions, NULL) : NULL);
		names = section(elf, SHT_SYMTAB);
		if (names && !probes->n)
			look_through(probes, elf, names, NULL);
	}
	elf_end(elf);
	if (fd >= 0)
		close(fd);
}

/* One by one: the kernel refuses some first instructions (a spin lock's begins with LOCK), and with
 * them all that is asked for at once. */
static void attach_to(struct ulock_links *l, struct oncpu_bpf *skel, const char *file)
{
	struct probes probes = {};
	struct bpf_link *link;
	size_t i;

	find_probes(&probes, file);
	for (i = 0; i < probes.n; i++) {
		LIBBPF_OPTS(bpf_uprobe_multi_opts, opts, .offsets = &probes.offsets[i],
			    .cookies = &probes.cookies[i], .cnt = 1);

		link = bpf_program__attach_uprobe_multi(skel->progs.on_ulock_wait__ulock_release,
							-1, file, NULL, &opts);
		if (link)
			l->links[l->nr++] = link;
	}
}

int ulock_links_attach(struct ulock_links **links, struct oncpu_bpf *skel, const char *program)
{
	struct ulock_links *l = calloc(1, sizeof(*l));
	size_t i;

	*links = l;
	if (!l)
		return -ENOMEM;
	for (i = 0; i < sizeof(libraries) / sizeof(*libraries); i++)
		if (!access(libraries[i], R_OK)) {
			attach_to(l, skel, libraries[i]);
			break;
		}
	if (program && strchr(program, '/'))
		attach_to(l, skel, program);
	return l->nr ? 0 : -ENOENT;
}

void ulock_links_detach(struct ulock_links *l)
{
	while (l && l->nr)
		bpf_link__destroy(l->links[--l->nr]);
	free(l);
}
