// SPDX-License-Identifier: GPL-2.0
/*
 * Every tests/golden/NAME.txt gives NAME.facts, NAME.report, NAME.term and
 * NAME.json byte for byte, and its
 * trace file can be cut anywhere. From the project's root:
 *
 *   golden                  compare
 *   golden --update         write what it gives now; then read the diff before you commit it
 *   golden --make TXT FILE  make a trace file of a text
 *   golden --make-all FILE  make one with every type of record, and bytes of every kind in them
 */
#include <glob.h>
#include <sys/mman.h>
#include <kselftest_harness.h>

#include "builder.h"
#include "view/export.h"
#include "view/report.h"
#include "view/text.h"

#define TEXTS "tests/golden/*.txt"

static char *slurp(const char *path)
{
	FILE *f = fopen(path, "r");
	char *text = calloc(1, 1 << 20);

	if (f && text)
		text[fread(text, 1, (1 << 20) - 1, f)] = '\0';
	if (f)
		fclose(f);
	return text;
}

static int print_facts(FILE *f, const struct trace *t, const struct model *m)
{
	(void)t;
	facts_print(f, m);
	return 0;
}

static int print_report(FILE *f, const struct trace *t, const struct model *m)
{
	return report_text(f, t, m, false);
}

static struct view_head head_of(const struct trace *t)
{
	return (struct view_head){ .command = t->command,
				   .kernel = t->kernel,
				   .start_utc = t->start_utc,
				   .exit_code = t->exit_code,
				   .exit_signal = t->exit_signal };
}

static int print_term(FILE *f, const struct trace *t, const struct model *m)
{
	struct view_term_options o = { .width = 80, .unicode = true };
	struct view_window span = { m->span_start_ns, m->span_end_ns };
	struct view_head head = head_of(t);

	return view_term(f, m, &head, span, &o);
}

static int print_csv(FILE *f, const struct trace *t, const struct model *m)
{
	(void)t;
	return view_csv(f, m);
}

static int print_chrome(FILE *f, const struct trace *t, const struct model *m)
{
	(void)t;
	return view_chrome(f, m);
}

static const struct {
	const char *suffix;
	int (*print)(FILE *f, const struct trace *t, const struct model *m);
} kinds[] = { { "facts", print_facts }, { "report", print_report }, { "term", print_term },
	      { "json", report_json },	{ "csv", print_csv },	    { "chrome", print_chrome } };

static bool replace(const char *path, const char *with)
{
	FILE *f = fopen(path, "w");
	bool ok = f && fputs(with, f) >= 0;

	return f && fclose(f) == 0 && ok;
}

static bool compare_kind(const char *text_path, const struct trace *t, const struct model *m,
			 size_t kind, bool update)
{
	char path[256], *got = NULL, *want;
	size_t size;
	FILE *f = open_memstream(&got, &size);
	bool same;

	kinds[kind].print(f, t, m);
	fclose(f);
	snprintf(path, sizeof(path), "%.*s%s", (int)(strlen(text_path) - strlen("txt")), text_path,
		 kinds[kind].suffix);
	if (update)
		replace(path, got);
	want = slurp(path);
	same = !strcmp(want, got);
	if (!same)
		printf("# %s differs: it is now\n%s", path, got);
	free(want);
	free(got);
	return same;
}

/* Of the widest line, in characters. */
static int width(const char *text)
{
	int widest = 0, n = 0;

	for (; *text; text++) {
		n = *text == '\n' ? 0 : n + ((*text & 0xc0) != 0x80);
		widest = n > widest ? n : widest;
	}
	return widest;
}

TEST(eighty_columns)
{
	glob_t reports = { .gl_pathc = 0 };
	char *text;
	size_t i;

	ASSERT_EQ(0, glob("tests/golden/*.report", 0, NULL, &reports));
	ASSERT_EQ(0, glob("tests/golden/*.term", GLOB_APPEND, NULL, &reports));
	for (i = 0; i < reports.gl_pathc; i++) {
		text = slurp(reports.gl_pathv[i]);
		EXPECT_GE(80, width(text))
		{
			TH_LOG("%s", reports.gl_pathv[i]);
		}
		free(text);
	}
	globfree(&reports);
}

/* What was lost or cut stands in the page too; the other views show it in their golden files. */
static bool page_warns(const struct trace *t, const struct model *m)
{
	char warning[VIEW_WARNING], want[VIEW_WARNING + 16], *got = NULL;
	struct view_head head = head_of(t);
	size_t size;
	FILE *f = open_memstream(&got, &size);
	bool ok;

	view_html(f, m, &head);
	fclose(f);
	view_warning(warning, sizeof(warning), m);
	snprintf(want, sizeof(want), "\"warning\":\"%s\"", warning);
	ok = strstr(got, want) && !*warning == m->complete;
	if (!ok)
		printf("# the page does not say: %s\n", want);
	free(got);
	return ok;
}

static bool compare(const char *text_path, bool update)
{
	char *text = slurp(text_path), why[256] = "";
	struct trace *t = NULL;
	struct model *m = NULL;
	bool same = true;
	size_t i;

	if (builder_trace(&t, text, why, sizeof(why)) || model_build(&m, t, 0)) {
		printf("# %s: %s\n", text_path, why);
		same = false;
	}
	for (i = 0; m && i < sizeof(kinds) / sizeof(*kinds); i++)
		same &= compare_kind(text_path, t, m, i, update);
	if (m)
		same &= page_warns(t, m);
	model_free(m);
	trace_free(t);
	free(text);
	return same;
}

TEST(golden)
{
	glob_t texts = { .gl_pathc = 0 };
	size_t i;

	ASSERT_EQ(0, glob(TEXTS, 0, NULL, &texts))
	{
		TH_LOG("no " TEXTS " here: run this from the project's root");
	}
	for (i = 0; i < texts.gl_pathc; i++) {
		EXPECT_TRUE(compare(texts.gl_pathv[i], false))
		{
			TH_LOG("%s", texts.gl_pathv[i]);
		}
	}
	globfree(&texts);
}

/* What reads the file reads its beginning too: cut anywhere, all views still say something. */
static void cut(const char *text_path)
{
	char *text = slurp(text_path), why[256], path[64];
	int fd = memfd_create("cut", 0);
	FILE *null = fopen("/dev/null", "w");
	struct trace *t;
	struct model *m;
	off_t at;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	builder_write(text, path, why, sizeof(why));
	for (at = lseek(fd, 0, SEEK_END); at >= 0 && !ftruncate(fd, at); at--) {
		if (trace_read(&t, path, why, sizeof(why)))
			continue;
		if (!model_build(&m, t, 0)) {
			facts_print(null, m);
			report_text(null, t, m, true);
			report_json(null, t, m);
		}
		model_free(m);
		trace_free(t);
	}
	fclose(null);
	close(fd);
	free(text);
}

TEST(cut_anywhere)
{
	glob_t texts = { .gl_pathc = 0 };
	size_t i;

	ASSERT_EQ(0, glob(TEXTS, 0, NULL, &texts));
	for (i = 0; i < texts.gl_pathc; i++)
		cut(texts.gl_pathv[i]);
	globfree(&texts);
}

static int update(void)
{
	glob_t texts = { .gl_pathc = 0 };
	int bad = glob(TEXTS, 0, NULL, &texts);
	size_t i;

	for (i = 0; i < texts.gl_pathc; i++)
		bad |= !compare(texts.gl_pathv[i], true);
	globfree(&texts);
	return bad ? KSFT_FAIL : KSFT_PASS;
}

static int make(const char *text_path, const char *path)
{
	char *text = slurp(text_path), why[256] = "";
	int err = builder_write(text, path, why, sizeof(why));

	free(text);
	if (err)
		fprintf(stderr, "%s: %s\n", text_path, why);
	return err ? KSFT_FAIL : KSFT_PASS;
}

static int make_all(const char *path)
{
	struct oncpu_record r[3 * ONCPU_RECORD_TYPE_END] = {};
	struct trace_writer *w;
	size_t i, n = sizeof(r) / sizeof(*r);
	int err;

	for (i = 0; i < n; i++) {
		r[i] = (struct oncpu_record){ .time_ns = 1000 + 7 * i, .tid = (uint32_t)(i * i) };
		r[i].type = (uint8_t)(i % ONCPU_RECORD_TYPE_END); /* 0 is nobody's */
		r[i].flags = (uint8_t)(i * 37);
		r[i].raw[0] = i * 0x9e3779b97f4a7c15ull;
		r[i].raw[1] = ~r[i].raw[0];
		if (r[i].type == ONCPU_LOST)
			r[i].lost.nr = i;
		if (r[i].type == ONCPU_COMM)
			strcpy(r[i].comm, "a\"b\\c\x1b <d>");
	}
	err = trace_writer_open(&w, path, "{\"command\":[\"all\"],\"start_ns\":900}");
	if (!err)
		err = trace_writer_records(w, TRACE_BPF, 3, r, (uint32_t)n / 2);
	if (!err)
		err = trace_writer_records(w, TRACE_MODULE, 0, r + n / 2, (uint32_t)(n - n / 2));
	if (!err)
		err = trace_writer_finish(
			w, "{\"sources\":[{\"name\":\"bpf\",\"missed\":3,\"cpus\":[]}]}");
	trace_writer_close(w);
	return err ? KSFT_FAIL : KSFT_PASS;
}

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "--make-all"))
		return make_all(argv[2]);

	if (argc == 2 && !strcmp(argv[1], "--update"))
		return update();
	if (argc == 4 && !strcmp(argv[1], "--make"))
		return make(argv[2], argv[3]);
	return test_harness_run(argc, argv);
}
