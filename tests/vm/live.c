// SPDX-License-Identifier: GPL-2.0
/*
 * oncpu live: its lines, its screen, driven through a terminal of our own, and the traces it saves.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>
#include <utmp.h>

#include "kselftest_harness.h"
#include "lib/lib.h"
#include "model/model.h"

#define DIR	   "/tmp/live"
#define OUT	   DIR "/out"
#define ERR	   DIR "/err"
#define PATIENCE_S 100
#define NAPS_MS	   5

/*
 * Calls itself n0.K, n1.L... and naps after each: whatever is recorded of it can be counted. K, L: how often
 * it has slept by then, as it knows itself: a nap may be over before it has left the CPU.
 */
static void count_up(void)
{
	char name[ONCPU_COMM_LEN];
	struct rusage u;
	unsigned int i;

	printf("counts up\n");
	fflush(stdout);
	for (i = 0;; i++) {
		getrusage(RUSAGE_THREAD, &u);
		snprintf(name, sizeof(name), "n%u.%ld", i, u.ru_nvcsw);
		prctl(PR_SET_NAME, name);
		usleep(NAPS_MS * 1000);
	}
}

struct screen { /* the terminal that oncpu live has, and what it wrote to it */
	pid_t pid;
	int fd;
	char text[1 << 20];
	size_t n;
	struct termios before;
};

FIXTURE(live)
{
	struct screen *s;
};

FIXTURE_SETUP(live)
{
	run("rm -rf " DIR "; mkdir -p " DIR);
	ASSERT_EQ(0, module_load()); /* its start takes no time, which the probes' does */
	self->s = calloc(1, sizeof(*self->s));
}

FIXTURE_TEARDOWN(live)
{
	if (self->s->pid > 0)
		kill(self->s->pid, SIGKILL);
	free(self->s);
	run("rm -rf " DIR);
}

static void start(struct screen *s, const char *arguments)
{
	struct winsize size = { .ws_row = 24, .ws_col = 80 };
	int slave;
	char command[1024];

	snprintf(command, sizeof(command), "cd " DIR " && exec %s live %s", oncpu(), arguments);
	if (openpty(&s->fd, &slave, NULL, NULL, &size))
		exit(1);
	tcgetattr(slave, &s->before);
	s->n = 0;
	s->text[0] = '\0';
	s->pid = fork();
	if (s->pid == 0) {
		setenv("TERM", "xterm", 1);
		close(s->fd); /* else nobody could close the terminal */
		login_tty(slave);
		execl("/bin/sh", "sh", "-c", command, (char *)NULL);
		_exit(99);
	}
	close(slave);
}

/* Takes what it writes, until a text is among it that was written from *from on. */
static bool shows(struct screen *s, size_t from, const char *text)
{
	time_t end = time(NULL) + PATIENCE_S;
	struct pollfd p = { .fd = s->fd, .events = POLLIN };
	ssize_t n;

	while (!strstr(s->text + from, text)) {
		if (time(NULL) > end || s->n + 1 == sizeof(s->text))
			return false;
		if (poll(&p, 1, 1000) != 1)
			continue;
		n = read(s->fd, s->text + s->n, sizeof(s->text) - 1 - s->n);
		if (n <= 0)
			return false;
		s->n += (size_t)n;
		s->text[s->n] = '\0';
	}
	return true;
}

/* Presses a key, and waits for what it is to bring. */
static bool press(struct screen *s, const char *key, const char *text)
{
	size_t from = s->n;

	if (write(s->fd, key, strlen(key)) < 0)
		return false;
	return shows(s, from, text);
}

static void take_all(struct screen *s)
{
	char bytes[4096];
	ssize_t n;

	while ((n = read(s->fd, bytes, sizeof(bytes))) > 0) {
		if (s->n + (size_t)n >= sizeof(s->text))
			return;
		memcpy(s->text + s->n, bytes, (size_t)n);
		s->n += (size_t)n;
		s->text[s->n] = '\0';
	}
}

static int ended_with(struct screen *s)
{
	time_t end = time(NULL) + PATIENCE_S;
	int status;
	pid_t pid = s->pid;

	s->pid = 0;
	fcntl(s->fd, F_SETFL, O_NONBLOCK);
	while (waitpid(pid, &status, WNOHANG) == 0) {
		take_all(s);
		if (time(NULL) > end) {
			kill(pid, SIGKILL);
			waitpid(pid, &status, 0);
			return -1;
		}
		usleep(10000);
	}
	take_all(s);
	return WIFSIGNALED(status) ? 1000 + WTERMSIG(status) : WEXITSTATUS(status);
}

/* Nothing of it is left: no command, no guard, and the screen as it was. */
static bool tidied_up(const struct screen *s)
{
	struct termios now;

	if (strstr(s->text, "\033[?1049h") && !strstr(s->text, "\033[?1049l"))
		return false;
	if (!tcgetattr(s->fd, &now) && now.c_lflag != s->before.c_lflag)
		return false;
	return run("for i in $(seq 600); do "
		   "pgrep -x 'oncpu|oncpu-guard' || pgrep -f '[-]-work' || exit 0; "
		   "sleep 0.1; done >/dev/null; exit 1") == 0;
}

static struct trace *trace_at(const char *path)
{
	struct trace *t = NULL;
	char why[256];

	if (trace_read(&t, path, why, sizeof(why)))
		printf("# %s: %s\n", path, why);
	return t;
}

/*
 * The numbers that a trace holds of count_up()'s: none is missing between the first and the last, nor
 * a sleep between any two. Returns how many; 0: that is not so.
 */
static unsigned int counted(const struct trace *t, unsigned int *first)
{
	unsigned int nr = 0, number, slept, naps = 0, before = 0;
	uint32_t tid = 0;
	size_t n, i;
	struct event *e = events_of(t, TRACE_MODULE, &n);

	for (i = 0; i < n; i++) {
		naps += tid && e[i].r->tid == tid && is_voluntary(e[i].r);
		if (e[i].r->type != ONCPU_COMM ||
		    sscanf(e[i].r->comm, "n%u.%u", &number, &slept) != 2)
			continue;
		if (!nr)
			*first = number;
		if (number != *first + nr || (nr && slept != before + naps)) {
			printf("# %s comes after %u others from n%u on, and %u sleeps after %u\n",
			       e[i].r->comm, nr, *first, naps, before);
			nr = 0;
			break;
		}
		tid = e[i].r->tid;
		before = slept;
		naps = 0;
		nr++;
	}
	free(e);
	return nr;
}

TEST_F(live, a_line_a_second)
{
	ASSERT_EQ(0, run("%s live --source bpf --seconds 6 </dev/null >" OUT " 2>" ERR, oncpu()));
	EXPECT_EQ(0, run("test $(grep -c '^t=[0-9.]* switches=[0-9]* running=[0-9.]* "
			 "runnable=[0-9.]* lock_waits=[0-9.]* lost=[0-9]*$' " OUT ") -ge 2"));
	EXPECT_NE(0, run("grep -v '^t=' " OUT));
	EXPECT_EQ(0, run("grep -q 'oncpu live: eBPF [0-9]* records, .* of one CPU' " ERR));
	EXPECT_TRUE(tidied_up(self->s));
}

TEST_F(live, a_command_and_its_status)
{
	ASSERT_EQ(7, run("%s live --source module -- sh -c 'sleep 3; echo its own; exit 7' "
			 "</dev/null >" OUT " 2>" ERR,
			 oncpu()));
	EXPECT_NE(0, run("grep -v '^t=' " OUT)); /* what it says is not among the lines */
	EXPECT_EQ(0, run("grep -qx 'its own' " ERR));
	EXPECT_EQ(0, run("grep -q '^t=[1-9]' " OUT));
	EXPECT_EQ(127, run("%s live --source module -- /nowhere/prog </dev/null >" OUT " 2>" ERR,
			   oncpu()));
	EXPECT_EQ(0, run("grep -q '/nowhere/prog.*No such file' " ERR));
	/* --seconds ends it before it is done, and with it what it started. */
	EXPECT_EQ(0, run("%s live --source module --seconds 2 -- sh -c 'sleep 98763 & sleep 98764' "
			 "</dev/null >" OUT " 2>" ERR,
			 oncpu()));
	EXPECT_EQ(0, run("grep -q 'sh was still at work: ended' " ERR));
	EXPECT_NE(0, run("grep -qa 9876[34] /proc/[0-9]*/cmdline 2>/dev/null"));
	EXPECT_TRUE(tidied_up(self->s));
}

TEST_F(live, what_cannot_be_is_told)
{
	while (module_unload() == -EWOULDBLOCK)
		usleep(1000);
	EXPECT_EQ(3, run("%s live --source module --seconds 1 </dev/null 2>" ERR, oncpu()));
	EXPECT_EQ(0, run("grep -q insmod " ERR));
	EXPECT_EQ(3, run("setpriv --reuid 1000 --clear-groups %s live --source bpf --seconds 1 "
			 "</dev/null 2>" ERR,
			 oncpu()));
	EXPECT_EQ(0, run("grep -q root " ERR));
	EXPECT_EQ(2, run("%s live --source both </dev/null 2>" ERR, oncpu()));
	EXPECT_EQ(2, run("%s live --seconds 0 </dev/null 2>" ERR, oncpu()));
	EXPECT_EQ(3, run("%s live --pid 4000000 </dev/null 2>" ERR, oncpu()));
}

/*
 * The keys, and that a saved trace holds every record of its window. While we sleep nobody reads the
 * terminal, which soon is full: the recording must not wait for that.
 */
TEST_F(live, saves_what_is_kept)
{
	char arguments[256];
	struct trace *t, *u;
	unsigned int nr, first, nr_later, first_later;

	snprintf(arguments, sizeof(arguments), "--source module --user root -- %s --work count_up",
		 this_program());
	start(self->s, arguments);
	ASSERT_TRUE(shows(self->s, 0, "space pause and look back"));
	ASSERT_TRUE(shows(self->s, self->s->n, "counts up")); /* its own words, in their line */
	sleep(2);
	ASSERT_TRUE(press(self->s, "s", "as live-1.oncpu"));
	sleep(14);
	ASSERT_TRUE(press(self->s, " ", "paused; the recording goes on"));
	ASSERT_TRUE(press(self->s, "?", "the next thing that stands out"));
	ASSERT_TRUE(press(self->s, "-", "space go on"));
	ASSERT_TRUE(press(self->s, " ", "space pause and look back"));
	ASSERT_TRUE(press(self->s, "s", "as live-2.oncpu"));
	ASSERT_TRUE(press(self->s, "q", "was still at work: ended"));
	EXPECT_EQ(0, ended_with(self->s));
	EXPECT_TRUE(tidied_up(self->s));

	t = trace_at(DIR "/live-1.oncpu");
	u = trace_at(DIR "/live-2.oncpu");
	ASSERT_TRUE(t && u);
	EXPECT_TRUE(t->complete && u->complete);
	EXPECT_EQ(0, lost_of(t, TRACE_MODULE) + lost_of(u, TRACE_MODULE));
	nr = counted(t, &first);
	EXPECT_EQ(0, first); /* it reaches back to the beginning */
	EXPECT_LT(20, nr);
	nr_later = counted(u, &first_later);
	EXPECT_LT(20, nr_later);
	EXPECT_LT(0, first_later); /* ten seconds, no more: the beginning has gone */
	EXPECT_LT(nr, first_later + nr_later);
	EXPECT_GE(10000000000ull, u->end_ns - u->start_ns);
	EXPECT_LT(8000000000ull, u->end_ns - u->start_ns);
	trace_free(t);
	trace_free(u);
	EXPECT_EQ(0, run("cd " DIR " && %s report live-2.oncpu >out && grep -q "
			 "'/[0-9]* .* ' out && %s view live-2.oncpu >view && grep -q '^A "
			 "n[0-9.]*/' view",
			 oncpu(), oncpu()));
}

/* Who began before the window is known by name, and by what it did when the window began. */
TEST_F(live, begins_in_the_middle)
{
	struct trace *t;
	struct model *m;
	size_t i, asleep = 0, nr = 0;

	start(self->s, "--source module --user root -- sh -c 'sleep 300 & sleep 301 & wait'");
	ASSERT_TRUE(shows(self->s, 0, "space pause and look back"));
	sleep(13);
	ASSERT_TRUE(press(self->s, "s", "as live-1.oncpu"));
	ASSERT_TRUE(press(self->s, "\003", "still at work")); /* Ctrl-C is a key, too */
	EXPECT_EQ(0, ended_with(self->s));
	t = trace_at(DIR "/live-1.oncpu");
	ASSERT_NE(NULL, t);
	ASSERT_EQ(0, model_build(&m, t, 0));
	for (i = 0; i < m->nr_threads; i++) {
		if (!m->threads[i].target)
			continue;
		nr++;
		if (!strcmp(m->threads[i].comm, "sleep") && m->threads[i].nr_intervals == 1)
			asleep += m->threads[i].intervals[0].state == STATE_SLEEPING;
	}
	EXPECT_EQ(3, nr);
	EXPECT_EQ(2, asleep);
	model_free(m);
	trace_free(t);
}

TEST_F(live, however_it_ends_the_terminal_is_as_it_was)
{
	static const int signals[] = { SIGTERM, SIGINT, SIGHUP };
	char arguments[256];
	size_t i;

	snprintf(arguments, sizeof(arguments), "--source module -- %s --work count_up",
		 this_program());
	for (i = 0; i < sizeof(signals) / sizeof(*signals); i++) {
		start(self->s, arguments);
		ASSERT_TRUE(shows(self->s, 0, "space pause and look back"));
		kill(self->s->pid, signals[i]);
		EXPECT_EQ(0, ended_with(self->s));
		EXPECT_TRUE(tidied_up(self->s));
		close(self->s->fd);
	}
	/* The terminal is closed: so it ends. */
	start(self->s, arguments);
	ASSERT_TRUE(shows(self->s, 0, "space pause and look back"));
	close(self->s->fd);
	self->s->fd = -1;
	waitpid(self->s->pid, NULL, 0);
	self->s->pid = 0;
	self->s->text[0] = '\0';
	EXPECT_TRUE(tidied_up(self->s));
}

/* The command's end can be looked at. And another size of the terminal's. */
TEST_F(live, stays_when_the_command_has_ended)
{
	struct winsize size = { .ws_row = 30, .ws_col = 120 };
	size_t from;

	start(self->s, "--source module -- sh -c 'echo hello; exit 5'");
	ASSERT_TRUE(shows(self->s, 0, "It has ended, with exit status 5."));
	from = self->s->n;
	ASSERT_EQ(0, ioctl(self->s->fd, TIOCSWINSZ, &size));
	kill(self->s->pid, SIGWINCH);
	EXPECT_TRUE(shows(self->s, from, "CPU 1"));
	ASSERT_TRUE(press(self->s, " ", "paused"));
	ASSERT_TRUE(press(self->s, "q", "hello")); /* its words, once the screen is closed */
	EXPECT_EQ(5, ended_with(self->s));
	EXPECT_TRUE(tidied_up(self->s));
}

static int work(const char *name)
{
	if (strcmp(name, "count_up") != 0)
		return 1;
	count_up();
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "--work"))
		return work(argv[2]);
	return test_harness_run(argc, argv);
}
