// SPDX-License-Identifier: GPL-2.0
/* The terminal timeline, line by line: models made by hand in, exact lines out. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kselftest_harness.h"
#include "models.h"
#include "view/cells.h"
#include "view/view.h"

static const struct view_head head = { .command = "./a.out 7", .kernel = "", .start_utc = "" };
static const struct view_term_options plain = { .width = 80, .unicode = true };

/* The whole picture of a model, which it frees; the caller frees the text. */
static char *draw(struct model *m, const struct view_term_options *o)
{
	struct view_window all = { m->start_ns, m->end_ns };
	size_t size;
	char *text;
	FILE *f = open_memstream(&text, &size);
	int err = view_term(f, m, &head, all, o);

	fclose(f);
	model_free(m);
	if (!err)
		return text;
	free(text);
	return NULL;
}

static unsigned int widest(const char *text)
{
	unsigned int n = 0, max = 0;

	for (; *text; text++) {
		n = *text == '\n' ? 0 : n + ((*text & 0xc0) != 0x80);
		max = n > max ? n : max;
	}
	return max;
}

TEST(eighty_columns)
{
	char *text = draw(model_two(), &plain);

	EXPECT_STREQ(
		"./a.out 7: exit status 0\n"
		"3 threads ran on 2 CPUs for 514.0 ms in all; the command took 400.0 ms from\n"
		"start to end. At most 2 of them ran at the same instant; for 130.0 ms (32 %) two\n"
		"did.\n"
		"\n"
		"           ╷0               ╷100 ms          ╷200 ms          ╷300 ms\n"
		"CPU 0      AABBBBBBBCCCCCCCBBBBBBBBBBBBBBBBBBBBBB             BBBBBBBB··AAAAAAAA\n"
		"CPU 1                            CCCCCCCCCCCCCCCCCC  CCCCCCCCCCCCCCCCCCC\n"
		"\n"
		"A hello/41 ██══════════════════════════════════════════════════════════█████████\n"
		"B left/42  ░░███████░░░░░░░██████████████████████══════════════███████\n"
		"C right/43  ░░░░░░░░███████░░░░░░██████████████████┄┄███████████████████\n"
		"\n"
		"██ runs   ░░ could run, waits for a CPU   ══ waits for a lock or a thread\n"
		"── sleeps   ┄┄ waits in the kernel   ▒▒ ran briefly   ·· others   ?? unknown\n"
		"\n"
		"The longest waits, one a thread\n"
		"  hello/41 waited 340.0 ms for right/43 to end.\n"
		"  left/42 waited 80.0 ms for the futex 0x7f3a10000040, held by right/43; woken\n"
		"  by right/43.\n"
		"  right/43 waited 42.0 ms for CPU 0, created by hello/41, while left/42 ran\n"
		"  there.\n",
		text);
	EXPECT_GE(80, widest(text));
	free(text);
}

TEST(ascii_where_the_locale_is_no_utf8)
{
	struct view_term_options o = { .width = 80 };
	char *text = draw(model_two(), &o);
	const char *s;

	EXPECT_STREQ(
		"./a.out 7: exit status 0\n"
		"3 threads ran on 2 CPUs for 514.0 ms in all; the command took 400.0 ms from\n"
		"start to end. At most 2 of them ran at the same instant; for 130.0 ms (32 %) two\n"
		"did.\n"
		"\n"
		"           |0               |100 ms          |200 ms          |300 ms\n"
		"CPU 0      AABBBBBBBCCCCCCCBBBBBBBBBBBBBBBBBBBBBB             BBBBBBBB++AAAAAAAA\n"
		"CPU 1                            CCCCCCCCCCCCCCCCCC  CCCCCCCCCCCCCCCCCCC\n"
		"\n"
		"A hello/41 ##==========================================================#########\n"
		"B left/42  ..#######.......######################==============#######\n"
		"C right/43  ........#######......##################~~###################\n"
		"\n"
		"## runs   .. could run, waits for a CPU   == waits for a lock or a thread\n"
		"-- sleeps   ~~ waits in the kernel   ** ran briefly   ++ others   ?? unknown\n"
		"\n"
		"The longest waits, one a thread\n"
		"  hello/41 waited 340.0 ms for right/43 to end.\n"
		"  left/42 waited 80.0 ms for the futex 0x7f3a10000040, held by right/43; woken\n"
		"  by right/43.\n"
		"  right/43 waited 42.0 ms for CPU 0, created by hello/41, while left/42 ran\n"
		"  there.\n",
		text);
	for (s = text; *s; s++)
		EXPECT_LT(0, *s);
	free(text);
}

TEST(colour_only_where_asked)
{
	struct view_term_options o = { .width = 80, .unicode = true, .colour = true };
	char *without = draw(model_two(), &plain), *with = draw(model_two(), &o), *from, *to;

	EXPECT_EQ(NULL, strchr(without, '\033'));
	EXPECT_NE(NULL, strstr(with, "CPU 0      \033[38;5;231m\033[48;5;32mAA\033[0m"));
	for (from = to = with; *from;) /* the same picture under the colours */
		if (*from == '\033')
			from = strchr(from, 'm') + 1;
		else
			*to++ = *from++;
	*to = '\0';
	EXPECT_STREQ(without, with);
	free(with);
	free(without);
}

/* Zero of the axis is where the command begins, also where more is drawn. */
TEST(zero_is_where_the_command_begins)
{
	struct model *m = model_framed();
	struct view_window span = { m->span_start_ns, m->span_end_ns };
	size_t size;
	char *text, *wide;
	FILE *f = open_memstream(&text, &size);

	ASSERT_EQ(0, view_term(f, m, &head, span, &plain));
	fclose(f);
	EXPECT_NE(NULL, strstr(text, "\n          ╷0"));
	EXPECT_NE(NULL, strstr(text, "╷40 ms"));
	EXPECT_NE(NULL, strstr(text, "took 60.0 ms"));
	EXPECT_EQ(NULL, strstr(text, " 5.0 ms"));
	wide = draw(m, &plain);
	EXPECT_NE(NULL, strstr(wide, "\n                        ╷0"));
	free(wide);
	free(text);
}

TEST(no_threads)
{
	char *text = draw(model_empty(100000000), &plain);

	EXPECT_NE(NULL,
		  strstr(text, "No thread of the command ran in this recording of 100.0 ms."));
	EXPECT_NE(NULL, strstr(text, "\nCPU 1  ????"));
	free(text);
}

TEST(no_time)
{
	char *text = draw(model_empty(0), &plain);

	EXPECT_NE(NULL, strstr(text, "Nothing lasted"));
	free(text);
}

TEST(three_hundred_threads)
{
	struct view_term_options o = plain;
	char *some = draw(model_many(300), &o), *all;

	o.all = true;
	all = draw(model_many(300), &o);
	EXPECT_NE(NULL, strstr(some, "260 more threads: --all shows them"));
	EXPECT_EQ(NULL, strstr(some, "worker-299"));
	EXPECT_NE(NULL, strstr(all, "worker-299"));
	EXPECT_EQ(NULL, strstr(all, "--all"));
	EXPECT_GE(80, widest(all));
	free(all);
	free(some);
}

TEST(brief_runs_are_told)
{
	char *text = draw(model_nap(), &plain);

	EXPECT_NE(NULL, strstr(text, "\nA sleep/7 ▒──────"));
	EXPECT_NE(NULL, strstr(text, "──▒\n"));
	EXPECT_NE(NULL, strstr(text, "woken by an interrupt."));
	free(text);
}

TEST(names_cannot_command_the_terminal)
{
	char *text = draw(model_hostile(), &plain);

	EXPECT_EQ(NULL, strchr(text, '\033'));
	EXPECT_EQ(NULL, strstr(text, "\xe2\x80\xae"));
	EXPECT_NE(NULL,
		  strstr(text, "12 records were lost by the bpf recorder, on CPU 0, in 1 gap."));
	EXPECT_NE(NULL, strstr(text, "incomplete: the recorder did not finish"));
	EXPECT_NE(NULL, strstr(text, "D ?[2J??abc/11"));
	free(text);
}

TEST(every_width_holds)
{
	struct view_term_options o = plain;

	for (o.width = VIEW_MIN_WIDTH; o.width < 260; o.width += 3) {
		char *text = draw(model_two(), &o);

		ASSERT_NE(NULL, text);
		EXPECT_GE(o.width, widest(text));
		free(text);
	}
	o.width = VIEW_MIN_WIDTH - 1;
	EXPECT_EQ(NULL, draw(model_two(), &o));
}

TEST(a_wait_that_lasted_is_seen)
{
	/* In a window of 100 and 10 cells: runs of 7, but a wait of 3 (over a quarter of a cell). */
	const struct span spans[] = { { .start_ns = 0, .end_ns = 37, .slot = 0 },
				      { .start_ns = 37, .end_ns = 40, .slot = 1, .keep = true },
				      { .start_ns = 40, .end_ns = 100, .slot = 0 } };
	struct view_window w = { 0, 100 };
	struct cell cells[10];
	int i;

	ASSERT_EQ(0, cells_fill(cells, 10, w, spans, 3, 2));
	for (i = 0; i < 10; i++)
		EXPECT_EQ(i == 3 ? 1u : 0u, cells[i].slot);
}

/* Two threads take turns of 6 and 4 on a CPU, in cells of 10: the runs must not vanish. */
TEST(turns_shorter_than_a_cell)
{
	struct span spans[40];
	struct view_window w = { 0, 200 };
	struct cell cells[20];
	int i, runs = 0;

	for (i = 0; i < 40; i++)
		spans[i] = (struct span){ .start_ns = (uint64_t)(i / 2 * 10 + i % 2 * 6),
					  .end_ns = (uint64_t)(i / 2 * 10 + (i % 2 ? 10 : 6)),
					  .slot = (unsigned int)(i % 2),
					  .keep = i % 2 };
	ASSERT_EQ(0, cells_fill(cells, 20, w, spans, 40, 2));
	for (i = 0; i < 20; i++)
		runs += cells[i].slot == 0;
	EXPECT_LE(10, runs);
	EXPECT_GT(20, runs);
}

TEST(fewer_nanoseconds_than_columns)
{
	const struct span spans[] = { { .start_ns = 0, .end_ns = 2, .slot = 0 },
				      { .start_ns = 2, .end_ns = 3, .slot = 1 } };
	struct view_window w = { 0, 3 };
	struct cell cells[9];
	int i;

	ASSERT_EQ(0, cells_fill(cells, 9, w, spans, 2, 2));
	for (i = 0; i < 9; i++)
		EXPECT_EQ(i < 6 ? 0u : 1u, cells[i].slot);
}

TEST_HARNESS_MAIN
