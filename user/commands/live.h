/* SPDX-License-Identifier: GPL-2.0 */
/* oncpu live: what its two faces, lines and a screen, share. */
#ifndef ONCPU_COMMANDS_LIVE_H
#define ONCPU_COMMANDS_LIVE_H

#include "record/lookback.h"
#include "view/browse.h"
#include "view/live.h"

#define LIVE_OUTPUT 4096

struct live_screen {
	int in, out;		/* the terminal; the command has neither */
	int output;		/* what the command writes comes from here */
	char tail[LIVE_OUTPUT]; /* the end of it */
	size_t nr_tail;
	char line[512]; /* the last line of it */
	char note[512];
	uint64_t note_ns, drawn_ns; /* when it was said; the last frame */
	unsigned int width, height, zoom;
	struct live_frame frame;
	struct trace *trace; /* paused: what is looked back at */
	struct model *model;
	struct view_head head;
	struct browse browse;
	bool paused, quit, told_end;
};

struct live_run {
	struct session_options o;
	char what[256];
	bool all; /* threads are shown, not only the command's, or those of --pid */
	const char *source;
	struct lookback past;
	struct live live;
	uint32_t hidden; /* ourselves, unless we are to be recorded */
	uint64_t cpu_before_ns,
		cpu_ns; /* CPU time of this process, until it looks on; since then */
	uint64_t nr_switches, looked_ns, seen_ns; /* since then; when that was; the last look */
	FILE *lines;				  /* where there is no screen */
	bool with_screen;
	struct live_screen screen;
};

/* Where there is a terminal. Before the session: the command is to get neither of them. */
int live_screen_open(struct live_screen *s);
void live_screen_close(struct live_screen *s); /* and the command's last words on stderr */
/* When the recorder runs. 0 or -errno. */
int live_screen_begin(struct live_run *run);
/* Keys and frames; false: to leave. */
bool live_screen_look(struct live_run *run, const struct target_end *end);

#endif
