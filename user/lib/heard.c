// SPDX-License-Identifier: GPL-2.0
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

#include "lib/heard.h"

#define TOO_LONG_NS 50000000ull /* a dozen turns of others */
#define IN_A_ROW    2		/* once may be the host of an emulated machine */

static struct {
	int fd; /* "RUN_NS WAITED_NS TURNS" of the first thread, which looks */
	uint64_t waited_ns;
	unsigned int in_a_row;
	bool raised;
} heard = { .fd = -1 };

/* How long it was runnable and did not run, since it began. */
static bool waited(uint64_t *ns)
{
	char text[96];
	ssize_t n;

	if (heard.fd < 0)
		heard.fd = open("/proc/self/schedstat", O_RDONLY | O_CLOEXEC);
	n = heard.fd < 0 ? -1 : pread(heard.fd, text, sizeof(text) - 1, 0);
	if (n <= 0)
		return false;
	text[n] = '\0';
	return sscanf(text, "%*u %lu", ns) == 1;
}

static void raise_us(void)
{
	heard.raised = true;
	setpriority(PRIO_PROCESS, 0, -20);
	if (heard.fd >= 0)
		close(heard.fd);
}

/* A kernel that does not tell: better heavy than not heard. */
void stay_heard(void)
{
	bool first = heard.fd < 0;
	uint64_t now;

	if (heard.raised)
		return;
	if (!waited(&now)) {
		raise_us();
		return;
	}
	heard.in_a_row = !first && now - heard.waited_ns > TOO_LONG_NS ? heard.in_a_row + 1 : 0;
	heard.waited_ns = now;
	if (heard.in_a_row >= IN_A_ROW)
		raise_us();
}
