// SPDX-License-Identifier: GPL-2.0
/* Walking about in the timeline: keys in, frames out. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kselftest_harness.h"
#include "models.h"
#include "view/browse.h"
#include "view/text.h"

#define MS     1000000ull
#define WIDTH  80
#define HEIGHT 24

static const struct view_head head = { .command = "./a.out 7", .kernel = "", .start_utc = "" };
static const struct view_term_options plain = { .width = WIDTH, .unicode = true };

FIXTURE(browse)
{
	struct model *m;
	struct browse b;
	char *frame;
};

FIXTURE_SETUP(browse)
{
	self->frame = NULL;
	self->m = model_two();
	ASSERT_EQ(0, browse_begin(&self->b, self->m, &head, &plain, HEIGHT));
}

FIXTURE_TEARDOWN(browse)
{
	free(self->frame);
	browse_end(&self->b);
	model_free(self->m);
}

static char *draw(struct browse *b, char **frame)
{
	size_t size;
	FILE *f;

	free(*frame);
	f = open_memstream(frame, &size);
	if (browse_draw(f, b))
		fputs("it cannot be drawn", f);
	fclose(f);
	return *frame;
}

#define FRAME()	   draw(&self->b, &self->frame)
#define PRESS(key) ASSERT_TRUE(browse_press(&self->b, key))

static uint64_t length(const struct browse *b)
{
	return b->w.end_ns - b->w.start_ns;
}

static bool fits(const char *frame, unsigned int width, unsigned int height)
{
	unsigned int lines = 0, columns = 0;
	bool escape = false;

	for (; *frame; frame++) {
		if (*frame == '\n') {
			lines++;
			columns = 0;
		} else if (*frame == '\033') {
			escape = true;
		} else if (escape) {
			escape = *frame != 'm';
		} else {
			columns += (*frame & 0xc0) != 0x80;
		}
		if (columns > width)
			return false;
	}
	return lines <= height;
}

TEST_F(browse, begins_with_the_command)
{
	EXPECT_EQ(400 * MS, length(&self->b));
	EXPECT_NE(NULL, strstr(FRAME(), "hello/41 ran 10.0 ms on CPU 0."));
	EXPECT_TRUE(fits(self->frame, WIDTH, HEIGHT));
}

TEST_F(browse, intervals_one_by_one)
{
	PRESS(BROWSE_RIGHT);
	EXPECT_NE(NULL,
		  strstr(FRAME(), "hello/41 was off CPU for 340.0 ms: it waited for right/43 to "
				  "end"));
	PRESS(BROWSE_LEFT);
	EXPECT_NE(NULL, strstr(FRAME(), "hello/41 ran 10.0 ms on CPU 0."));
	PRESS(BROWSE_LEFT); /* there is none before */
	EXPECT_NE(NULL, strstr(FRAME(), "hello/41 ran 10.0 ms on CPU 0."));
}

TEST_F(browse, another_thread_and_its_waits)
{
	PRESS(BROWSE_DOWN);
	PRESS('n');
	EXPECT_NE(NULL, strstr(FRAME(), "left/42 waited 5.0 ms for CPU 0"));
	PRESS('n');
	EXPECT_NE(NULL, strstr(FRAME(), "left/42 had to leave CPU 0 for 40.0 ms"));
	PRESS('p');
	EXPECT_NE(NULL, strstr(FRAME(), "5.0 ms"));
}

TEST_F(browse, zoom_keeps_the_cursor_where_it_is)
{
	PRESS(BROWSE_RIGHT); /* at 10 ms of 400: a fortieth from the left */
	PRESS('w');
	EXPECT_GT(300 * MS, length(&self->b));
	EXPECT_EQ(10 * MS, self->b.cursor_ns - self->m->start_ns);
	PRESS('s');
	PRESS('s');
	EXPECT_EQ(400 * MS, length(&self->b)); /* and no further out than the recording */
}

TEST_F(browse, moves_within_the_recording)
{
	PRESS(BROWSE_ENTER);
	PRESS('a');
	PRESS('a');
	EXPECT_EQ(self->m->start_ns, self->b.w.start_ns);
	while (self->b.w.end_ns < self->m->end_ns)
		PRESS('d');
	PRESS('d');
	EXPECT_EQ(self->m->end_ns, self->b.w.end_ns);
	PRESS('c');
	EXPECT_EQ(400 * MS, length(&self->b));
}

TEST_F(browse, help_and_leaving)
{
	PRESS('?');
	EXPECT_NE(NULL, strstr(FRAME(), "the next thing that stands out"));
	PRESS('?');
	EXPECT_EQ(NULL, strstr(FRAME(), "the next thing that stands out"));
	EXPECT_FALSE(browse_press(&self->b, 'q'));
	EXPECT_FALSE(browse_press(&self->b, 3));
}

TEST_F(browse, too_small_is_said)
{
	self->b.height = BROWSE_MIN_HEIGHT - 1;
	EXPECT_STREQ("it cannot be drawn", FRAME());
}

/* Whatever is pressed on whatever screen: the frame fits, the window lies in the recording. */
static const char *walk(struct model *m, unsigned int seed)
{
	static const int keys[] = { 'w',	 's',	       'a',	     'd',
				    'n',	 'p',	       'f',	     'c',
				    '0',	 '?',	       BROWSE_UP,    BROWSE_DOWN,
				    BROWSE_LEFT, BROWSE_RIGHT, BROWSE_ENTER, 'x' };
	const char *what = NULL;
	char *frame = NULL;
	struct browse b;
	int i;

	if (browse_begin(&b, m, &head, &plain, HEIGHT))
		what = "no memory";
	for (i = 0; i < 100 && !what; i++) {
		seed = seed * 1103515245u + 12345u;
		browse_press(&b, keys[(seed >> 16) % (sizeof(keys) / sizeof(*keys))]);
		b.o.width = VIEW_MIN_WIDTH + (seed >> 8) % 160;
		b.height = BROWSE_MIN_HEIGHT + (seed >> 4) % 50;
		draw(&b, &frame);
		if (!fits(frame, b.o.width, b.height))
			what = "a frame larger than its screen";
		if (b.w.start_ns < m->start_ns || b.w.end_ns > m->end_ns ||
		    b.cursor_ns < b.w.start_ns || b.cursor_ns > b.w.end_ns)
			what = "out of the recording";
	}
	if (what)
		printf("# %s:\n%s\n", what, frame);
	free(frame);
	browse_end(&b);
	model_free(m);
	return what;
}

TEST(whatever_is_pressed)
{
	unsigned int seed;

	for (seed = 1; seed <= 5; seed++) {
		EXPECT_EQ(NULL, walk(model_two(), seed));
		EXPECT_EQ(NULL, walk(model_hostile(), seed));
		EXPECT_EQ(NULL, walk(model_nap(), seed));
		EXPECT_EQ(NULL, walk(model_framed(), seed));
		EXPECT_EQ(NULL, walk(model_empty(5 * MS), seed));
		EXPECT_EQ(NULL, walk(model_empty(0), seed));
	}
	EXPECT_EQ(NULL, walk(model_many(50), 1));
}

TEST_F(browse, x_goes_along_the_critical_path)
{
	const struct path *p = &self->b.path;
	size_t i;

	ASSERT_LT(2, p->nr_steps);
	for (i = 1; i < p->nr_steps; i++) {
		PRESS('x');
		EXPECT_EQ(p->steps[i].start_ns, self->b.cursor_ns);
		EXPECT_EQ(p->steps[i].thread, self->b.threads[self->b.row]);
	}
	PRESS('x');
	EXPECT_EQ(self->m->span_start_ns, self->b.cursor_ns) TH_LOG("and begins anew");
}

TEST_F(browse, it_can_begin_at_a_stretch_of_time_and_a_thread)
{
	uint64_t start = self->m->span_start_ns;
	struct view_window w = { start + 220 * MS, start + 300 * MS };

	browse_look(&self->b, w, 43);
	EXPECT_EQ(43, self->m->threads[self->b.threads[self->b.row]].tid);
	EXPECT_EQ(w.start_ns, self->b.cursor_ns);
	EXPECT_LT(self->b.w.start_ns, w.start_ns) TH_LOG("a margin tells what was before");
	EXPECT_GE(self->b.w.end_ns, w.end_ns);
	EXPECT_LT(length(&self->b), 2 * 80 * MS);
	browse_look(&self->b, (struct view_window){ UINT64_MAX - 5, UINT64_MAX - 2 }, 999);
	EXPECT_LE(self->b.w.end_ns, self->m->end_ns);
	EXPECT_TRUE(fits(FRAME(), WIDTH, HEIGHT));
}

TEST_F(browse, a_moment_is_read_as_it_is_shown)
{
	static const struct {
		const char *text;
		int64_t ns;
	} good[] = { { "2.5ms", 2500000 },
		     { "3", 3000000 },
		     { "7us", 7000 },
		     { "23ns", 23 },
		     { "1s", 1000000000 } };
	static const char *const bad[] = { "", "ms", "1 h", "1e30s", "nan", "-1e12s", "2ms " };
	uint64_t ns;
	size_t i;

	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		EXPECT_EQ(0, view_parse_moment(&ns, self->m, good[i].text));
		EXPECT_EQ(good[i].ns, (int64_t)(ns - self->m->span_start_ns));
	}
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		EXPECT_EQ(-EINVAL, view_parse_moment(&ns, self->m, bad[i])) TH_LOG("%s", bad[i]);
	}
}

TEST_HARNESS_MAIN
