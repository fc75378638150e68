// SPDX-License-Identifier: GPL-2.0
/*
 * Lines by addr2line, which stands beside every compiler; names of variables by the symbol table.
 */
#include "explore/code.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

struct text {
	char file[PATH_MAX];
	char **lines;
	int nr;
	struct text *next;
};

struct code {
	char program[PATH_MAX];
	uint64_t base; /* to be taken from each address */
	const unsigned char *elf;
	size_t size;
	struct code_line **lines; /* each stays where it is: they are handed out */
	size_t nr_lines, nr_known;
	struct text *texts;
};

int code_open(struct code **out, const char *program, uint64_t base)
{
	struct code *s = calloc(1, sizeof(*s));
	struct stat st;
	int fd;

	if (!s)
		return -ENOMEM;
	snprintf(s->program, sizeof(s->program), "%s", program);
	fd = open(program, O_RDONLY | O_CLOEXEC);
	if (fd >= 0 && !fstat(fd, &st) && st.st_size > (off_t)sizeof(Elf64_Ehdr)) {
		s->size = (size_t)st.st_size;
		s->elf = mmap(NULL, s->size, PROT_READ, MAP_PRIVATE, fd, 0);
		if (s->elf == MAP_FAILED)
			s->elf = NULL;
	}
	if (fd >= 0)
		close(fd);
	if (s->elf && ((const Elf64_Ehdr *)s->elf)->e_type == ET_DYN)
		s->base = base;
	*out = s;
	return 0;
}

void code_close(struct code *s)
{
	struct text *t, *next;
	int i;

	if (!s)
		return;
	for (t = s->texts; t; t = next) {
		next = t->next;
		for (i = 0; i < t->nr; i++)
			free(t->lines[i]);
		free(t->lines);
		free(t);
	}
	if (s->elf)
		munmap((void *)(uintptr_t)s->elf, s->size);
	while (s->nr_lines)
		free(s->lines[--s->nr_lines]);
	free(s->lines);
	free(s);
}

static struct code_line *find(const struct code *s, uint64_t pc)
{
	size_t i;

	for (i = 0; i < s->nr_lines; i++)
		if (s->lines[i]->pc == pc)
			return s->lines[i];
	return NULL;
}

void code_want(struct code *s, uint64_t pc)
{
	struct code_line **grown, *l;

	if (!pc || find(s, pc))
		return;
	grown = realloc(s->lines, (s->nr_lines + 1) * sizeof(*grown));
	if (!grown)
		return;
	s->lines = grown;
	l = malloc(sizeof(*l));
	if (!l)
		return;
	*l = (struct code_line){ .pc = pc, .file = "?" };
	grown[s->nr_lines++] = l;
}

/* Two lines an address: the function, and file:line. */
static void parse_answer(struct code_line *l, const char *function, char *at)
{
	char *colon;

	at[strcspn(at, " \n")] = '\0';
	colon = strrchr(at, ':');
	if (!colon || at[0] == '?')
		return;
	*colon = '\0';
	l->line = atoi(colon + 1);
	snprintf(l->function, sizeof(l->function), "%.*s", (int)strcspn(function, "\n"), function);
	if (strlen(at) < sizeof(l->file))
		strcpy(l->file, at);
	else
		snprintf(l->file, sizeof(l->file), "%s", at + strlen(at) - sizeof(l->file) + 1);
}

static void read_answers(struct code *s, FILE *f)
{
	char function[512], at[PATH_MAX + 64];
	size_t i;

	for (i = s->nr_known; i < s->nr_lines; i++) {
		if (!fgets(function, sizeof(function), f) || !fgets(at, sizeof(at), f))
			return;
		parse_answer(s->lines[i], function, at);
	}
}

/* A call's return address is behind it: one byte before is still inside. */
static char **command_of(const struct code *s)
{
	size_t n = s->nr_lines - s->nr_known, i;
	char **argv = calloc(n + 6, sizeof(*argv));

	if (!argv)
		return NULL;
	argv[0] = strdup("addr2line");
	argv[1] = strdup("-f");
	argv[2] = strdup("-e");
	argv[3] = strdup(s->program);
	for (i = 0; i < n; i++)
		if (asprintf(&argv[4 + i], "0x%llx",
			     (unsigned long long)(s->lines[s->nr_known + i]->pc - 1 - s->base)) < 0)
			argv[4 + i] = NULL;
	return argv;
}

static void resolve(struct code *s)
{
	char **argv = command_of(s);
	int fds[2], i;
	pid_t pid;
	FILE *f;

	if (!argv || pipe2(fds, O_CLOEXEC))
		goto out;
	pid = fork();
	if (!pid) {
		int null = open("/dev/null", O_WRONLY);

		dup2(fds[1], STDOUT_FILENO);
		dup2(null, STDERR_FILENO);
		execvp(argv[0], argv);
		_exit(127);
	}
	close(fds[1]);
	f = fdopen(fds[0], "r");
	if (f) {
		read_answers(s, f);
		fclose(f);
	}
	if (pid > 0)
		waitpid(pid, NULL, 0);
	s->nr_known = s->nr_lines;
out:
	for (i = 0; argv && argv[i]; i++)
		free(argv[i]);
	free(argv);
}

const struct code_line *code_line(const struct code *s, uint64_t pc)
{
	static const struct code_line unknown = { .file = "?" };
	const struct code_line *l = find(s, pc);

	if (s->nr_known < s->nr_lines || !l) {
		code_want((struct code *)(uintptr_t)s, pc);
		resolve((struct code *)(uintptr_t)s);
		l = find(s, pc);
	}
	return l ? l : &unknown;
}

const char *code_at(const struct code *s, uint64_t pc, char *buf, size_t size)
{
	const struct code_line *l = code_line(s, pc);
	const char *base = strrchr(l->file, '/');

	if (!l->line)
		snprintf(buf, size, "0x%llx", (unsigned long long)(pc - s->base));
	else
		snprintf(buf, size, "%s:%d", base ? base + 1 : l->file, l->line);
	return buf;
}

static struct text *read_text(struct code *s, const char *file)
{
	struct text *t = calloc(1, sizeof(*t));
	char *line = NULL, **grown;
	size_t size = 0;
	FILE *f;

	if (!t)
		return NULL;
	snprintf(t->file, sizeof(t->file), "%s", file);
	t->next = s->texts;
	s->texts = t;
	f = fopen(file, "re");
	while (f && getline(&line, &size, f) >= 0) {
		grown = realloc(t->lines, (size_t)(t->nr + 1) * sizeof(*grown));
		if (!grown)
			break;
		t->lines = grown;
		line[strcspn(line, "\n")] = '\0';
		t->lines[t->nr] = strdup(line + strspn(line, " \t"));
		if (!t->lines[t->nr])
			break;
		t->nr++;
	}
	free(line);
	if (f)
		fclose(f);
	return t;
}

const char *code_text(const struct code *s, const struct code_line *l)
{
	struct text *t;

	for (t = s->texts; t && strcmp(t->file, l->file); t = t->next)
		;
	if (!t)
		t = read_text((struct code *)(uintptr_t)s, l->file);
	return t && l->line > 0 && l->line <= t->nr ? t->lines[l->line - 1] : "";
}

/* -- names of variables ----------------------------------------------------------------------- */

static const Elf64_Shdr *section(const struct code *s, uint32_t type)
{
	const Elf64_Ehdr *e = (const void *)s->elf;
	const Elf64_Shdr *sh;
	int i;

	if (!s->elf || e->e_shoff + e->e_shnum * sizeof(*sh) > s->size)
		return NULL;
	sh = (const void *)(s->elf + e->e_shoff);
	for (i = 0; i < e->e_shnum; i++)
		if (sh[i].sh_type == type && sh[i].sh_offset + sh[i].sh_size <= s->size)
			return &sh[i];
	return NULL;
}

static const char *variable(const struct code *s, uint64_t addr, uint64_t *offset)
{
	const Elf64_Shdr *table = section(s, SHT_SYMTAB), *strings;
	const Elf64_Ehdr *e = (const void *)s->elf;
	const Elf64_Sym *sym;
	uint64_t i;

	if (!table || table->sh_link >= e->e_shnum)
		return NULL;
	strings = (const Elf64_Shdr *)(const void *)(s->elf + e->e_shoff) + table->sh_link;
	sym = (const void *)(s->elf + table->sh_offset);
	for (i = 0; i < table->sh_size / sizeof(*sym); i++) {
		if (ELF64_ST_TYPE(sym[i].st_info) != STT_OBJECT || !sym[i].st_size)
			continue;
		if (addr - s->base - sym[i].st_value >= sym[i].st_size)
			continue;
		*offset = addr - s->base - sym[i].st_value;
		if (strings->sh_offset + sym[i].st_name < s->size)
			return (const char *)s->elf + strings->sh_offset + sym[i].st_name;
	}
	return NULL;
}

/* The runtime puts each thread's heap and stack at a place of its own: see runtime/heap.c. */
#define HEAP_START   0x200000000000ull
#define HEAP_STRIDE  0x4000000000ull
#define STACK_START  0x100000000000ull
#define STACK_STRIDE 0x100000000ull

const char *code_name(const struct code *s, uint64_t addr, char *buf, size_t size)
{
	uint64_t offset = 0;
	const char *name = variable(s, addr, &offset);

	if (name && offset)
		snprintf(buf, size, "%s+%llu", name, (unsigned long long)offset);
	else if (name)
		snprintf(buf, size, "%s", name);
	else if (addr >= HEAP_START && addr < HEAP_START + 257 * HEAP_STRIDE)
		snprintf(buf, size, "heap:%llx", (unsigned long long)(addr - HEAP_START));
	else if (addr >= STACK_START && addr < STACK_START + 257 * STACK_STRIDE)
		snprintf(buf, size, "T%llu's stack:%llx",
			 (unsigned long long)((addr - STACK_START) / STACK_STRIDE),
			 (unsigned long long)(addr & 0xffff));
	else if (addr >> 44 == 7)
		snprintf(buf, size, "T0's stack:%llx", (unsigned long long)(addr & 0xffff));
	else
		snprintf(buf, size, "%llx", (unsigned long long)addr);
	return buf;
}
