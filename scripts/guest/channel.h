/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The channel between host (scripts/lab/channel.py) and guest (agent.c): frames over a virtio
 * serial port. One port carries one command at a time.
 *
 *   frame = struct frame_header, then .length bytes. Little-endian.
 *
 * Host to guest
 *   'H' hello   u64 nonce, u64 wall clock (ns since 1970), 32 bytes of entropy
 *   'M' mount   strings: the path where the shared folder appears ("" for none)
 *   'X' exec    struct exec_request, then strings: user, folder, args, environment
 *   'I' stdin   bytes; none means end of file. At most WINDOW bytes not yet credited
 *   'S' signal  u32 number, for the whole process group
 *   'W' resize  u16 rows, u16 columns
 *   'P' ping
 * Guest to host
 *   'h' hello   the nonce. Whatever came before it was meant for an earlier host process
 *   'm' mounted u32 errno, then what failed
 *   'O' 'E'     bytes of stdout, of stderr
 *   'C' credit  u32 bytes of stdin that the command took
 *   'R' result  u32 enum result_kind, u32 value. The command is over, its output was sent
 *   'p' pong
 */
#ifndef ONCPU_GUEST_CHANNEL_H
#define ONCPU_GUEST_CHANNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define FRAME_MAX (1u << 20)
#define WINDOW	  (256u << 10)

struct frame_header {
	uint8_t type;
	uint8_t pad[3];
	uint32_t length;
};

#define EXEC_TTY	0x1u /* stdin and stdout are a terminal */
#define EXEC_TTY_STDERR 0x2u /* stderr is that terminal, too */

struct exec_request {
	uint32_t flags;
	uint32_t time_limit_s; /* 0: none */
	uint32_t nr_args;
	uint16_t rows, columns;
};

enum result_kind {
	RESULT_EXIT = 0,	/* value: exit status */
	RESULT_SIGNAL = 1,	/* value: signal number */
	RESULT_TIME_LIMIT = 2,	/* killed; value: the limit in seconds */
	RESULT_NOT_STARTED = 3, /* value: errno */
};

/* command.c: one command and all its descendants, in a control group of their own. */
struct command {
	int pidfd;	  /* -1: none */
	int in, out, err; /* -1: closed; with a terminal in and out are one open file each */
	int group;	  /* folder of the control group, -1: none */
	char group_path[64];
	pid_t pid;
	uint32_t time_limit_s;
};

/* Starts it. 0 or -errno (what could not be done is in why). strings: user, folder, args... */
int command_start(struct command *c, const struct exec_request *q, const char *strings, size_t size,
		  char *why, size_t why_size);
void command_signal(struct command *c, int number);
void command_resize(struct command *c, unsigned int rows, unsigned int columns);
void command_kill(struct command *c); /* it and every descendant */
void command_close(struct command *c);

/* settle.c: what a guest resumed from the saved state still lacks. */
void guest_set_clock(uint64_t wall_ns);
/* Guests resumed from one state would otherwise draw the same random numbers. n: up to 32. */
void guest_reseed(const uint8_t *seed, int n);
/*
 * The project's programs from /dev/vdb; the folder share from /dev/vdc (empty: none), writable through
 * an overlay whose upper layer then holds just what the run has changed. NULL, or what failed (errno).
 */
const char *guest_mount(const char *share);

/* agent.c: serves one port for ever. */
void agent_serve(const char *device) __attribute__((noreturn));

#endif
