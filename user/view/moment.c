// SPDX-License-Identifier: GPL-2.0
/* A moment as people write it. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "view/text.h"

int view_parse_moment(uint64_t *time_ns, const struct model *m, const char *text)
{
	static const struct {
		const char *unit;
		double ns;
	} units[] = { { "ns", 1 }, { "us", 1e3 }, { "ms", 1e6 }, { "s", 1e9 }, { "", 1e6 } };
	char *end;
	double value = strtod(text, &end);
	size_t i;

	if (end == text)
		return -EINVAL;
	for (i = 0; i < sizeof(units) / sizeof(*units); i++)
		if (!strcmp(end, units[i].unit))
			break;
	if (i == sizeof(units) / sizeof(*units) || !(value * units[i].ns < 1e18) ||
	    value * units[i].ns <= -(double)m->span_start_ns)
		return -EINVAL;
	*time_ns = m->span_start_ns + (uint64_t)(int64_t)(value * units[i].ns);
	return 0;
}
