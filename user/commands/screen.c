// SPDX-License-Identifier: GPL-2.0
/* The terminal as a screen: see screen.h. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "commands/screen.h"
#include "view/browse.h"

#define ESCAPE_MS    50 /* an arrow's bytes come at once, a person's Esc comes alone */

#define PATIENCE_MS  500 /* to leave the screen as it was */

#define SCREEN_OPEN  "\033[?1049h\033[?25l"
#define SCREEN_CLOSE "\033[?25h\033[?1049l"
#define SCREEN_HOME  "\033[H"
#define LINE_END     "\033[K"
#define SCREEN_REST  "\033[J"

static struct termios before;
static int from = -1, to = -1;
static volatile sig_atomic_t resized = 1;
static char *frame; /* the one that is being written, of which nr_left bytes still are to be */
static size_t nr_frame, nr_left;

/* As much as the terminal takes: of one that is stopped, or slow, nobody here waits for ever. */
static bool write_out(const char *text, size_t *left, int patience_ms)
{
	struct pollfd p = { .fd = to, .events = POLLOUT };
	const char *end = text + *left;
	ssize_t n;

	while (*left > 0) {
		n = write(to, end - *left, *left);
		if (n > 0)
			*left -= (size_t)n;
		else if (n < 0 && errno == EINTR)
			continue;
		else if (n == 0 || errno != EAGAIN)
			*left = 0; /* it is gone: reading it will say so */
		else if (poll(&p, 1, patience_ms) != 1)
			return false;
	}
	return true;
}

static void put(const char *text)
{
	size_t left = strlen(text);

	write_out(text, &left, PATIENCE_MS);
}

static bool flush(int patience_ms)
{
	if (!frame || !write_out(frame + nr_frame - nr_left, &nr_left, patience_ms))
		return !frame;
	free(frame);
	frame = NULL;
	return true;
}

void screen_restore(void)
{
	if (from < 0)
		return;
	flush(PATIENCE_MS);
	put(SCREEN_CLOSE);
	tcsetattr(from, TCSAFLUSH, &before);
	close(to);
	from = to = -1;
}

static void on_death(int sig)
{
	screen_restore();
	signal(sig, SIG_DFL);
	raise(sig);
}

static void on_resize(int sig)
{
	(void)sig;
	resized = 1;
}

/* A description of our own: not to wait in it must not become another program's trouble. */
static int reopen(int out)
{
	char path[32];
	int fd;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", out);
	fd = open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	return fd < 0 ? fcntl(out, F_DUPFD_CLOEXEC, 10) : fd;
}

int screen_take(int in, int out)
{
	static const int deadly[] = { SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGSEGV, SIGABRT };
	struct sigaction on_size = { .sa_handler =
					     on_resize }; /* no SA_RESTART: it ends the read */
	struct termios raw;
	size_t i;

	if (tcgetattr(in, &before))
		return -errno;
	raw = before;
	raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ISIG | IEXTEN);
	raw.c_iflag &= ~(tcflag_t)(IXON | ICRNL);
	for (i = 0; i < sizeof(deadly) / sizeof(*deadly); i++)
		signal(deadly[i], on_death);
	sigaction(SIGWINCH, &on_size, NULL);
	if (tcsetattr(in, TCSAFLUSH, &raw))
		return -errno;
	from = in;
	to = reopen(out);
	resized = 1; /* whoever had it before may have measured it, but not told us */
	put(SCREEN_OPEN);
	return 0;
}

static bool more_within(int ms)
{
	struct pollfd p = { .fd = from, .events = POLLIN };

	return poll(&p, 1, ms) == 1;
}

bool screen_has_key(void)
{
	return more_within(0);
}

/* "ESC [ A" and "ESC O A" */
static int read_arrow(void)
{
	char c[2] = "";

	if (!more_within(ESCAPE_MS) || read(from, &c[0], 1) != 1 || !more_within(ESCAPE_MS) ||
	    read(from, &c[1], 1) != 1)
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

int screen_wait_key(void)
{
	flush(-1);
	return screen_key();
}

int screen_key(void)
{
	char c;
	ssize_t n = read(from, &c, 1);

	if (n < 0 && errno == EINTR)
		return 0;
	if (n != 1)
		return 'q';
	if (c == '\033')
		return read_arrow();
	return c == '\r' ? BROWSE_ENTER : c;
}

bool screen_resized(void)
{
	bool was = resized;

	resized = 0;
	return was;
}

bool screen_size(unsigned int *width, unsigned int *height)
{
	struct winsize size;

	if (ioctl(to, TIOCGWINSZ, &size) || !size.ws_row)
		return false;
	*height = size.ws_row;
	*width = size.ws_col < VIEW_MIN_WIDTH ? VIEW_MIN_WIDTH : size.ws_col;
	return true;
}

bool screen_busy(void)
{
	return !flush(0);
}

/* Line by line, and each line's rest cleared: nothing flickers. */
void screen_show(char *text)
{
	char *line, *rest = text;
	FILE *f;

	if (screen_busy())
		return;
	f = open_memstream(&frame, &nr_frame);
	if (!f)
		return;
	fputs(SCREEN_HOME, f);
	if (!text)
		fputs("This terminal is too small: 40 columns and 12 lines, please." LINE_END, f);
	while (rest && (line = strsep(&rest, "\n")))
		fprintf(f, "%s%s", line, rest && *rest ? LINE_END "\r\n" : LINE_END);
	fputs(SCREEN_REST, f);
	if (fclose(f)) {
		free(frame);
		frame = NULL;
		return;
	}
	nr_left = nr_frame;
	flush(0);
}
