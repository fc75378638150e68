// SPDX-License-Identifier: GPL-2.0
/* Lanes of what happens now: records of a trace one by one, frames out. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "builder.h"
#include "kselftest_harness.h"
#include "view/live.h"

#define MS     1000000ull
#define WIDTH  80
#define HEIGHT 24

/* Two that hand a lock to each other on two CPUs, and one that has to wait for a CPU. */
static const char two[] = "cpus 2\nend 600\nexit 0\n"
			  "task M 41 41 1 hello\ntask L 42 41 1 left\ntask R 43 41 1 right\n"
			  "task X 50 50 1 other\ntarget M\n"
			  "0.000 cpu0 switch idle -> L R\n"
			  "0.000 cpu1 switch idle -> R R\n"
			  "100.000 cpu0 futex_wait L 0x7f00\n"
			  "100.000 cpu0 switch L -> X S\n"
			  "200.000 cpu1 futex_wake R 0x7f00\n"
			  "200.000 cpu1 waking L by R at 0\n"
			  "200.000 cpu1 futex_wake_end R 1\n"
			  "300.000 cpu0 switch X -> L P\n"
			  "300.000 cpu0 futex_wait_end L\n"
			  "400.000 cpu1 switch R -> idle S\n"
			  "500.000 cpu0 switch L -> X P\n";

FIXTURE(live)
{
	struct trace *trace;
	struct live live;
	struct live_frame frame;
	char *text;
};

static void start(struct live *l, const struct trace *t, uint64_t window_ns, unsigned int width)
{
	size_t i;

	if (live_begin(l, t->nr_cpus, t->start_ns, window_ns, live_columns(width)))
		exit(1);
	for (i = 0; i < t->nr_tasks; i++) {
		struct now_thread task = { .tid = t->tasks[i].tid,
					   .tgid = t->tasks[i].tgid,
					   .target = t->tasks[i].tgid == t->target_tid };

		memcpy(task.comm, t->tasks[i].comm, sizeof(task.comm));
		live_thread(l, &task);
	}
}

/* All records until then, those of the CPUs in order of time. */
static void feed(struct live *l, const struct trace *t, size_t *next, uint64_t until_ns)
{
	for (;;) {
		const struct trace_stream *s, *first = NULL;

		for (s = t->streams; s < t->streams + t->nr_streams; s++)
			if (next[s->cpu] < s->n && s->records[next[s->cpu]].time_ns <= until_ns &&
			    (!first || s->records[next[s->cpu]].time_ns <
					       first->records[next[first->cpu]].time_ns))
				first = s;
		if (!first)
			break;
		live_take(l, first->cpu, &first->records[next[first->cpu]++]);
	}
	live_advance(l, until_ns);
}

static char *draw(struct live *l, const struct live_frame *f, char **text)
{
	size_t size;
	FILE *out;

	free(*text);
	out = open_memstream(text, &size);
	if (live_draw(out, l, f))
		fputs("it cannot be drawn", out);
	fclose(out);
	return *text;
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
	return lines == height;
}

FIXTURE_SETUP(live)
{
	char why[256];

	self->text = NULL;
	ASSERT_EQ(0, builder_trace(&self->trace, two, why, sizeof(why)));
	start(&self->live, self->trace, 600 * MS, WIDTH);
	self->frame = (struct live_frame){ .o = { .width = WIDTH, .unicode = true },
					   .height = HEIGHT,
					   .what = "./a.out 7",
					   .source = "eBPF",
					   .note = "",
					   .output = "",
					   .kept_ns = 600 * MS };
}

FIXTURE_TEARDOWN(live)
{
	free(self->text);
	live_end(&self->live);
	trace_free(self->trace);
}

#define FRAME() draw(&self->live, &self->frame, &self->text)
#define AT(ms)	(self->trace->start_ns + (ms) * MS)

TEST_F(live, a_frame)
{
	size_t next[2] = { 0 };

	feed(&self->live, self->trace, next, AT(599));
	live_rate(&self->live);
	self->frame.note = "Saved.";
	self->frame.output = "begins\033[2J";
	EXPECT_STREQ(
		"oncpu live: ./a.out 7 (eBPF), the last 600.0 ms; 600.0 ms are kept\n"
		"10 switches/s   1.7 run   0.7 queue for a CPU   0.2 wait for locks   0 lost\n"
		"                    ╷-600 ms            ╷-400 ms            ╷-200 ms        now╷\n"
		"CPU 0               AAAAAAAAAA····················AAAAAAAAAAAAAAAAAAAA··········\n"
		"  queue 1                               1111111111111111111111111111111111111111\n"
		"CPU 1               BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB\n"
		"  queue 0           \n"
		"\n"
		"A left/42           ██████████══════════░░░░░░░░░░████████████████████░░░░░░░░░░\n"
		"B right/43          ████████████████████████████████████████────────────────────\n"
		"\n\n\n\n\n\n\n\n\n"
		"\n"
		"Waited for locks: left/42 16 %\n"
		"begins?[2J\n"
		"Saved.\n"
		"space pause and look back   s save as a trace   +/- time   ? help   q leave\n",
		FRAME());
	EXPECT_TRUE(fits(self->text, WIDTH, HEIGHT));
}

/* Half of it has scrolled out by then; what was drawn before is where it was, further left. */
TEST_F(live, it_scrolls)
{
	size_t next[2] = { 0 };

	feed(&self->live, self->trace, next, AT(599));
	live_advance(&self->live, AT(899));
	EXPECT_NE(NULL, strstr(FRAME(), "A left/42           ████████████████████░░░░░░░░░░"
					"░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░\n"));
	EXPECT_NE(NULL, strstr(self->text, "B right/43          ██████████─────"));
	live_advance(&self->live, AT(5000));
	EXPECT_NE(NULL, strstr(FRAME(), "A left/42           ░░░░░░░░░░░░░░"));
	EXPECT_EQ(NULL, strstr(self->text, "█"));
}

/* However the records are cut into portions, and whenever it is drawn. */
TEST_F(live, the_same_in_many_steps)
{
	size_t next[2] = { 0 };
	struct live other;
	uint64_t ms;
	char *text = NULL;

	feed(&self->live, self->trace, next, AT(599));
	memset(next, 0, sizeof(next));
	start(&other, self->trace, 600 * MS, WIDTH);
	for (ms = 7; ms < 599; ms += 7) {
		feed(&other, self->trace, next, AT(ms));
		draw(&other, &self->frame, &text);
	}
	feed(&other, self->trace, next, AT(599));
	self->live.rates = other.rates = (struct live_sums){};
	EXPECT_STREQ(FRAME(), draw(&other, &self->frame, &text));
	live_end(&other);
	free(text);
}

TEST_F(live, only_the_commands_threads_unless_all)
{
	size_t next[2] = { 0 };

	feed(&self->live, self->trace, next, AT(599));
	EXPECT_EQ(NULL, strstr(FRAME(), "other/50"));
	self->frame.o.all = true;
	EXPECT_NE(NULL, strstr(FRAME(), "other/50"));
}

/* A slice of another's idle time between, and a lane of a thread that ended goes with its last slice. */
TEST_F(live, the_dead_go)
{
	size_t next[2] = { 0 };
	struct oncpu_record dies = { .time_ns = AT(600), .tid = 50, .type = ONCPU_SWITCH };

	dies.sched_switch.prev_state = 0x80;
	feed(&self->live, self->trace, next, AT(599));
	live_take(&self->live, 0, &dies);
	live_advance(&self->live, AT(650));
	self->frame.o.all = true;
	EXPECT_NE(NULL, strstr(FRAME(), "other/50"));
	EXPECT_EQ(NULL, now_find(&self->live.now, 50));
	live_advance(&self->live, AT(1300));
	EXPECT_EQ(NULL, strstr(FRAME(), "other/50"));
}

TEST_F(live, lost_records_are_told)
{
	size_t next[2] = { 0 };
	struct oncpu_record lost = { .time_ns = AT(450), .type = ONCPU_LOST };

	lost.lost.nr = 9;
	feed(&self->live, self->trace, next, AT(449));
	live_take(&self->live, 0, &lost);
	live_advance(&self->live, AT(599));
	self->frame.nr_lost = 9;
	EXPECT_NE(NULL, strstr(FRAME(), "9 lost"));
	EXPECT_NE(NULL, strstr(self->text, "AAAAA!"));
	EXPECT_EQ(9, self->live.now.nr_lost);
	EXPECT_EQ(STATE_UNKNOWN, now_find(&self->live.now, 42)->now.state);
}

TEST_F(live, the_recorder_counts_as_idle)
{
	size_t next[2] = { 0 };

	self->live.hidden = 50;
	self->frame.o.all = true;
	feed(&self->live, self->trace, next, AT(599));
	EXPECT_NE(NULL, strstr(FRAME(), "CPU 0               AAAAAAAAAA                    AAAA"));
	EXPECT_EQ(NULL, strstr(self->text, "other/50"));
}

TEST_F(live, fits_any_screen)
{
	static const unsigned int widths[] = { 40, 41, 79, 80, 100, 160, 300 };
	static const unsigned int heights[] = { 12, 13, 24, 45, 100 };
	size_t next[2], w, h;

	for (w = 0; w < sizeof(widths) / sizeof(*widths); w++) {
		live_end(&self->live);
		start(&self->live, self->trace, 600 * MS, widths[w]);
		memset(next, 0, sizeof(next));
		feed(&self->live, self->trace, next, AT(599));
		for (h = 0; h < sizeof(heights) / sizeof(*heights); h++) {
			self->frame.o.width = widths[w];
			self->frame.height = heights[h];
			self->frame.o.colour = h % 2;
			EXPECT_TRUE(fits(FRAME(), widths[w], heights[h]));
		}
	}
	self->frame.height = 11;
	EXPECT_STREQ("it cannot be drawn", FRAME());
}

/* A slow second: what was at once, on the mean. */
TEST_F(live, rates_are_means)
{
	size_t next[2] = { 0 };
	const struct live_sums *s = &self->live.rates;

	feed(&self->live, self->trace, next, AT(300));
	live_rate(&self->live);
	EXPECT_EQ(300 * MS, s->time_ns);
	EXPECT_EQ(3, s->nr_switches - 1); /* the one at 300 ms, too */
	EXPECT_EQ(600 * MS, s->running_ns);
	EXPECT_EQ(100 * MS, s->runnable_ns);
	EXPECT_EQ(100 * MS, s->lock_ns);
	feed(&self->live, self->trace, next, AT(500));
	live_rate(&self->live);
	EXPECT_EQ(200 * MS, s->time_ns);
	EXPECT_EQ(300 * MS, s->running_ns);
	EXPECT_EQ(0, s->lock_ns);
}

TEST_HARNESS_MAIN
