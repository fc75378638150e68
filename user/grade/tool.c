// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "grade/harness.h"
#include "grade/tool.h"
#include "lib/text.h"

#define SHOWN_BYTES 1200

const char *told_text(const struct run *r, const char *key)
{
	const char *line = r->told;
	size_t n = strlen(key);

	for (; line && *line; line = strchr(line, '\n'), line += line != NULL)
		if (!strncmp(line, key, n) && line[n] == ' ')
			return line + n + 1;
	return NULL;
}

size_t told_next(const struct run *r, const char **at, const char *key, uint64_t *numbers,
		 size_t max)
{
	size_t n = strlen(key), nr = 0;
	const char *line = *at ? strchr(*at, '\n') : r->told;
	char *end;

	if (*at && line)
		line++;
	while (line && *line && (strncmp(line, key, n) || line[n] != ' ')) {
		line = strchr(line, '\n');
		line += line != NULL;
	}
	if (!line || !*line)
		return 0;
	*at = line;
	for (line += n; nr < max && *line == ' '; line = end) {
		numbers[nr] = strtoull(line + 1, &end, 10);
		if (end == line + 1)
			break;
		nr++;
	}
	return nr;
}

/* Its last lines: there the kernel says what it did not like. */
static const char *last_lines(const char *text, size_t bytes)
{
	size_t n = strlen(text);
	const char *from = n > bytes ? strchr(text + n - bytes, '\n') : NULL;

	return from ? from + 1 : text;
}

void tool_refused(const struct run *r, const char *what, const char *said)
{
	struct verdict v = { .kind = VERDICT_FAIL, .in = CLASS_BUILD };

	snprintf(v.title, sizeof(v.title), "the kernel takes it");
	snprintf(v.saw, sizeof(v.saw), "%s\n%s", what, last_lines(said, SHOWN_BYTES));
	(void)r;
	check_judge(v,
		    "What goes into the kernel is looked at before: there it could do harm to "
		    "everybody.",
		    "The last lines say what the kernel did not like, and at which of yours it was "
		    "by then.");
}
