// SPDX-License-Identifier: GPL-2.0
/* The terminal as a screen: see screen.h. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "commands/screen.h"
#include "view/browse.h"

#define ESCAPE_MS    50 /* an arrow's bytes come at once, a person's Esc comes alone */

#define SCREEN_OPEN  "\033[?1049h\033[?25l"
#define SCREEN_CLOSE "\033[?25h\033[?1049l"
#define SCREEN_HOME  "\033[H"
#define LINE_END     "\033[K"
#define SCREEN_REST  "\033[J"

static struct termios before;
static int from = -1, to = -1;
static volatile sig_atomic_t resized = 1;

static void put(const char *text)
{
	size_t left = strlen(text);
	ssize_t n;

	while (left > 0) {
		n = write(to, text, left);
		if (n < 0 && errno != EINTR)
			return;
		if (n > 0) {
			text += n;
			left -= (size_t)n;
		}
	}
}

void screen_restore(void)
{
	if (from < 0)
		return;
	put(SCREEN_CLOSE);
	tcsetattr(from, TCSAFLUSH, &before);
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
	to = out;
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

/* Line by line, and each line's rest cleared: nothing flickers. */
void screen_show(char *frame)
{
	char *line, *rest = frame;

	put(SCREEN_HOME);
	if (!frame)
		put("This terminal is too small: 40 columns and 12 lines, please." LINE_END);
	while (rest && (line = strsep(&rest, "\n"))) {
		put(line);
		put(rest && *rest ? LINE_END "\r\n" : LINE_END);
	}
	put(SCREEN_REST);
}
