/* SPDX-License-Identifier: GPL-2.0 */
/* The page with its style and script inside, as the Makefile put it together. Ends in a NUL. */
	.section .rodata
	.global view_page_template
view_page_template:
	.incbin PAGE_HTML
	.byte 0
	.section .note.GNU-stack, "", @progbits
