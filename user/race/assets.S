/* SPDX-License-Identifier: GPL-2.0 */
/* The page of a race with its style and script inside, as the Makefile put it together. Ends in a NUL. */
	.section .rodata
	.global race_page_template
race_page_template:
	.incbin RACE_HTML
	.byte 0
	.section .note.GNU-stack, "", @progbits
