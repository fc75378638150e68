// SPDX-License-Identifier: GPL-2.0
/* What a terminal can show: see terminal.h. */
#include <langinfo.h>
#include <locale.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "commands/terminal.h"
#include "view/view.h"

/* A static binary knows only the C locales: where those say ASCII, the names may know better. */
bool terminal_utf8(void)
{
	static const char *const names[] = { "LC_ALL", "LC_CTYPE", "LANG" };
	const char *value = NULL;
	size_t i;

	if (setlocale(LC_CTYPE, "") && !strcmp(nl_langinfo(CODESET), "UTF-8"))
		return true;
	for (i = 0; i < sizeof(names) / sizeof(names[0]) && (!value || !*value); i++)
		value = getenv(names[i]);
	return value && (strcasestr(value, "utf-8") || strcasestr(value, "utf8"));
}

bool terminal_colour(int fd)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	return isatty(fd) && !(no && *no) && !(term && !strcmp(term, "dumb"));
}

unsigned int terminal_columns(int fd, unsigned int otherwise)
{
	struct winsize size;

	return ioctl(fd, TIOCGWINSZ, &size) || !size.ws_col ? otherwise : size.ws_col;
}

unsigned int terminal_width(void)
{
	const char *columns = getenv("COLUMNS");
	unsigned long n = terminal_columns(STDOUT_FILENO, 0);

	if (!n && columns)
		n = strtoul(columns, NULL, 10);
	if (!n)
		n = 80;
	return n < VIEW_MIN_WIDTH   ? VIEW_MIN_WIDTH
	       : n > VIEW_MAX_WIDTH ? VIEW_MAX_WIDTH
				    : (unsigned int)n;
}
