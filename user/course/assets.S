/* SPDX-License-Identifier: GPL-2.0 */
/* The page of a lesson with its style and script inside, as the Makefile put it together. Ends in a NUL. */
	.section .rodata
	.global course_page_template
course_page_template:
	.incbin LESSON_HTML
	.byte 0
	.section .note.GNU-stack, "", @progbits
