// SPDX-License-Identifier: GPL-2.0
/*
 * The terminal's side of browsing: raw keys, an alternate screen, and both undone at the end, also
 * where a signal ends us. Ctrl-C and Ctrl-Z are keys here, so no signal of the terminal's own comes.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "commands/walk.h"
#include "lib/command.h"
#include "view/browse.h"

#define ESCAPE_MS    50 /* an arrow's bytes come at once, a person's Esc comes alone */

#define SCREEN_OPEN  "\033[?1049h\033[?25l"
#define SCREEN_CLOSE "\033[?25h\033[?1049l"
#define SCREEN_HOME  "\033[H"
#define LINE_END     "\033[K"
#define SCREEN_REST  "\033[J"

static struct termios before;
static volatile sig_atomic_t resized;

static void put(const char *text)
{
	size_t left = strlen(text);
	ssize_t n;

	while (left > 0) {
		n = write(STDOUT_FILENO, text, left);
		if (n < 0 && errno != EINTR)
			return;
		if (n > 0) {
			text += n;
			left -= (size_t)n;
		}
	}
}

static void restore(void)
{
	put(SCREEN_CLOSE);
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
}

static void on_death(int sig)
{
	restore();
	signal(sig, SIG_DFL);
	raise(sig);
}

static void on_resize(int sig)
{
	(void)sig;
	resized = 1;
}

static int take_terminal(void)
{
	static const int deadly[] = { SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGSEGV, SIGABRT };
	struct sigaction on_size = { .sa_handler =
					     on_resize }; /* no SA_RESTART: it ends the poll */
	struct termios raw;
	size_t i;

	if (tcgetattr(STDIN_FILENO, &before))
		return -errno;
	raw = before;
	raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ISIG | IEXTEN);
	raw.c_iflag &= ~(tcflag_t)(IXON | ICRNL);
	for (i = 0; i < sizeof(deadly) / sizeof(*deadly); i++)
		signal(deadly[i], on_death);
	sigaction(SIGWINCH, &on_size, NULL);
	if (tcsetattr(STDIN_FILENO, TCSAFLUSH, &raw))
		return -errno;
	put(SCREEN_OPEN);
	return 0;
}

static bool more_within(int ms)
{
	struct pollfd p = { .fd = STDIN_FILENO, .events = POLLIN };

	return poll(&p, 1, ms) == 1;
}

/* "ESC [ A" and "ESC O A" */
static int read_arrow(void)
{
	char c[2] = "";

	if (!more_within(ESCAPE_MS) || read(STDIN_FILENO, &c[0], 1) != 1 ||
	    !more_within(ESCAPE_MS) || read(STDIN_FILENO, &c[1], 1) != 1)
		return 'q'; /* Esc alone */
	switch (c[1]) {
	case 'A':
		return BROWSE_UP;
	case 'B':
		return BROWSE_DOWN;
	case 'C':
		return BROWSE_RIGHT;
	case 'D':
		return BROWSE_LEFT;
	default:
		return 0;
	}
}

/* A key, 0 where there is something else to do; 'q' where the terminal is gone. */
static int read_key(void)
{
	char c;
	ssize_t n = read(STDIN_FILENO, &c, 1);

	if (n < 0 && errno == EINTR)
		return 0;
	if (n != 1)
		return 'q';
	if (c == '\033')
		return read_arrow();
	return c == '\r' ? BROWSE_ENTER : c;
}

static void fit(struct browse *b)
{
	struct winsize size;

	resized = 0;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) || !size.ws_row)
		return;
	b->height = size.ws_row;
	b->o.width = size.ws_col < VIEW_MIN_WIDTH ? VIEW_MIN_WIDTH : size.ws_col;
}

/* Line by line over the old frame, and each line's rest cleared: nothing flickers. */
static int show(const struct browse *b)
{
	char *frame = NULL, *line, *rest;
	size_t size;
	FILE *f = open_memstream(&frame, &size);
	int err = f ? browse_draw(f, b) : -errno;

	if (f)
		fclose(f);
	put(SCREEN_HOME);
	if (err == -EINVAL)
		put("This terminal is too small: 40 columns and 12 lines, please." LINE_END);
	for (rest = err ? NULL : frame; rest && (line = strsep(&rest, "\n"));) {
		put(line);
		put(rest && *rest ? LINE_END "\r\n" : LINE_END);
	}
	put(SCREEN_REST);
	free(frame);
	return err == -EINVAL ? 0 : err;
}

int walk_about(const struct model *m, const struct view_head *head,
	       const struct view_term_options *o, const struct walk_start *start)
{
	struct browse b;
	int err = browse_begin(&b, m, head, o, BROWSE_MIN_HEIGHT), key = 0;

	if (!err && start->window.end_ns)
		browse_look(&b, start->window, start->tid);
	if (!err)
		err = take_terminal();
	if (!err) {
		do {
			fit(&b);
			err = show(&b);
			key = err ? 'q' : read_key();
		} while (browse_press(&b, key));
		restore();
	}
	browse_end(&b);
	if (err)
		fprintf(stderr, "oncpu view: cannot walk about here: %s\n", strerror(-err));
	return err ? EXIT_ENVIRON : EXIT_OK;
}
