/* SPDX-License-Identifier: GPL-2.0 */
/* What is linked into explored programs, as the Makefile put it together; and the header of marks. */
	.section .rodata
	.balign 16
	.global explore_runtime, explore_runtime_end, explore_mark_header, explore_mark_header_end
explore_runtime:
	.incbin RUNTIME
explore_runtime_end:
	.byte 0
explore_mark_header:
	.incbin MARK_HEADER
explore_mark_header_end:
	.byte 0
	.section .note.GNU-stack, "", @progbits
