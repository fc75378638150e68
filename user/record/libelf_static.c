// SPDX-License-Identifier: GPL-2.0
/*
 * Debian's static libelf (0.192) calls two functions that live in an internal library it does not
 * ship. They set up and free the search tree of elf_getdata_rawchunk(), which libbpf never calls:
 * if it did, the link would fail for want of eu_tsearch(). Weak, so that a mended libelf wins.
 */
void eu_search_tree_init(void *tree, void *compare);
void eu_search_tree_fini(void *tree, void *free_node);

__attribute__((weak)) void eu_search_tree_init(void *tree, void *compare)
{
	(void)tree;
	(void)compare;
}

__attribute__((weak)) void eu_search_tree_fini(void *tree, void *free_node)
{
	(void)tree;
	(void)free_node;
}
