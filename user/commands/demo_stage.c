// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "commands/demo_stage.h"
#include "commands/keys.h"
#include "commands/terminal.h"
#include "commands/walk.h"
#include "course/file.h"
#include "lib/command.h"
#include "lib/folder.h"
#include "lib/text.h"

#define WORDS (8 + 2 * DEMO_KNOBS)

static int trouble(const struct stage *t, const char *why)
{
	fprintf(stderr, "oncpu demo: %s: %s\n", t->slides.demo->slug, why);
	return EXIT_ENVIRON;
}

/* What was seen, as an exit status; the words that lead there where nothing was. */
static int load(struct stage *t, const char *folder)
{
	char why[512] = "";
	int err = slides_load(&t->slides, folder, why, sizeof(why));

	if (err) {
		t->slides.loaded = false;
		return trouble(t, why);
	}
	switch (t->slides.seen.outcome) {
	case SEEN_HELD:
		return EXIT_OK;
	case SEEN_FAILED:
		return EXIT_FAILED;
	default:
		return t->slides.seen.lacking ? EXIT_SKIPPED : EXIT_ENVIRON;
	}
}

static void load_saved(struct stage *t)
{
	char folder[PATH_MAX];

	course_path(folder, &t->loop->course, "%s/saved", t->slides.demo->folder);
	t->slides.replay = true;
	t->status = load(t, folder);
}

/* The child's command; the words live as long as it is started. */
static int start_child(struct stage *t, int out)
{
	const struct demo *d = t->slides.demo;
	char sets[DEMO_KNOBS][64],
		*argv[WORDS] = { "oncpu", "demo", (char *)d->name, "--perform", t->folder };
	size_t i, told = 0;
	int n = 5;

	t->set[0] = '\0';
	for (i = 0; i < d->nr_knobs; i++) {
		snprintf(sets[i], sizeof(sets[i]), "--set=%s=%ld", d->knobs[i].name,
			 d->knobs[i].value);
		argv[n++] = sets[i];
		told += (size_t)snprintf(t->set + told, sizeof(t->set) - told, "%s%s", i ? " " : "",
					 sets[i] + strlen("--set="));
	}
	return checking_begin_as(&t->child, &t->loop->course, argv, out);
}

static void leave_folder(struct stage *t)
{
	if (t->lock >= 0)
		close(t->lock);
	t->lock = -1;
}

/* Of two that perform one demo at the same time, the second would take the first one's traces away. */
static int take_folder(struct stage *t)
{
	int err = 0;

	leave_folder(t);
	t->lock = open(t->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (t->lock < 0 || flock(t->lock, LOCK_EX | LOCK_NB))
		err = -errno;
	if (err)
		leave_folder(t);
	return err;
}

static int make_folder(struct stage *t)
{
	char inside[PATH_MAX];
	int err;

	course_path(t->folder, &t->loop->course, "work/.oncpu/demos/%s", t->slides.demo->slug);
	course_path(inside, &t->loop->course, "work/.oncpu/demos/%s/" SEEN_FILE,
		    t->slides.demo->slug);
	err = file_make_folders(inside);
	if (!err)
		err = take_folder(t);
	return err ? err : folder_empty(t->folder);
}

int stage_start(struct stage *t)
{
	int fds[2], err;

	t->nr_said = t->nr_part = 0;
	t->told = false;
	if (t->options->replay)
		return 0; /* it was read when the stage was made */
	err = make_folder(t);
	if (!err && pipe2(fds, O_CLOEXEC))
		err = -errno;
	if (err) {
		snprintf(t->said[t->nr_said++], STAGE_TEXT, "%s",
			 err == -EWOULDBLOCK
				 ? "this demo is being run by somebody else here: wait until "
				   "that is over"
				 : strerror(-err));
		leave_folder(t);
		return err;
	}
	err = start_child(t, fds[1]);
	close(fds[1]);
	t->hears = fds[0];
	if (err) {
		snprintf(t->said[t->nr_said++], STAGE_TEXT, "%s", strerror(-err));
		stage_stop(t);
	}
	return err;
}

int stage_restart(struct stage *t)
{
	stage_stop(t);
	return stage_start(t);
}

/* Progress is "# TEXT"; a word of the machinery's, as that a guest is built, "oncpu: TEXT". */
static void take_line(struct stage *t)
{
	char *line = t->part;
	size_t i;

	t->part[t->nr_part] = '\0';
	t->nr_part = 0;
	t->told |= !strncmp(line, "TAP version", 11);
	if (t->told)
		return;
	line += 2 * !strncmp(line, "# ", 2);
	text_clean(line);
	if (t->nr_said == STAGE_LINES) {
		for (i = 1; i < STAGE_LINES; i++)
			memcpy(t->said[i - 1], t->said[i], STAGE_TEXT);
		t->nr_said--;
	}
	snprintf(t->said[t->nr_said++], STAGE_TEXT, "%s", line);
}

static void take_text(struct stage *t, const char *text, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (text[i] == '\n')
			take_line(t);
		else if (t->nr_part < STAGE_TEXT - 1)
			t->part[t->nr_part++] = text[i];
}

bool stage_ended(struct stage *t, int ms)
{
	struct pollfd p = { .fd = t->hears, .events = POLLIN };
	char text[1024];
	ssize_t n = 0;
	int status;

	if (t->hears < 0)
		return true;
	if (poll(&p, 1, ms) != 1)
		return false;
	n = read(t->hears, text, sizeof(text));
	if (n > 0)
		take_text(t, text, (size_t)n);
	if (n > 0 || (n < 0 && errno == EINTR))
		return false;
	while (!checking_ended(&t->child, &status))
		usleep(10000);
	close(t->hears);
	t->hears = -1;
	t->status = load(t, t->folder);
	leave_folder(t);
	return true;
}

void stage_stop(struct stage *t)
{
	checking_stop(&t->child);
	if (t->hears >= 0)
		close(t->hears);
	t->hears = -1;
	leave_folder(t);
}

static void take_typed(struct stage *t)
{
	struct demo *d = t->slides.demo;
	char assignment[64];

	snprintf(assignment, sizeof(assignment), "%s=%s", d->knobs[t->knob].name, t->typed);
	knob_set(d, assignment);
	t->typed[0] = '\0';
}

static void turn(struct stage *t, long by)
{
	struct knob *k = &t->slides.demo->knobs[t->knob];
	long step = (k->most - k->least) / 20 > 1 ? (k->most - k->least) / 20 : 1;

	k->value += by * step;
	k->value = k->value > k->most ? k->most : k->value < k->least ? k->least : k->value;
}

bool stage_knob_key(struct stage *t, int key, bool *used)
{
	size_t n = strlen(t->typed);

	*used = t->slides.demo->nr_knobs > 0;
	if (!*used)
		return false;
	if (key >= '0' && key <= '9' && n < sizeof(t->typed) - 1) {
		t->typed[n] = (char)key;
		t->typed[n + 1] = '\0';
	} else if ((key == 127 || key == 8) && n) {
		t->typed[n - 1] = '\0';
	} else if (key == '\n' && n) {
		take_typed(t);
		return true;
	} else if (key == '+' || key == '=' || key == '-') {
		turn(t, key == '-' ? -1 : 1);
	} else if (key == 'k') {
		t->knob = (t->knob + 1) % t->slides.demo->nr_knobs;
	} else {
		*used = false;
	}
	return false;
}

void stage_put_knob(FILE *out, const struct stage *t)
{
	const struct knob *k = &t->slides.demo->knobs[t->knob];

	if (!t->slides.demo->nr_knobs)
		return;
	fprintf(out, "%s=%s", k->name, t->typed);
	if (!t->typed[0])
		fprintf(out, "%ld", k->value);
	fprintf(out, " (%ld to %ld)", k->least, k->most);
}

void stage_walk(const struct stage *t)
{
	const struct slides *s = &t->slides;
	size_t run = s->seen.first;
	struct view_term_options o = s->o;
	struct walk_start start = {};
	struct view_head head;
	const struct trace *trace;

	if (!s->loaded || !s->models[run])
		return;
	trace = s->traces[run];
	head = (struct view_head){ .command = s->seen.runs[run].title,
				   .kernel = trace->kernel,
				   .start_utc = trace->start_utc,
				   .exit_code = trace->exit_code,
				   .exit_signal = trace->exit_signal };
	start.window.start_ns = s->models[run]->span_start_ns + s->seen.runs[run].from_ns;
	start.window.end_ns = s->models[run]->span_start_ns + s->seen.runs[run].to_ns;
	start.tid = s->seen.runs[run].nr_threads ? s->seen.runs[run].threads[0] : 0;
	walk_about(s->models[run], &head, &o, &start);
}

const char *stage_page(const struct stage *t)
{
	static char name[64];

	snprintf(name, sizeof(name), "%s.html", t->slides.demo->slug);
	return name;
}

int stage_save(const struct stage *t, const char *path)
{
	char *text = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);
	int err = f ? slides_html(f, &t->slides) : -ENOMEM;

	if (f && fclose(f) && !err)
		err = -ENOMEM;
	if (!err)
		err = file_replace(path, text, size);
	free(text);
	return err;
}

int demo_show(const struct loop *l, const struct demos *all, struct demo *d,
	      const struct demo_options *o)
{
	struct stage t = { .loop = l, .options = o, .hears = -1, .lock = -1 };
	char why[512];
	int status;

	if (slides_begin(&t.slides, all, d, why, sizeof(why))) {
		status = trouble(&t, why);
	} else {
		t.slides.o.unicode = terminal_utf8();
		t.slides.o.colour = terminal_colour(STDOUT_FILENO);
		if (o->replay)
			load_saved(&t);
		status = o->replay && !t.slides.loaded ? t.status
			 : o->present		       ? stage_present(&t)
						       : stage_line(&t);
	}
	stage_stop(&t);
	slides_end(&t.slides);
	return status;
}
