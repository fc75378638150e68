// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>

#include "chain.h"
#include "model/findings.h"
#include "view/dump.h"
#include "view/export.h"
#include "view/report.h"
#include "view/view.h"

static void show(FILE *f, const struct trace *t, const struct model *m)
{
	struct view_term_options o = { .width = 80, .unicode = true, .colour = true, .all = true };
	struct view_window span = { m->span_start_ns, m->span_end_ns };
	struct view_head head = { .command = t->command,
				  .kernel = t->kernel,
				  .start_utc = t->start_utc,
				  .exit_code = t->exit_code,
				  .exit_signal = t->exit_signal };

	report_text(f, t, m, true);
	report_json(f, t, m);
	view_term(f, m, &head, span, &o);
	view_html(f, m, &head);
	view_perfetto(f, m);
	view_chrome(f, m);
	view_csv(f, m);
}

int chain_run(const char *path)
{
	FILE *null = fopen("/dev/null", "w");
	struct trace *t;
	struct model *m;
	unsigned int source;
	char why[256];
	int err = trace_read(&t, path, why, sizeof(why));

	if (!null || err)
		goto out;
	for (source = 0; source < TRACE_NR_SOURCES; source++) {
		if (model_build(&m, t, (enum trace_source)source))
			continue;
		show(null, t, m);
		model_free(m);
	}
	dump_trace(null, t, 0, false);
	dump_trace(null, t, 0, true);
out:
	trace_free(t);
	if (null)
		fclose(null);
	return err;
}
