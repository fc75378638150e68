// SPDX-License-Identifier: GPL-2.0
/* A frame of what happens now: see live.h. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "lib/text.h"
#include "view/ink.h"
#include "view/live.h"
#include "view/palette.h"

#define FIXED_LINES   9 /* title, sums, ruler, two blank, waiters, output, note, keys */
#define MOST_WAITERS  4
#define QUEUE_ROWS    8	  /* CPUs: of more there are no rows of their queues */
#define STAYS_PERCENT 150 /* whoever has a row keeps it until another does so much more */

struct frame {
	struct lines l;
	struct live *live;
	const struct live_frame *f;
	unsigned int gutter, cells;
	struct live_lane **shown; /* by tid */
	size_t nr_shown;
};

static const char *const help[] = {
	"space   pause, and look back: zoom, move, and read why each thread waited",
	"s       save what is kept as a trace, for oncpu report and view",
	"+ -     see a shorter, a longer time",
	"?       this",
	"q       leave",
};

/* One line, cut at the width. */
static void put_line(struct frame *fr, const char *text)
{
	unsigned int columns = 0;

	for (; *text; text++) {
		columns += (*text & 0xc0) != 0x80;
		if (columns > fr->l.width)
			break;
		fputc(*text, fr->l.out);
	}
	lines_plain(&fr->l); /* before the line's end: nothing comes after the last */
	fputc('\n', fr->l.out);
}

static void put_clean(struct frame *fr, const char *text, unsigned char colour)
{
	char line[1024];

	snprintf(line, sizeof(line), "%s", text);
	view_clean(line, fr->f->o.unicode);
	lines_colour(&fr->l, colour, 0);
	put_line(fr, line);
}

static void put_title(struct frame *fr)
{
	char text[1024], kept[TEXT_DURATION], window[TEXT_DURATION];

	text_duration(fr->f->kept_ns, kept, sizeof(kept));
	text_duration(fr->live->window_ns, window, sizeof(window));
	snprintf(text, sizeof(text), "oncpu live: %s (%s), the last %s; %s are kept%s", fr->f->what,
		 fr->f->source, window, kept, fr->f->full ? ", for want of memory" : "");
	lines_bold(&fr->l);
	put_clean(fr, text, 0);
}

static double mean(uint64_t ns, const struct live_sums *s)
{
	return s->time_ns ? (double)ns / (double)s->time_ns : 0;
}

/* A number with its word, where there is room for it. */
static unsigned int put_number(struct frame *fr, unsigned int at, double value, int digits,
			       const char *word, unsigned char colour)
{
	char text[64];
	unsigned int n;

	snprintf(text, sizeof(text), "%s%.*f %s", at ? "   " : "", digits, value, word);
	n = lines_columns(text);
	if (at + n > fr->l.width)
		return at;
	if (value >= 0.05)
		lines_colour(&fr->l, colour, 0);
	fputs(text, fr->l.out);
	lines_plain(&fr->l);
	return at + n;
}

/* Means of the last second: what is at an instant flickers. */
static void put_sums(struct frame *fr)
{
	const struct live_sums *s = &fr->live->rates;
	double per_s = s->time_ns ? 1e9 / (double)s->time_ns : 0;
	unsigned int at;

	at = put_number(fr, 0, (double)s->nr_switches * per_s, 0, "switches/s", 0);
	at = put_number(fr, at, mean(s->running_ns, s), 1, "run", 0);
	at = put_number(fr, at, mean(s->runnable_ns, s), 1, "queue for a CPU", VIEW_TERM_WAIT_CPU);
	at = put_number(fr, at, mean(s->lock_ns, s), 1, "wait for locks", VIEW_TERM_WAIT_LOCK);
	put_number(fr, at, (double)fr->f->nr_lost, 0, "lost", VIEW_TERM_WAIT_LOCK);
	fputc('\n', fr->l.out);
}

/* Ticks before now, at the right edge. */
static void put_ruler(struct frame *fr)
{
	uint64_t step = view_tick_step(fr->live->window_ns, fr->cells / 12 ? fr->cells / 12 : 1);
	uint64_t ago = fr->live->window_ns / step * step;
	unsigned int next = 0, at;
	char label[40] = "-";

	fprintf(fr->l.out, "%*s", (int)fr->gutter, "");
	lines_colour(&fr->l, VIEW_TERM_QUIET, 0);
	for (; ago; ago -= step) {
		at = fr->cells -
		     (unsigned int)((unsigned __int128)ago * fr->cells / fr->live->window_ns);
		view_tick(label + 1, sizeof(label) - 1, ago);
		if (at < next || at + 1 + lines_columns(label) > fr->cells - 4)
			continue;
		fprintf(fr->l.out, "%*s%s%s", (int)(at - next), "", fr->f->o.unicode ? "╷" : "|",
			label);
		next = at + 1 + lines_columns(label);
	}
	if (next + 4 <= fr->cells)
		fprintf(fr->l.out, "%*snow%s", (int)(fr->cells - next - 4), "",
			fr->f->o.unicode ? "╷" : "|");
	lines_plain(&fr->l);
	fputc('\n', fr->l.out);
}

static const struct live_lane *lane_of(const struct frame *fr, uint32_t tid)
{
	size_t i;

	for (i = 0; i < fr->nr_shown; i++)
		if (fr->shown[i]->tid == tid)
			return fr->shown[i];
	return NULL;
}

/* The number of the slice in a column; 0 where the recording had not begun. */
static uint64_t number_in(const struct frame *fr, unsigned int column)
{
	uint64_t last = fr->live->time_ns / fr->live->slice_ns, back = fr->cells - 1 - column;
	uint64_t first = fr->live->start_ns / fr->live->slice_ns;

	return last >= back && last - back >= first ? last - back : 0;
}

static struct ink place_ink(const struct frame *fr, const struct live_place *p)
{
	unsigned int i, best = 0;
	const struct live_lane *lane;

	if (p->lost)
		return (struct ink){ "!", VIEW_TERM_WAIT_LOCK, 0 };
	for (i = 1; i < LIVE_RIVALS; i++)
		if (p->rivals[i].ns > p->rivals[best].ns)
			best = i;
	if (!p->rivals[best].ns)
		return (struct ink){ " ", 0, 0 };
	lane = lane_of(fr, p->rivals[best].tid);
	if (!lane)
		return p->rivals[best].ns * 8ull < p->idle_ns
			       ? (struct ink){ " ", 0, 0 }
			       : (struct ink){ fr->f->o.unicode ? "·" : "+", VIEW_TERM_QUIET, 0 };
	if (p->rivals[best].ns * 8ull < p->idle_ns)
		return (struct ink){ ink_letter(lane->ordinal), ink_colour(lane->ordinal), 0 };
	return ink_thread(lane->ordinal);
}

static struct ink queue_ink(const struct live_place *p)
{
	static const char *const digits[] = { " ", "1", "2", "3", "4", "5", "6", "7", "8", "9" };

	return (struct ink){ p->queued > 9 ? "+" : digits[p->queued], VIEW_TERM_WAIT_CPU, 0 };
}

static void put_place_row(struct frame *fr, unsigned int cpu, bool queue, struct ink *ink)
{
	unsigned int i;

	for (i = 0; i < fr->cells; i++) {
		uint64_t number = number_in(fr, i);
		const struct live_place *p =
			&fr->live->cpus[cpu].slices[number % fr->live->columns];

		ink[i] = (struct ink){ " ", 0, 0 };
		if (number && p->number == number)
			ink[i] = queue ? queue_ink(p) : place_ink(fr, p);
	}
	ink_print(&fr->l, ink, fr->cells);
}

static unsigned int rows_for_threads(const struct frame *fr, unsigned int *cpus, bool *queues)
{
	unsigned int room = fr->f->height - FIXED_LINES, nr = fr->live->now.nr_cpus;

	*queues = nr <= QUEUE_ROWS && 4 * nr <= room + 1;
	*cpus = nr < room / 2 ? nr : room / 2;
	return room - *cpus * (*queues ? 2 : 1);
}

static void put_cpus(struct frame *fr, struct ink *ink)
{
	unsigned int cpu, n;
	bool queues;

	rows_for_threads(fr, &n, &queues);
	for (cpu = 0; cpu < n; cpu++) {
		unsigned int queued = fr->live->now.cpus[cpu].queued;

		fprintf(fr->l.out, "CPU %-*u", (int)fr->gutter - 4, cpu);
		put_place_row(fr, cpu, false, ink);
		if (!queues)
			continue;
		lines_colour(&fr->l, queued ? VIEW_TERM_WAIT_CPU : VIEW_TERM_QUIET, 0);
		fprintf(fr->l.out, "  queue %-*u", (int)fr->gutter - 8, queued);
		put_place_row(fr, cpu, true, ink);
	}
}

static struct ink slice_ink(const struct frame *fr, const struct live_lane *lane,
			    const struct live_slice *s)
{
	struct share shares[NR_KINDS];
	struct ink ink;
	unsigned int kind;

	for (kind = 0; kind < NR_KINDS; kind++)
		shares[kind] = (struct share){ s->ns[kind], kind <= KIND_STOPPED };
	kind = cells_winner(shares, NR_KINDS, fr->live->slice_ns);
	if (kind == CELL_NONE)
		return (struct ink){ " ", 0, 0 };
	/* A wait that took most of it is what to see: the CPUs' rows tell who ran. */
	if (kind < KIND_FUTEX && s->ns[KIND_RUNNING])
		return (struct ink){ ink_brief(fr->f->o.unicode), ink_colour(lane->ordinal), 0 };
	ink = ink_of(kind, fr->f->o.unicode);
	if (kind == KIND_RUNNING)
		ink.fore = ink_colour(lane->ordinal);
	return ink;
}

static void lane_name(const struct frame *fr, const struct live_lane *lane, char *buf, size_t size)
{
	char comm[ONCPU_COMM_LEN + 1];

	snprintf(comm, sizeof(comm), "%.*s", ONCPU_COMM_LEN, lane->comm);
	view_clean(comm, fr->f->o.unicode);
	snprintf(buf, size, "%s%c%" PRIu32, comm[0] ? comm : "tid", comm[0] ? '/' : ' ', lane->tid);
}

/* Cut in the name, for the number tells twins apart. */
static void put_label(struct frame *fr, const struct live_lane *lane)
{
	char name[64];
	unsigned int n, room = fr->gutter - 3;
	const char *from = name;

	lane_name(fr, lane, name, sizeof(name));
	n = lines_columns(name);
	lines_colour(&fr->l, lane->thread ? 0 : VIEW_TERM_QUIET, 0);
	fprintf(fr->l.out, "%s ", ink_letter(lane->ordinal));
	if (n > room) {
		fputs(fr->f->o.unicode ? "…" : "~", fr->l.out);
		for (n -= room - 1; n && *from; from++)
			n -= (from[1] & 0xc0) != 0x80;
		n = room;
	}
	fputs(from, fr->l.out);
	lines_plain(&fr->l);
	fprintf(fr->l.out, "%*s", (int)(room - n + 1), "");
}

static void put_lane(struct frame *fr, const struct live_lane *lane, struct ink *ink)
{
	unsigned int i;

	put_label(fr, lane);
	for (i = 0; i < fr->cells; i++) {
		uint64_t number = number_in(fr, i);
		const struct live_slice *s = &lane->slices[number % fr->live->columns];

		ink[i] = (struct ink){ " ", 0, 0 };
		if (number && s->number == number)
			ink[i] = slice_ink(fr, lane, s);
	}
	ink_print(&fr->l, ink, fr->cells);
}

static uint64_t worth(const struct live_lane *lane)
{
	uint64_t ns = lane->busy_ns + (lane->target && lane->thread);

	return lane->shown ? ns * STAYS_PERCENT / 100 : ns;
}

/* The command's first, then who did most. */
static int by_worth(const void *a, const void *b)
{
	const struct live_lane *x = *(struct live_lane *const *)a,
			       *y = *(struct live_lane *const *)b;

	if (x->target != y->target)
		return x->target ? -1 : 1;
	if (worth(x) != worth(y))
		return worth(x) > worth(y) ? -1 : 1;
	return (x->tid > y->tid) - (x->tid < y->tid);
}

static int by_tid(const void *a, const void *b)
{
	const struct live_lane *x = *(struct live_lane *const *)a,
			       *y = *(struct live_lane *const *)b;

	return (x->tid > y->tid) - (x->tid < y->tid);
}

/* The least that nobody wears. */
static size_t free_ordinal(const struct live *l)
{
	size_t ordinal = 0, i = 0;

	while (i < l->nr_lanes) {
		if (l->lanes[i]->has_ordinal && l->lanes[i]->ordinal == ordinal) {
			ordinal++;
			i = 0;
		} else {
			i++;
		}
	}
	return ordinal;
}

static bool may_be_shown(const struct frame *fr, const struct live_lane *lane)
{
	if (lane->tid == fr->live->hidden)
		return false;
	return lane->target || (fr->f->o.all && (lane->busy_ns || lane->shown));
}

/* Whose rows there is room for. */
static void give_rows(struct frame *fr, size_t nr_wanted)
{
	unsigned int cpus;
	bool queues;
	size_t room = rows_for_threads(fr, &cpus, &queues), i;

	fr->nr_shown = nr_wanted < room ? nr_wanted : room;
	for (i = 0; i < nr_wanted; i++) {
		fr->shown[i]->shown = i < room;
		fr->shown[i]->has_ordinal &= i < room;
	}
	for (i = 0; i < fr->nr_shown; i++) {
		if (fr->shown[i]->has_ordinal)
			continue;
		fr->shown[i]->ordinal = free_ordinal(fr->live);
		fr->shown[i]->has_ordinal = true;
	}
}

static int choose(struct frame *fr)
{
	struct live *l = fr->live;
	size_t i, n = 0;

	fr->shown = calloc(l->nr_lanes + 1, sizeof(*fr->shown));
	if (!fr->shown)
		return -ENOMEM;
	for (i = 0; i < l->nr_lanes; i++)
		if (may_be_shown(fr, l->lanes[i]))
			fr->shown[n++] = l->lanes[i];
	qsort(fr->shown, n, sizeof(*fr->shown), by_worth);
	give_rows(fr, n);
	qsort(fr->shown, fr->nr_shown, sizeof(*fr->shown), by_tid);
	return 0;
}

static void put_threads(struct frame *fr, struct ink *ink)
{
	unsigned int cpus, room;
	bool queues;
	size_t i;

	room = rows_for_threads(fr, &cpus, &queues);
	for (i = 0; i < fr->nr_shown; i++)
		put_lane(fr, fr->shown[i], ink);
	for (; i < room; i++)
		fputc('\n', fr->l.out);
}

/* Who waited longest for locks, in the window. */
static void find_waiters(const struct frame *fr, const struct live_lane *most[MOST_WAITERS])
{
	const struct live *l = fr->live;
	size_t i, k;

	for (i = 0; i < l->nr_lanes; i++) {
		const struct live_lane *lane = l->lanes[i];

		if (!may_be_shown(fr, lane))
			continue;
		for (k = MOST_WAITERS;
		     k > 0 && (!most[k - 1] || most[k - 1]->lock_ns < lane->lock_ns); k--)
			if (k < MOST_WAITERS)
				most[k] = most[k - 1];
		if (k < MOST_WAITERS)
			most[k] = lane;
	}
}

/* ... and how much of it; as many as there is room for. */
static void put_waiters(struct frame *fr)
{
	const struct live_lane *most[MOST_WAITERS] = { NULL };
	char text[512] = "", name[64], next[96];
	size_t k;

	find_waiters(fr, most);
	for (k = 0; k < MOST_WAITERS && most[k]; k++) {
		uint64_t percent = 100 * most[k]->lock_ns / fr->live->window_ns;

		lane_name(fr, most[k], name, sizeof(name));
		snprintf(next, sizeof(next), "%s %s %" PRIu64 " %%",
			 k ? "," : "Waited for locks:", name, percent);
		if (!percent || lines_columns(text) + lines_columns(next) > fr->l.width)
			break;
		strcat(text, next);
	}
	put_clean(fr, text, VIEW_TERM_WAIT_LOCK);
}

static void put_help(struct frame *fr)
{
	static const struct {
		enum view_kind kind;
		const char *text;
	} legend[] = {
		{ KIND_RUNNING, "runs" },
		{ KIND_RUNNABLE, "could run, waits for a CPU" },
		{ KIND_FUTEX, "waits for a lock or a thread" },
		{ KIND_LOCK, "waits for a lock of the kernel" },
		{ KIND_IO, "waits for a file, pipe or socket" },
		{ KIND_BLOCKED, "waits in the kernel" },
	};
	size_t i;

	for (i = 0; i < sizeof(help) / sizeof(*help); i++)
		put_line(fr, help[i]);
	fputc('\n', fr->l.out);
	for (i = 0; i < sizeof(legend) / sizeof(*legend); i++) {
		struct ink ink = ink_of(legend[i].kind, fr->f->o.unicode);

		lines_colour(&fr->l, ink.fore, 0);
		fprintf(fr->l.out, "%s%s", ink.text, ink.text);
		lines_plain(&fr->l);
		fprintf(fr->l.out, " %-33s%s", legend[i].text, i % 2 ? "\n" : "");
	}
}

static void put_keys(struct frame *fr)
{
	lines_colour(&fr->l, VIEW_TERM_QUIET, 0);
	put_line(fr,
		 fr->f->o.width < 60
			 ? "space pause  s save  ? help  q leave"
			 : "space pause and look back   s save as a trace   +/- time   ? help   "
			   "q leave");
}

static void put_picture(struct frame *fr, struct ink *ink)
{
	put_ruler(fr);
	put_cpus(fr, ink);
	fputc('\n', fr->l.out);
	put_threads(fr, ink);
	fputc('\n', fr->l.out);
	put_waiters(fr);
	put_clean(fr, fr->f->output, VIEW_TERM_QUIET);
}

int live_draw(FILE *out, struct live *l, const struct live_frame *f)
{
	struct frame fr = {
		.l = { .out = out, .width = f->o.width, .colour = f->o.colour },
		.live = l,
		.f = f,
		.cells = l->columns,
		.gutter = f->o.width - l->columns,
	};
	struct ink *ink;
	int err;

	if (f->o.width < VIEW_MIN_WIDTH || f->height < LIVE_MIN_HEIGHT || f->o.width <= l->columns)
		return -EINVAL;
	ink = calloc(l->columns, sizeof(*ink));
	err = ink ? choose(&fr) : -ENOMEM;
	if (err)
		goto out;
	put_title(&fr);
	put_sums(&fr);
	if (f->help)
		put_help(&fr);
	else
		put_picture(&fr, ink);
	put_clean(&fr, f->note, 0);
	put_keys(&fr);
	err = ferror(out) ? -EIO : 0;
out:
	free(fr.shown);
	free(ink);
	return err;
}
