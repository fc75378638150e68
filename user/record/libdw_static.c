// SPDX-License-Identifier: GPL-2.0
/*
 * What Debian's static libdw (0.192) wants and does not bring along.
 *
 * The search trees of its internal library: here on the C library's tsearch(), without its locks,
 * because one thread alone asks libdw here. Weak, so that a mended libdw wins.
 *
 * debuginfod would be loaded at run time, with a second C library behind it: nothing is fetched from
 * elsewhere here. bzip2 packs old kernel images only, which nobody opens here: it is told as the
 * library does where it lacks something (BZ_CONFIG_ERROR).
 */
#include <errno.h>
#include <search.h>
#include <stddef.h>

#define BZ_CONFIG_ERROR (-9)

struct search_tree {
	void *root;
};
typedef int compare_fn(const void *, const void *);
typedef void free_fn(void *);

void *eu_tsearch(const void *key, struct search_tree *tree, compare_fn *compare);
void *eu_tfind(const void *key, struct search_tree *tree, compare_fn *compare);
void *eu_tdelete(const void *key, struct search_tree *tree, compare_fn *compare);
void eu_tdestroy(struct search_tree *tree, free_fn *free_node);
void eu_search_tree_init(struct search_tree *tree);
void eu_search_tree_fini(struct search_tree *tree, free_fn *free_node);

__attribute__((weak)) void *eu_tsearch(const void *key, struct search_tree *tree,
				       compare_fn *compare)
{
	return tsearch(key, &tree->root, compare);
}

__attribute__((weak)) void *eu_tfind(const void *key, struct search_tree *tree, compare_fn *compare)
{
	return tfind(key, &tree->root, compare);
}

__attribute__((weak)) void *eu_tdelete(const void *key, struct search_tree *tree,
				       compare_fn *compare)
{
	return tdelete(key, &tree->root, compare);
}

__attribute__((weak)) void eu_tdestroy(struct search_tree *tree, free_fn *free_node)
{
	tdestroy(tree->root, free_node);
	tree->root = NULL;
}

__attribute__((weak)) void eu_search_tree_init(struct search_tree *tree)
{
	tree->root = NULL;
}

__attribute__((weak)) void eu_search_tree_fini(struct search_tree *tree, free_fn *free_node)
{
	if (tree->root)
		eu_tdestroy(tree, free_node);
}

int __libdwfl_debuginfod_find_executable(void *dwfl, const unsigned char *id, size_t size);
int __libdwfl_debuginfod_find_debuginfo(void *dwfl, const unsigned char *id, size_t size);
void __libdwfl_debuginfod_end(void *client);

int __libdwfl_debuginfod_find_executable(void *dwfl, const unsigned char *id, size_t size)
{
	(void)dwfl, (void)id, (void)size;
	return -ENOSYS;
}

int __libdwfl_debuginfod_find_debuginfo(void *dwfl, const unsigned char *id, size_t size)
{
	(void)dwfl, (void)id, (void)size;
	return -ENOSYS;
}

void __libdwfl_debuginfod_end(void *client)
{
	(void)client;
}

int BZ2_bzDecompressInit(void *stream, int verbosity, int small);
int BZ2_bzDecompress(void *stream);
int BZ2_bzDecompressEnd(void *stream);

__attribute__((weak)) int BZ2_bzDecompressInit(void *stream, int verbosity, int small)
{
	(void)stream, (void)verbosity, (void)small;
	return BZ_CONFIG_ERROR;
}

__attribute__((weak)) int BZ2_bzDecompress(void *stream)
{
	(void)stream;
	return BZ_CONFIG_ERROR;
}

__attribute__((weak)) int BZ2_bzDecompressEnd(void *stream)
{
	(void)stream;
	return BZ_CONFIG_ERROR;
}
