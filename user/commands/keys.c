// SPDX-License-Identifier: GPL-2.0
#include <poll.h>
#include <signal.h>
#include <termios.h>
#include <unistd.h>

#include "commands/keys.h"

static struct termios before;
static bool taken;
static volatile sig_atomic_t asked_to_end;

static void on_end(int sig)
{
	asked_to_end = sig;
}

static void on_child(int sig)
{
	(void)sig; /* comes to end the poll */
}

static void catch_signals(void)
{
	static const int ends[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };
	struct sigaction a = { .sa_handler = on_end }; /* no SA_RESTART: it ends the poll */
	size_t i;

	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		sigaction(ends[i], &a, NULL);
	a.sa_handler = on_child;
	sigaction(SIGCHLD, &a, NULL);
}

/* Ctrl-Z would leave a shell with this terminal; whoever runs beside us may write to it. */
void keys_take(void)
{
	struct termios raw;

	catch_signals();
	if (taken || !isatty(STDIN_FILENO) || tcgetattr(STDIN_FILENO, &before))
		return;
	raw = before;
	raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO | TOSTOP);
	raw.c_cc[VSUSP] = _POSIX_VDISABLE;
	raw.c_cc[VMIN] = 1;
	raw.c_cc[VTIME] = 0;
	taken = !tcsetattr(STDIN_FILENO, TCSADRAIN, &raw);
}

void keys_give_back(void)
{
	if (taken)
		tcsetattr(STDIN_FILENO, TCSADRAIN, &before);
	taken = false;
}

int keys_read(int ms)
{
	struct pollfd p = { .fd = STDIN_FILENO, .events = POLLIN };
	unsigned char c;

	if (asked_to_end)
		return KEY_END;
	if (poll(&p, 1, ms) != 1)
		return asked_to_end ? KEY_END : KEY_NONE;
	return read(STDIN_FILENO, &c, 1) == 1 ? c : KEY_END;
}

int keys_signal(void)
{
	return asked_to_end;
}
