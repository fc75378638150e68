// SPDX-License-Identifier: GPL-2.0
/*
 * The screen of oncpu live: lanes that scroll; paused, the timeline that one walks about in (walk.c).
 * The recorder goes on in both. What the command writes would spoil the picture: it comes by a pipe,
 * its last line is shown, and the end of it when the screen is left.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lib/clock.h"
#include "commands/live.h"
#include "commands/screen.h"
#include "commands/terminal.h"
#include "commands/walk.h"
#include "lib/text.h"

#define FRAME_NS    170000000ull
#define SECOND_NS   1000000000ull
#define NOTE_NS	    10000000000ull
#define PIPE_BYTES  (1 << 20)
#define MOST_SAVED  9999
#define PAUSED_KEYS "+/- zoom  a/d move  arrows  n/p wait  f finding  s save  space go on  q leave"

static const uint64_t windows_ns[] = { 10000000000, 5000000000, 2000000000, 1000000000,
				       500000000,   200000000,	100000000 };

#define NR_WINDOWS (sizeof(windows_ns) / sizeof(*windows_ns))

static void note(struct live_screen *s, const char *text)
{
	snprintf(s->note, sizeof(s->note), "%s", text);
	s->note_ns = now_ns();
	s->drawn_ns = 0;
}

int live_screen_open(struct live_screen *s)
{
	int fds[2], null = open("/dev/null", O_RDWR | O_CLOEXEC);

	s->in = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 10);
	s->out = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 10);
	if (null < 0 || s->in < 0 || s->out < 0 || pipe2(fds, O_CLOEXEC))
		return -errno;
	s->output = fds[0];
	fcntl(s->output, F_SETFL, O_NONBLOCK);
	fcntl(fds[1], F_SETPIPE_SZ, PIPE_BYTES);
	if (dup2(null, STDIN_FILENO) < 0 || dup2(fds[1], STDOUT_FILENO) < 0 ||
	    dup2(fds[1], STDERR_FILENO) < 0)
		return -errno;
	close(fds[1]);
	close(null);
	return 0;
}

/* What the command wrote of late is kept, and its last line shown. */
static void read_output(struct live_screen *s)
{
	char bytes[LIVE_OUTPUT / 2], *line;
	ssize_t n;

	while ((n = read(s->output, bytes, sizeof(bytes))) > 0) {
		if (s->nr_tail + (size_t)n > sizeof(s->tail)) {
			size_t gone = s->nr_tail + (size_t)n - sizeof(s->tail);

			memmove(s->tail, s->tail + gone, s->nr_tail - gone);
			s->nr_tail -= gone;
		}
		memcpy(s->tail + s->nr_tail, bytes, (size_t)n);
		s->nr_tail += (size_t)n;
	}
	n = (ssize_t)s->nr_tail;
	while (n > 0 && s->tail[n - 1] == '\n')
		n--;
	line = n ? memrchr(s->tail, '\n', (size_t)n) : NULL;
	line = line ? line + 1 : s->tail;
	snprintf(s->line, sizeof(s->line), "%.*s", (int)(s->tail + n - line), line);
	text_clean(s->line);
}

void live_screen_close(struct live_screen *s)
{
	screen_restore();
	read_output(s);
	dup2(s->in, STDIN_FILENO);
	dup2(s->out, STDOUT_FILENO);
	dup2(s->out, STDERR_FILENO);
	close(s->in);
	close(s->out);
	close(s->output);
	browse_end(&s->browse);
	model_free(s->model);
	trace_free(s->trace);
	if (s->nr_tail)
		fprintf(stderr, "%.*s%s", (int)s->nr_tail, s->tail,
			s->tail[s->nr_tail - 1] == '\n' ? "" : "\n");
}

/* Anew, from what is kept: the screen has another size, or another time is to be seen. */
static int lay_out(struct live_run *run)
{
	struct live_screen *s = &run->screen;
	const struct history *h = &run->past.history;
	struct live_sums rates = run->live.rates;
	size_t i;
	int err;

	live_end(&run->live);
	err = live_begin(&run->live, h->before.nr_cpus, h->start_ns, windows_ns[s->zoom],
			 live_columns(s->width));
	run->live.hidden = run->hidden;
	for (i = 0; !err && i < h->before.size; i++)
		if (h->before.table[i])
			live_thread(&run->live, h->before.table[i]);
	for (i = 0; !err && i < history_count(h); i++)
		live_take(&run->live, history_record(h, i)->lap, history_record(h, i));
	live_advance(&run->live, run->past.drained_ns);
	if (rates.time_ns)
		run->live.rates = rates;
	s->drawn_ns = 0;
	return err;
}

static void fit(struct live_run *run)
{
	struct live_screen *s = &run->screen;

	if (!screen_resized())
		return;
	screen_size(&s->width, &s->height);
	s->browse.o.width = s->frame.o.width = s->width;
	s->browse.height = s->frame.height = s->height;
	run->live.err = lay_out(run);
}

int live_screen_begin(struct live_run *run)
{
	struct live_screen *s = &run->screen;
	int err = screen_take(s->in, s->out);

	if (err)
		return err;
	s->width = 80;
	s->height = 24;
	s->frame = (struct live_frame){ .o = { .unicode = terminal_utf8(),
					       .colour = terminal_colour(s->out),
					       .all = run->all },
					.what = run->what,
					.source = run->source,
					.note = s->note,
					.output = s->line };
	fit(run);
	return run->live.err;
}

/* A name that nobody has taken yet. 0 or -errno. */
static int new_file(char *path, size_t size)
{
	int i, fd = -1;

	for (i = 1; i <= MOST_SAVED && fd < 0; i++) {
		snprintf(path, size, "live-%d.oncpu", i);
		fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
		if (fd < 0 && errno != EEXIST)
			return -errno;
	}
	if (fd < 0)
		return -EEXIST;
	close(fd);
	return 0;
}

static void save(struct live_run *run)
{
	const struct history *h = &run->past.history;
	char path[32], text[256], length[TEXT_DURATION];
	int err = new_file(path, sizeof(path));

	if (!err) {
		err = lookback_save(&run->past, path);
		if (err)
			unlink(path);
	}
	text_duration(h->end_ns - h->start_ns, length, sizeof(length));
	if (err)
		snprintf(text, sizeof(text), "Not saved: %s: %s", path, strerror(-err));
	else
		snprintf(text, sizeof(text), "Saved the last %s, %zu records, as %s", length,
			 history_count(h), path);
	note(&run->screen, text);
}

static void forget_pause(struct live_screen *s)
{
	browse_end(&s->browse);
	model_free(s->model);
	trace_free(s->trace);
	s->model = NULL;
	s->trace = NULL;
	s->paused = false;
}

/* As any trace: written, if only to memory, and read again. */
static int read_back(struct live_run *run, char *why, size_t why_size)
{
	struct live_screen *s = &run->screen;
	int fd = memfd_create("oncpu-live", MFD_CLOEXEC), err;
	char path[64];

	if (fd < 0)
		return -errno;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	err = lookback_save(&run->past, path);
	if (!err)
		err = trace_read(&s->trace, path, why, why_size);
	close(fd);
	if (!err)
		err = model_build(&s->model, s->trace, 0);
	return err;
}

static void pause_it(struct live_run *run)
{
	struct live_screen *s = &run->screen;
	struct view_term_options o = s->frame.o;
	char why[256] = "", text[320];
	int err = read_back(run, why, sizeof(why));

	if (!err) {
		s->head =
			(struct view_head){ .command = run->what,
					    .kernel = s->trace->kernel,
					    .start_utc = s->trace->start_utc,
					    .exit_code = -1,
					    .how = s->told_end ? "paused"
							       : "paused; the recording goes on" };
		err = browse_begin(&s->browse, s->model, &s->head, &o, s->height);
		s->browse.keys = PAUSED_KEYS;
		s->browse.cursor_ns = s->browse.w.end_ns; /* from now, one looks back */
	}
	s->paused = !err;
	s->drawn_ns = 0;
	if (!err)
		return;
	forget_pause(s);
	snprintf(text, sizeof(text), "There is nothing to look back at: %s",
		 err == -ENODATA ? "no records are kept"
		 : why[0]	 ? why
				 : strerror(-err));
	note(s, text);
}

static void zoom(struct live_run *run, int by)
{
	struct live_screen *s = &run->screen;

	if ((by < 0 && !s->zoom) || (by > 0 && s->zoom + 1 == NR_WINDOWS))
		return;
	s->zoom += (unsigned int)by;
	run->live.err = lay_out(run);
}

static void press_live(struct live_run *run, int key)
{
	struct live_screen *s = &run->screen;

	s->frame.help = key == '?' && !s->frame.help;
	s->drawn_ns = 0;
	switch (key) {
	case ' ':
		return pause_it(run);
	case 's':
		return save(run);
	case '+':
	case 'w':
		return zoom(run, 1);
	case '-':
		return zoom(run, -1);
	case 'q':
	case 3: /* Ctrl-C */
		s->quit = true;
	}
}

static void press_paused(struct live_run *run, int key)
{
	struct live_screen *s = &run->screen;

	s->drawn_ns = 0;
	if (key == ' ')
		forget_pause(s);
	else if (key == 's')
		save(run);
	else
		s->quit = !browse_press(&s->browse, key);
}

static void draw_live(struct live_run *run)
{
	struct live_screen *s = &run->screen;
	const struct history *h = &run->past.history;
	char *text = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);
	int err = f ? 0 : -ENOMEM;

	live_advance(&run->live, run->past.drained_ns);
	if (run->live.sums.time_ns - run->live.second.time_ns >= SECOND_NS)
		live_rate(&run->live);
	s->frame.nr_lost = run->past.nr_lost;
	s->frame.kept_ns = h->end_ns - h->start_ns;
	s->frame.full = h->full;
	if (f) {
		err = live_draw(f, &run->live, &s->frame);
		fclose(f);
	}
	screen_show(err ? NULL : text);
	free(text);
}

static void draw(struct live_run *run)
{
	struct live_screen *s = &run->screen;
	uint64_t now = now_ns();

	if (screen_busy() || (s->drawn_ns && (s->paused || now - s->drawn_ns < FRAME_NS)))
		return;
	if (now - s->note_ns > NOTE_NS && !s->told_end)
		s->note[0] = '\0';
	s->drawn_ns = now;
	if (!s->paused)
		draw_live(run);
	else if (walk_show(&s->browse))
		s->quit = true;
}

static void tell_end(struct live_run *run, const struct target_end *end)
{
	struct live_screen *s = &run->screen;
	char text[128];

	if (s->told_end)
		return;
	if (end->signal)
		snprintf(text, sizeof(text), "It was ended by signal %d.", end->signal);
	else
		snprintf(text, sizeof(text), "It has ended, with exit status %d.", end->code);
	note(s, text);
	s->told_end = true;
}

bool live_screen_look(struct live_run *run, const struct target_end *end)
{
	struct live_screen *s = &run->screen;

	read_output(s);
	fit(run);
	if (end)
		tell_end(run, end);
	while (!s->quit && screen_has_key()) {
		int key = screen_key();

		if (!key)
			continue;
		if (s->paused)
			press_paused(run, key);
		else
			press_live(run, key);
	}
	if (!s->quit)
		draw(run);
	return !s->quit;
}
