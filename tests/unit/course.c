// SPDX-License-Identifier: GPL-2.0
/* The course's files as people write and damage them: progress, quizzes, hints, names, saves. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "course/file.h"
#include "course/hints.h"
#include "course/next.h"
#include "course/page.h"
#include "course/quiz.h"
#include "course/saved.h"
#include "course/work.h"

#include <kselftest_harness.h>

static void put(const char *path, const char *text)
{
	if (file_make_folders(path) || file_replace(path, text, strlen(text)))
		exit(KSFT_FAIL);
}

static void append(const char *path, const char *text)
{
	FILE *f = fopen(path, "ae");

	if (!f || fputs(text, f) < 0 || fclose(f))
		exit(KSFT_FAIL);
}

/* A course of two lessons in a folder that we stand in. */
FIXTURE(course)
{
	char folder[64];
	struct course c;
	struct progress p;
};

FIXTURE_SETUP(course)
{
	strcpy(self->folder, "/tmp/course.XXXXXX");
	ASSERT_NE(NULL, mkdtemp(self->folder));
	ASSERT_EQ(0, chdir(self->folder));
	put("lessons/00-seeing/README.md", "<!-- c -->\n# To see\n");
	put("lessons/00-seeing/01-first-look/README.md", "# Look\n");
	put("lessons/00-seeing/01-first-look/starter.c", "int first;\n");
	put("lessons/00-seeing/02-gate/README.md", "no title\n");
	put("lessons/01-more/01-queue/starter.c", "int queue;\n");
	put("lessons/README.md", "# not a lesson\n");
	put("lessons/01-more/picture.png", "not a folder");
	ASSERT_EQ(0, course_read(&self->c, self->folder));
	memset(&self->p, 0, sizeof(self->p));
}

FIXTURE_TEARDOWN(course)
{
	char command[128];

	progress_free(&self->p);
	course_free(&self->c);
	snprintf(command, sizeof(command), "rm -rf '%s'", self->folder);
	EXPECT_EQ(0, system(command));
}

TEST_F(course, folders_are_read_in_their_order)
{
	ASSERT_EQ(2, self->c.nr_lessons);
	ASSERT_EQ(3, self->c.nr_exercises);
	EXPECT_STREQ("To see", self->c.lessons[0].title);
	EXPECT_STREQ("01-more", self->c.lessons[1].title);
	EXPECT_EQ(2, self->c.lessons[0].nr);
	EXPECT_STREQ("first-look", self->c.exercises[0].slug);
	EXPECT_STREQ("lessons/01-more/01-queue", self->c.exercises[2].folder);
	EXPECT_EQ(1, self->c.exercises[2].lesson);
}

TEST_F(course, an_exercise_has_many_names)
{
	static const char *const good[] = { "first-look",
					    "01-first-look",
					    "First_Look",
					    "00-seeing/01-first-look",
					    "lessons/00-seeing/01-first-look/",
					    "lessons/00-seeing/01-first-look/main.c",
					    "./lessons/00-seeing/01-first-look//",
					    "work/first-look.c",
					    "first-look.c" };
	static const char *const bad[] = { "",
					   "/",
					   "look",
					   "01",
					   "first",
					   "00-seeing",
					   "01-more/01-first-look",
					   "02-first-look",
					   "..",
					   "first-look.h",
					   "first-lookk" };
	size_t i;

	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		EXPECT_EQ(&self->c.exercises[0], course_find(&self->c, good[i]))
		TH_LOG("%s", good[i]);
	}
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		EXPECT_EQ(NULL, course_find(&self->c, bad[i])) TH_LOG("%s", bad[i]);
	}
	ASSERT_EQ(0, chdir("lessons/00-seeing/02-gate"));
	EXPECT_EQ(&self->c.exercises[1], course_find(&self->c, "."));
}

TEST_F(course, a_lesson_too)
{
	static const char *const good[] = { "00",
					    "0",
					    "seeing",
					    "00-seeing",
					    "lessons/00-seeing/",
					    "lessons/00-seeing/README.md",
					    "gate" };
	size_t i;

	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		EXPECT_EQ(&self->c.lessons[0], course_find_lesson(&self->c, good[i]))
		TH_LOG("%s", good[i]);
	}
	EXPECT_EQ(NULL, course_find_lesson(&self->c, "02"));
	EXPECT_EQ(NULL, course_find_lesson(&self->c, ""));
}

TEST_F(course, the_nearest_names_come_first)
{
	const char *near[2];

	ASSERT_EQ(1, course_nearest(&self->c, "fisrt-look", false, near, 2));
	EXPECT_STREQ("first-look", near[0]);
	ASSERT_EQ(1, course_nearest(&self->c, "que", false, near, 2));
	EXPECT_STREQ("queue", near[0]);
	EXPECT_EQ(0, course_nearest(&self->c, "scraper", false, near, 2));
	EXPECT_EQ(0, course_nearest(&self->c, "", false, near, 2));
	ASSERT_EQ(1, course_nearest(&self->c, "sening", true, near, 2));
	EXPECT_STREQ("seeing", near[0]);
}

TEST_F(course, progress_is_what_was_added)
{
	struct standing s;

	ASSERT_EQ(0, progress_read(&self->p, &self->c));
	EXPECT_EQ(0, self->p.nr_events);
	EXPECT_EQ(0, progress_add(&self->c, "gate", "started"));
	EXPECT_EQ(0, progress_add(&self->c, "gate", "hint %d", 2));
	EXPECT_EQ(0, progress_add(&self->c, "gate", "checked pass pert"));
	EXPECT_EQ(0, progress_add(&self->c, "gate", "checked fail overlap"));
	EXPECT_EQ(0, progress_add(&self->c, "00-seeing", "predicted 2=3"));
	EXPECT_EQ(0, progress_add(&self->c, "00-seeing", "predicted 2=1"));
	ASSERT_EQ(0, progress_read(&self->p, &self->c));
	EXPECT_EQ(6, self->p.nr_events);
	EXPECT_EQ(0, self->p.nr_unknown);
	progress_of(&s, &self->p, "gate");
	EXPECT_TRUE(s.started && s.passed);
	EXPECT_EQ(2, s.nr_checks);
	EXPECT_EQ(2, s.hints);
	EXPECT_STREQ("fail", s.verdict);
	EXPECT_STREQ("overlap", s.class);
	EXPECT_EQ(1, progress_choice(&self->p, "00-seeing", 2));
	EXPECT_EQ(0, progress_choice(&self->p, "00-seeing", 1));
	EXPECT_EQ(&self->c.exercises[1], progress_last(&self->p, &self->c));
}

TEST_F(course, damaged_progress_loses_nothing)
{
	static const char damage[] =
		"\n\n \t\nnonsense\n2026 gate started extra words\n2026 gate "
		"hint -1x\n2026 gate hint 99999999999999999999\n2026 gate "
		"checked\n2026 00-seeing predicted 1=\n2026 00-seeing predicted "
		"1=1=1\n\xff\xfe gate started\n2026 gate flew\nthe end, torn";
	char *text, wide[20000];

	put("work/.oncpu/progress", damage);
	ASSERT_EQ(0, progress_read(&self->p, &self->c));
	EXPECT_EQ(7, self->p.nr_unknown);
	memset(wide, 'x', sizeof(wide) - 1);
	wide[sizeof(wide) - 1] = '\0';
	append("work/.oncpu/progress", wide);
	EXPECT_EQ(0, progress_add(&self->c, "gate", "reset"));
	ASSERT_EQ(0, file_read("work/.oncpu/progress", &text, NULL));
	EXPECT_EQ(0, strncmp(text, damage, strlen(damage)));
	EXPECT_NE(NULL, strstr(text, "x\n20")) TH_LOG("a torn line is ended first");
	free(text);
	progress_free(&self->p);
	ASSERT_EQ(0, progress_read(&self->p, &self->c));
	EXPECT_EQ(EVENT_RESET, self->p.events[self->p.nr_events - 1].kind);
	EXPECT_EQ(&self->c.exercises[1], progress_last(&self->p, &self->c));
}

TEST_F(course, a_starter_is_laid_once_and_work_is_kept)
{
	const struct exercise *e = &self->c.exercises[0];
	char kept[PATH_MAX], *text;

	ASSERT_EQ(0, work_start(&self->c, e));
	EXPECT_EQ(0, work_reset(&self->c, e, kept));
	EXPECT_STREQ("", kept);
	put("work/first-look.c", "mine\n");
	EXPECT_EQ(-EEXIST, work_start(&self->c, e));
	EXPECT_EQ(0, work_reset(&self->c, e, kept));
	EXPECT_STREQ("work/.old/first-look.c.1", kept);
	put("work/first-look.c", "mine too\n");
	EXPECT_EQ(0, work_reset(&self->c, e, kept));
	EXPECT_STREQ("work/.old/first-look.c.2", kept);
	ASSERT_EQ(0, file_read("work/.old/first-look.c.1", &text, NULL));
	EXPECT_STREQ("mine\n", text);
	free(text);
	ASSERT_EQ(0, file_read("work/first-look.c", &text, NULL));
	EXPECT_STREQ("int first;\n", text);
	free(text);
}

TEST_F(course, the_flags_for_editors_keep_what_people_add)
{
	char *text;

	put("work/compile_flags.txt", "-DMINE\n-Wall");
	ASSERT_EQ(0, work_start(&self->c, &self->c.exercises[0]));
	ASSERT_EQ(0, work_tell_editors(&self->c));
	ASSERT_EQ(0, file_read("work/compile_flags.txt", &text, NULL));
	EXPECT_EQ(0, strncmp(text, "-DMINE\n-Wall\n-", 14));
	EXPECT_NE(NULL, strstr(text, "\n-I../lessons/00-seeing/01-first-look\n"));
	EXPECT_EQ(NULL, strstr(strstr(text, "-Wall") + 1, "-Wall"));
	free(text);
}

TEST_F(course, what_is_next)
{
	struct next n;

	put("lessons/00-seeing/quiz", "? q\n+ a\n- b\n  no\nafter:\n? r\n+ a\n- b\n  no\n");
	next_find(&n, &self->c, &self->p);
	EXPECT_EQ(NEXT_PREDICT, n.kind);
	put("work/.oncpu/progress", "t 00-seeing predicted 1=2\n");
	ASSERT_EQ(0, progress_read(&self->p, &self->c));
	next_find(&n, &self->c, &self->p);
	EXPECT_EQ(NEXT_START, n.kind);
	EXPECT_STREQ("first-look", n.exercise->slug);
	put("work/gate.c", "");
	append("work/.oncpu/progress", "t gate started\n");
	progress_free(&self->p);
	ASSERT_EQ(0, progress_read(&self->p, &self->c));
	next_find(&n, &self->c, &self->p);
	EXPECT_EQ(NEXT_WORK, n.kind);
	EXPECT_STREQ("gate", n.exercise->slug) TH_LOG("what was begun comes first");
	append("work/.oncpu/progress", "t gate checked pass\nt first-look checked pass\n");
	progress_free(&self->p);
	ASSERT_EQ(0, progress_read(&self->p, &self->c));
	next_find(&n, &self->c, &self->p);
	EXPECT_EQ(NEXT_SELF_CHECK, n.kind);
	EXPECT_STREQ("00-seeing", n.lesson->name);
	append("work/.oncpu/progress", "t 00-seeing predicted 2=1\nt queue checked pass\n");
	progress_free(&self->p);
	ASSERT_EQ(0, progress_read(&self->p, &self->c));
	next_find(&n, &self->c, &self->p);
	EXPECT_EQ(NEXT_NOTHING, n.kind);
}

TEST_F(course, a_quiz_says_what_is_wrong_with_it)
{
	static const struct {
		const char *text, *why;
	} bad[] = {
		{ "", "line 1: a question" },
		{ "? q\n+ a\n", "fewer than two" },
		{ "? q\n- a\n  f\n- b\n  f\n", "one right option" },
		{ "? q\n+ a\n+ b\n", "one right option" },
		{ "? q\n+ a\n- b\n", "no feedback" },
		{ "? q\n+ a\n- b\n? r\n", "line 4: a wrong option" },
		{ "+ a\n", "line 1: an option" },
		{ "  f\n", "line 1: feedback" },
		{ "\\ f\n", "nothing to go on" },
		{ "?q\n", "line 1: a line begins" },
		{ "? q\n+ a\n- b\n  f\n| picture\n", "a question should follow" },
		{ "? q\n1\n2\n3\n", "line 2: a line begins" },
		{ "? q\n+ a\n- b\n- c\n- d\n- e\n", "at most four" },
	};
	struct quiz q;
	char why[128];
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		put("quiz", bad[i].text);
		EXPECT_EQ(-EBADMSG, quiz_read(&q, "quiz", why, sizeof(why)));
		EXPECT_NE(NULL, strstr(why, bad[i].why)) TH_LOG("%s: %s", bad[i].why, why);
		quiz_free(&q);
	}
	EXPECT_EQ(-ENOENT, quiz_read(&q, "none", why, sizeof(why)));
}

TEST_F(course, a_quiz_is_read)
{
	struct quiz q;
	char why[128];

	put("quiz", "# c\n? one\n\\ goes on\n- no\n  not so,\n  really\r\n+ yes\nafter:\n"
		    "|  pic\n|\n| b\n? two\n+ a\n  indeed\n- b\n  f\n");
	ASSERT_EQ(0, quiz_read(&q, "quiz", why, sizeof(why))) TH_LOG("%s", why);
	ASSERT_EQ(2, q.nr);
	EXPECT_STREQ("one goes on", q.questions[0].text);
	EXPECT_STREQ("not so, really", q.questions[0].options[0].feedback);
	EXPECT_EQ(2, quiz_right(&q.questions[0]));
	EXPECT_EQ(NULL, q.questions[0].picture);
	EXPECT_TRUE(q.questions[1].after && !q.questions[0].after);
	EXPECT_STREQ(" pic\n\nb", q.questions[1].picture);
	EXPECT_STREQ("indeed", q.questions[1].options[0].feedback);
	quiz_free(&q);
}

TEST_F(course, hints_have_three_parts)
{
	struct hints h;

	put("hints.md", "<!-- c -->\n## 1 What the trace shows\n\na\nb\n\n## 2 Which line\nc\n"
			"## 3 The shape of the code\n\n    d\n\n");
	ASSERT_EQ(0, hints_read(&h, "hints.md"));
	EXPECT_STREQ("What the trace shows", h.level[0].title);
	EXPECT_STREQ("a\nb", h.level[0].body);
	EXPECT_STREQ("c", h.level[1].body);
	EXPECT_STREQ("    d", h.level[2].body);
	hints_free(&h);
	put("hints.md", "## 1 a\n## 3 c");
	EXPECT_EQ(-EBADMSG, hints_read(&h, "hints.md"));
	hints_free(&h);
	EXPECT_EQ(-ENOENT, hints_read(&h, "nobody"));
}

TEST_F(course, a_save_counts_once_it_is_the_same_twice)
{
	struct saved s;

	saved_begin(&s, "f");
	EXPECT_EQ(SAVED_NOTHING, saved_poll(&s));
	put("f", "half");
	EXPECT_EQ(SAVED_NOTHING, saved_poll(&s));
	append("f", " and whole");
	EXPECT_EQ(SAVED_NOTHING, saved_poll(&s)) TH_LOG("it is still being written");
	EXPECT_EQ(SAVED_NEW, saved_poll(&s));
	EXPECT_EQ(SAVED_NOTHING, saved_poll(&s));
	put("f", "half and whole");
	EXPECT_EQ(SAVED_NOTHING, saved_poll(&s));
	EXPECT_EQ(SAVED_NEW, saved_poll(&s)) TH_LOG("renamed over, with the same words");
}

TEST_F(course, a_file_that_goes_and_comes)
{
	int i, gone = 0;
	struct saved s;

	put("f", "1");
	saved_begin(&s, "f");
	saved_poll(&s);
	EXPECT_EQ(SAVED_NEW, saved_poll(&s));
	rename("f", "g");
	EXPECT_EQ(SAVED_NOTHING, saved_poll(&s));
	rename("g", "f");
	for (i = 0; i < 3; i++) {
		EXPECT_EQ(SAVED_NOTHING, saved_poll(&s)) TH_LOG("the same one is back");
	}
	unlink("f");
	for (i = 0; i < 20; i++)
		gone += saved_poll(&s) == SAVED_GONE;
	EXPECT_EQ(1, gone);
}

TEST_F(course, a_page_holds_no_dead_link_and_no_script_of_the_text)
{
	char *html = NULL;
	size_t size;
	FILE *f;

	put("lessons/00-seeing/README.md",
	    "# To <see>\n\n## Predict\n\n1. gone\n\n## "
	    "More\n\n<script>alert(1)</script>\n\n[a](x.md) "
	    "[b](01-first-look/README.md) [c](https://example.org) [d](javascript:alert(1))\n"
	    "![p](p.png)\n\n| t |\n|---|\n| u |\n");
	put("lessons/00-seeing/p.png", "four");
	put("lessons/00-seeing/quiz", "? <q>\n+ a\n- b\n  no\n");
	f = open_memstream(&html, &size);
	ASSERT_NE(NULL, f);
	ASSERT_EQ(0, page_write(f, &self->c, &self->p, &self->c.lessons[0], NULL));
	fclose(f);
	EXPECT_EQ(NULL, strstr(html, "<script>alert"));
	EXPECT_EQ(NULL, strstr(html, "javascript:"));
	EXPECT_EQ(NULL, strstr(html, "x.md"));
	EXPECT_EQ(NULL, strstr(html, "gone"));
	EXPECT_EQ(NULL, strstr(html, "int first;"));
	EXPECT_NE(NULL, strstr(html, "<a href=\"#first-look\">b</a>"));
	EXPECT_NE(NULL, strstr(html, "<a href=\"https://example.org\">c</a>"));
	EXPECT_NE(NULL, strstr(html, "data:image/png;base64,Zm91cg=="));
	EXPECT_NE(NULL, strstr(html, "<td>u</td>"));
	EXPECT_NE(NULL, strstr(html, "&#60;q&#62;"));
	free(html);
}

TEST_F(course, solutions_come_with_the_pass)
{
	char *html = NULL;
	size_t size;
	FILE *f;

	put("lessons/00-seeing/01-first-look/reference.c", "int one<solution>;\n");
	put("lessons/00-seeing/01-first-look/unusual.c", "int other_solution;\n");
	put("work/.oncpu/progress", "t first-look checked pass\n");
	ASSERT_EQ(0, progress_read(&self->p, &self->c));
	f = open_memstream(&html, &size);
	ASSERT_NE(NULL, f);
	ASSERT_EQ(0, page_write(f, &self->c, &self->p, &self->c.lessons[0], &self->c.exercises[0]));
	fclose(f);
	EXPECT_NE(NULL, strstr(html, "int one&#60;solution&#62;;"));
	EXPECT_NE(NULL, strstr(html, "int other_solution;"));
	free(html);
}

/* Ours, as they are: this one stands in the project's folder. */
TEST(every_quiz_of_the_course_can_be_read)
{
	char path[PATH_MAX], why[128];
	struct course c;
	struct quiz q;
	size_t i, nr = 0;
	int err;

	ASSERT_EQ(0, course_read(&c, "."));
	for (i = 0; i < c.nr_lessons; i++) {
		course_path(path, &c, "%s/quiz", c.lessons[i].folder);
		err = quiz_read(&q, path, why, sizeof(why));
		EXPECT_TRUE(!err || err == -ENOENT) TH_LOG("%s: %s", path, why);
		nr += !err;
		quiz_free(&q);
	}
	EXPECT_GT(nr, 0);
	course_free(&c);
}

TEST_HARNESS_MAIN
