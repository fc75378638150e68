// SPDX-License-Identifier: GPL-2.0
/* The files of a demo as people write them, what a room says, and what was seen, to a file and back. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "course/file.h"
#include "demo/demo.h"
#include "demo/hands.h"
#include "demo/perform.h"
#include "demo/seen.h"
#include "lib/folder.h"

#include <kselftest_harness.h>

FIXTURE(demo)
{
	char folder[64];
};

FIXTURE_SETUP(demo)
{
	strcpy(self->folder, "/tmp/demo.XXXXXX");
	ASSERT_NE(NULL, mkdtemp(self->folder));
	ASSERT_EQ(0, chdir(self->folder));
}

FIXTURE_TEARDOWN(demo)
{
	char command[128];

	snprintf(command, sizeof(command), "rm -rf '%s'", self->folder);
	EXPECT_EQ(0, system(command));
}

static void put(const char *path, const char *text)
{
	if (file_make_folders(path) || file_replace(path, text, strlen(text)))
		exit(KSFT_FAIL);
}

TEST_F(demo, one_number_is_a_choice_and_several_are_hands)
{
	struct hands h;

	EXPECT_EQ(0, hands_parse(&h, "2", 3));
	EXPECT_FALSE(h.room);
	EXPECT_EQ(1, h.of[1]);
	EXPECT_EQ(1, hands_all(&h));
	EXPECT_EQ(0, hands_parse(&h, " 3 12,5 ", 3));
	EXPECT_TRUE(h.room);
	EXPECT_EQ(20, hands_all(&h));
	EXPECT_EQ(12, h.of[1]);
}

TEST_F(demo, hands_that_cannot_be)
{
	static const char *const wrong[] = { "",	"0",	       "4",	   "3 12",
					     "1 2 3 4", "1 2 3 4 5 6", "0 0 0",	   "a b c",
					     "1 2 -3",	"1 2 3x",      "99999 1 1" };
	struct hands h;
	size_t i;

	for (i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		EXPECT_EQ(-EINVAL, hands_parse(&h, wrong[i], 3));
}

TEST_F(demo, demos_are_folders_with_a_number)
{
	struct demos all;
	struct demo *d;
	char why[256], *text;

	put("lessons/demos/README.md", "# no demo\n");
	put("lessons/demos/02-two/README.md",
	    "<!-- c -->\n# Two: a line\n\nWhat it is.\n\n## Say\n\nWords.\n\n## Next\n");
	put("lessons/demos/02-two/knobs", "# c\nspeed 5 -1 19 \"how fast\"\n");
	put("lessons/demos/11-eleven/README.md", "nothing\n");
	ASSERT_EQ(0, demos_read(&all, self->folder, why, sizeof(why)));
	ASSERT_EQ(2, all.nr);
	d = demos_find(&all, "two");
	ASSERT_NE(NULL, d);
	EXPECT_EQ(d, demos_find(&all, "2"));
	EXPECT_EQ(d, demos_find(&all, "02-two"));
	EXPECT_EQ(d, demos_find(&all, "lessons/demos/02-two"));
	EXPECT_EQ(NULL, demos_find(&all, "1"));
	EXPECT_STREQ("Two: a line", d->title);
	d = demos_find(&all, "11");
	ASSERT_NE(NULL, d);
	EXPECT_STREQ("eleven", d->title);
	d = demos_find(&all, "two");
	text = demo_section(&all, d, NULL);
	ASSERT_NE(NULL, text);
	EXPECT_STREQ("What it is.", text);
	free(text);
	text = demo_section(&all, d, "Say");
	ASSERT_NE(NULL, text);
	EXPECT_STREQ("Words.", text);
	free(text);
	text = demo_section(&all, d, "Nothing");
	ASSERT_NE(NULL, text);
	EXPECT_STREQ("", text);
	free(text);
	demos_free(&all);
}

TEST_F(demo, knobs_have_bounds)
{
	struct demo d = {};
	char why[256];

	put("knobs", "speed 5 -1 19 \"how fast\"\n");
	ASSERT_EQ(0, knobs_read(&d, "knobs", why, sizeof(why)));
	EXPECT_EQ(0, knob_set(&d, "speed=-1"));
	EXPECT_EQ(-1, d.knobs[0].value);
	EXPECT_EQ(-ERANGE, knob_set(&d, "speed=20"));
	EXPECT_EQ(-ENOENT, knob_set(&d, "spee=2"));
	EXPECT_EQ(-EINVAL, knob_set(&d, "speed"));
	EXPECT_EQ(-EINVAL, knob_set(&d, "speed="));
	EXPECT_EQ(-EINVAL, knob_set(&d, "speed=2x"));
	EXPECT_EQ(-1, d.knobs[0].value);
}

TEST_F(demo, knobs_that_are_none)
{
	static const char *const wrong[] = {
		"speed\n",
		"speed 5 1 19\n",
		"speed 5 1 19 how\n",
		"speed 5 1 19 \"how\n",
		"speed 5 6 19 \"how\"\n",
		"speed 20 1 19 \"how\"\n",
		"a 1 1 1 \"a\"\nb 1 1 1 \"b\"\nc 1 1 1 \"c\"\nd 1 1 1 \"d\"\ne 1 1 1 \"e\"\n"
	};
	char why[256];
	size_t i;

	for (i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		struct demo d = {};

		put("knobs", wrong[i]);
		EXPECT_EQ(-EBADMSG, knobs_read(&d, "knobs", why, sizeof(why)));
	}
}

TEST_F(demo, words_follow_the_knobs)
{
	static const char *const texts[][2] = {
		{ "{hogs} of {most_ms}", "8 of -2" },
		{ "{hogs-1}, {hogs+most_ms}, {2*hogs}, {50/hogs}0", "7, 6, 16, 60" },
		{ "{hogs", "{hogs" },
		{ "{hog} {hogsx} {} {1+} {+1} {1/0} {a b}",
		  "{hog} {hogsx} {} {1+} {+1} {1/0} {a b}" },
		{ "{hogs-1-1} }{7}", "{hogs-1-1} }7" },
		{ "", "" },
	};
	struct demo d = { .knobs = { { .name = "hogs", .value = 8 },
				     { .name = "most_ms", .value = -2 } },
			  .nr_knobs = 2 };
	char *filled;
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		filled = demo_fill(&d, texts[i][0]);
		EXPECT_STREQ(texts[i][1], filled);
		free(filled);
	}
}

/* A show that leaves what stands in try-1, try-2 and try-3, one after the other. */
static const char show_script[] = "#!/bin/sh\n"
				  "for a; do case $a in --out=*) out=${a#--out=} ;; esac; done\n"
				  "echo >>tries\n"
				  "cp try-$(wc -l <tries)/seen.json \"$out\"\n";

static void will_see(int nr, enum seen_outcome outcome, const char *fails)
{
	struct seen s = { .outcome = outcome, .why = "the machine was busy" };
	char folder[32];

	snprintf(folder, sizeof(folder), "try-%d/x", nr);
	if (file_make_folders(folder))
		exit(KSFT_FAIL);
	if (fails) {
		s.nr_expectations = 2;
		s.expectations[0] = (struct seen_expectation){ .name = "this one", .held = true };
		snprintf(s.expectations[1].name, sizeof(s.expectations[1].name), "%s", fails);
		s.expectations[1].held = outcome == SEEN_HELD;
	}
	snprintf(folder, sizeof(folder), "try-%d", nr);
	if (seen_write(&s, folder))
		exit(KSFT_FAIL);
}

static struct seen perform_here(const char *folder)
{
	struct demos all = { .home = folder };
	struct demo d = { .folder = "lessons/demos/02-two" };
	char why[256] = "";
	struct seen s;

	put("lessons/demos/02-two/show", show_script);
	chmod("lessons/demos/02-two/show", 0755);
	unlink("tries");
	if (perform(&all, &d, "out", &s, why, sizeof(why))) {
		printf("# %s\n", why);
		exit(KSFT_FAIL);
	}
	return s;
}

TEST_F(demo, what_fails_in_every_try_is_no_fault_of_the_machine)
{
	struct seen s;
	int i;

	for (i = 1; i <= 3; i++)
		will_see(i, SEEN_INCONCLUSIVE, "that one");
	s = perform_here(self->folder);
	EXPECT_EQ(SEEN_FAILED, s.outcome);
	EXPECT_EQ(3, s.tries);
	EXPECT_STREQ("that one", s.expectations[1].name);

	will_see(2, SEEN_INCONCLUSIVE, "another");
	s = perform_here(self->folder);
	EXPECT_EQ(SEEN_INCONCLUSIVE, s.outcome);
	EXPECT_EQ(3, s.tries);

	for (i = 1; i <= 3; i++)
		will_see(i, SEEN_INCONCLUSIVE, NULL); /* nothing was recorded */
	s = perform_here(self->folder);
	EXPECT_EQ(SEEN_FAILED, s.outcome);
	EXPECT_EQ(1, s.nr_expectations);
	EXPECT_FALSE(s.expectations[0].held);
	EXPECT_STREQ("the machine was busy", s.expectations[0].saw);
}

TEST_F(demo, tries)
{
	struct seen s;

	will_see(1, SEEN_INCONCLUSIVE, "that one");
	will_see(2, SEEN_HELD, "that one");
	s = perform_here(self->folder);
	EXPECT_EQ(SEEN_HELD, s.outcome);
	EXPECT_EQ(2, s.tries);
	will_see(1, SEEN_FAILED, "that one");
	will_see(2, SEEN_FAILED, "another");
	s = perform_here(self->folder);
	EXPECT_EQ(SEEN_FAILED, s.outcome);
	EXPECT_EQ(2, s.tries);
}

TEST_F(demo, what_was_seen_comes_back)
{
	struct seen s = {
		.demo = "NN-slug", .outcome = SEEN_FAILED, .tries = 2, .answer = 3, .answered = true
	};
	struct seen back;

	s.nr_runs = 1;
	s.runs[0] = (struct seen_run){ .name = "one",
				       .from_ns = 5,
				       .to_ns = 1ull << 40,
				       .nr_threads = 1,
				       .threads = { 7 },
				       .nr_flags = 2,
				       .flags = { { 1, 50 }, { 0, 60 } },
				       .pile = true };
	s.nr_sentences = 1;
	strcpy(s.sentences[0], "it \"was\" so\033[2J");
	s.nr_expectations = 1;
	s.expectations[0] = (struct seen_expectation){ .name = "so", .saw = "12" };
	ASSERT_EQ(0, seen_write(&s, self->folder));
	ASSERT_EQ(0, seen_read(&back, self->folder));
	EXPECT_EQ(SEEN_FAILED, back.outcome);
	EXPECT_EQ(3, back.answer);
	EXPECT_EQ(1ull << 40, back.runs[0].to_ns);
	EXPECT_EQ(7, back.runs[0].threads[0]);
	EXPECT_EQ(60, back.runs[0].flags[1].at_ns);
	EXPECT_TRUE(back.runs[0].pile);
	EXPECT_STREQ("it \"was\" so?[2J", back.sentences[0]);
	EXPECT_FALSE(back.expectations[0].held);
}

TEST_F(demo, what_is_nothing_that_was_seen)
{
	struct seen s;

	EXPECT_EQ(-ENOENT, seen_read(&s, self->folder));
	put(SEEN_FILE, "{");
	EXPECT_EQ(-EBADMSG, seen_read(&s, self->folder));
	put(SEEN_FILE, "{\"outcome\":\"good\"}");
	EXPECT_EQ(-EBADMSG, seen_read(&s, self->folder));
	put(SEEN_FILE,
	    "{\"outcome\":\"held\",\"runs\":[1,{\"threads\":[\"x\"],\"flags\":7}],\"first\":9}");
	EXPECT_EQ(0, seen_read(&s, self->folder));
	EXPECT_EQ(0, s.first);
}

TEST_F(demo, a_folder_is_emptied_of_files_only)
{
	put("out/a", "1");
	put("out/sub/b", "2");
	EXPECT_EQ(0, folder_empty("out"));
	EXPECT_NE(0, access("out/a", F_OK));
	EXPECT_EQ(0, access("out/sub/b", F_OK));
	EXPECT_EQ(0, folder_empty("new"));
	EXPECT_EQ(0, access("new", F_OK));
}

TEST_HARNESS_MAIN
