// SPDX-License-Identifier: GPL-2.0
/* What is waited for, by what is known of the call and of the variable; and a SYMBOLS chunk's damages. */
#include <errno.h>
#include <linux/futex.h>
#include <string.h>

#include "model_case.h"

/* Stack 7 waits in a mutex, 8 in a rwlock, 9 in a condition, 3 deep: frames 0 and 1 are the library's. */
#define SYMBOLS                                                                                   \
	"symbols {\"frames\":[{\"module\":\"libc.so.6\"},{\"module\":\"libc.so.6\"},"             \
	"{\"module\":\"libc.so.6\"},"                                                             \
	"{\"function\":\"put\",\"file\":\"/src/queue.c\",\"line\":42,\"module\":\"a.out\"}],"     \
	"\"stacks\":[{\"id\":\"0x7\",\"user\":[0,3],\"whole\":true,\"kind\":\"mutex\",\"at\":1}," \
	"{\"id\":\"0x8\",\"user\":[0,3],\"kind\":\"rwlock\",\"at\":1},"                           \
	"{\"id\":\"0x9\",\"user\":[0,1,2,3],\"kind\":\"condition\",\"at\":3},"                    \
	"{\"id\":\"0xa\",\"user\":[0,3],\"at\":1}],"                                              \
	"\"variables\":[{\"tgid\":100,\"from_ns\":0,\"to_ns\":1006000000,"                        \
	"\"address\":\"0x8008\",\"name\":\"queue.table\",\"kind\":\"rwlock\","                    \
	"\"base\":\"0x8000\"},"                                                                   \
	"{\"tgid\":100,\"from_ns\":0,\"address\":\"0x9000\",\"name\":\"state{2}\"}]}\n"
#define TWO   "1 cpu0 switch idle -> A R\n1 cpu0 fork A -> B\n1.5 cpu1 switch idle -> B R\n"
#define SLEEP "3 cpu0 switch A -> idle S\n4 cpu1 waking A by B at 0\n"

static const struct model_lock *lock_of(const struct model *m, const struct interval *i)
{
	return i->lock ? &m->locks[i->lock - 1] : NULL;
}

#define WAIT interval_of(self->m, 100, 2)
#define LOCK lock_of(self->m, WAIT)

TEST_F(model, mutex_by_its_call)
{
	BUILD(SYMBOLS TWO "2 cpu0 futex_wait A 0x7000 value 2 op 0\n2 cpu0 words A B 1 2 3\n"
			  "2 cpu0 stack A 7\n" SLEEP);
	ASSERT_NE(NULL, LOCK);
	EXPECT_EQ(ONCPU_ULOCK_MUTEX, LOCK->kind);
	EXPECT_EQ(0x7000, LOCK->address);
	EXPECT_EQ(101, WAIT->owner);
	ASSERT_NE(0, WAIT->spot);
	EXPECT_STREQ("queue.c:42", self->m->spots[WAIT->spot - 1].text);
	EXPECT_EQ(1, LOCK->nr_waits);
	EXPECT_EQ(1000000, LOCK->wait_ns);
	EXPECT_EQ(101, LOCK->holder);
}

TEST_F(model, robust_mutex_by_its_word)
{
	BUILD(SYMBOLS TWO "2 cpu0 futex_wait A 0x7000 value 2147483749 op 0\n" /* waiters, 101 */
			  "2 cpu0 stack A 7\n" SLEEP);
	EXPECT_EQ(101, WAIT->owner);
}

TEST_F(model, rwlock_waited_for_at_its_phase)
{
	BUILD(SYMBOLS TWO "2 cpu0 futex_wait A 0x7008 value 3 op 9\n2 cpu0 words A 1 2 B 3\n"
			  "2 cpu0 stack A 8\n" SLEEP);
	ASSERT_NE(NULL, LOCK);
	EXPECT_EQ(ONCPU_ULOCK_RWLOCK, LOCK->kind);
	EXPECT_EQ(0x7000, LOCK->address);
	EXPECT_EQ(101, WAIT->owner);
}

TEST_F(model, rwlock_waited_for_at_its_writers)
{
	BUILD(SYMBOLS TWO "2 cpu0 futex_wait A 0x700c value 3 op 9\n2 cpu0 words A 1 B 2 3\n"
			  "2 cpu0 stack A 8\n" SLEEP);
	EXPECT_EQ(0x7000, LOCK->address);
	EXPECT_EQ(101, WAIT->owner);
}

TEST_F(model, rwlock_waited_for_at_its_readers)
{
	BUILD(SYMBOLS TWO "2 cpu0 futex_wait A 0x7000 value 6 op 9\n2 cpu0 words A 1 2 3 B\n"
			  "2 cpu0 stack A 8\n" SLEEP);
	EXPECT_EQ(0x7000, LOCK->address);
	EXPECT_EQ(101, WAIT->owner);
}

TEST_F(model, condition_has_no_owner)
{
	BUILD(SYMBOLS TWO "2 cpu0 futex_wait A 0x7020 value 2 op 9\n2 cpu0 words A B B B B\n"
			  "2 cpu0 stack A 9\n" SLEEP);
	EXPECT_EQ(ONCPU_ULOCK_COND, LOCK->kind);
	EXPECT_EQ(0, WAIT->owner);
}

TEST_F(model, mutex_of_a_condition_is_waited_for_again)
{
	BUILD(SYMBOLS TWO "2 cpu0 futex_wait A 0x7020 value 2 op 0\n2 cpu0 words A B 0 0 0\n"
			  "2 cpu0 stack A 9\n" SLEEP);
	EXPECT_EQ(ONCPU_ULOCK_MUTEX, LOCK->kind);
	EXPECT_EQ(101, WAIT->owner);
}

TEST_F(model, variables_type_counts_more_than_the_call)
{
	BUILD(SYMBOLS TWO "2 cpu0 futex_wait A 0x8008 value 3 op 9\n2 cpu0 words A 1 2 B 3\n"
			  "2 cpu0 stack A 7\n" SLEEP);
	EXPECT_EQ(ONCPU_ULOCK_RWLOCK, LOCK->kind);
	EXPECT_EQ(0x8000, LOCK->address);
	EXPECT_STREQ("queue.table", LOCK->name);
	EXPECT_EQ(101, WAIT->owner);
}

TEST_F(model, variable_of_a_program_that_is_gone)
{
	BUILD(SYMBOLS TWO "6.5 cpu0 futex_wait A 0x8008 value 3 op 9\n6.5 cpu0 stack A 8\n"
			  "7 cpu0 switch A -> idle S\n8 cpu1 waking A by B at 0\n");
	EXPECT_EQ(ONCPU_ULOCK_RWLOCK, LOCK->kind);
	EXPECT_STREQ("", LOCK->name);
}

/* The words of a lock of which the kind is not known mean nothing. */
TEST_F(model, futex_of_an_unknown_kind_has_no_owner)
{
	char sentence[MODEL_SENTENCE];

	BUILD(SYMBOLS TWO "2 cpu0 futex_wait A 0x7000 value 2 op 0\n2 cpu0 words A B B B B\n"
			  "2 cpu0 stack A 0xa\n" SLEEP);
	EXPECT_EQ(0, LOCK->kind);
	EXPECT_EQ(0, WAIT->owner);
	model_sentence(self->m, model_thread(self->m, 100), WAIT, sentence, sizeof(sentence));
	EXPECT_STREQ("prog/100 waited 1.0 ms for the futex 0x7000 (queue.c:42); woken by prog/101.",
		     sentence);
}

TEST_F(model, stacks_that_were_lost)
{
	BUILD(SYMBOLS TWO "2 cpu0 futex_wait A 0x7000 value 2 op 0\n2 cpu0 stack A 77\n" SLEEP);
	EXPECT_EQ(0, LOCK->kind);
	EXPECT_EQ(0, WAIT->spot);
}

TEST_F(model, owners_of_another_process)
{
	BUILD(SYMBOLS TWO "2 cpu0 futex_wait A 0x7000 value 2 op 128\n2 cpu0 words A X 1 2 3\n"
			  "2 cpu0 stack A 7\n3 cpu0 switch A -> idle S\n4 cpu1 waking A by B at 0\n"
			  "4.5 cpu0 switch idle -> A R\n"
			  "5 cpu0 futex_wait A 0x7100 value 2 op 0\n5 cpu0 words A X 1 2 3\n"
			  "5 cpu0 stack A 7\n6 cpu0 switch A -> idle S\n");
	EXPECT_EQ(0, WAIT->owner); /* of a private lock it can be none */
	EXPECT_EQ(50, interval_of(self->m, 100, 5)->owner);
}

TEST_F(model, names_in_sentences)
{
	char sentence[MODEL_SENTENCE];

	BUILD(SYMBOLS TWO "2 cpu0 futex_wait A 0x8008 value 3 op 9\n2 cpu0 words A 1 2 B 3\n"
			  "2 cpu0 stack A 8\n" SLEEP);
	model_sentence(self->m, model_thread(self->m, 100), WAIT, sentence, sizeof(sentence));
	EXPECT_STREQ("prog/100 waited 1.0 ms for the rwlock queue.table, held by prog/101 "
		     "(queue.c:42); woken by prog/101.",
		     sentence);
}

TEST_F(model, locks_without_a_variable_have_a_place)
{
	char words[MODEL_LOCK];

	BUILD(SYMBOLS TWO "2 cpu0 futex_wait A 0x7000 value 2 op 0\n2 cpu0 stack A 7\n" SLEEP);
	model_lock_words(self->m, LOCK, words, sizeof(words));
	EXPECT_STREQ("the mutex first waited for at queue.c:42", words);
}

TEST_F(model, braces_of_a_name_do_no_harm)
{
	char words[MODEL_LOCK];

	BUILD(SYMBOLS TWO "2 cpu0 futex_wait A 0x9000 value 2 op 0\n2 cpu0 stack A 7\n" SLEEP);
	model_lock_words(self->m, LOCK, words, sizeof(words));
	EXPECT_STREQ("the mutex state?2?", words);
}

static int read_symbols(const char *json)
{
	char text[1024], why[256];
	struct trace *t = NULL;
	int err;

	snprintf(text, sizeof(text), HEAD "symbols %s\n1 cpu0 switch idle -> A R\n", json);
	err = builder_trace(&t, text, why, sizeof(why));
	trace_free(t);
	return err;
}

TEST(symbols_that_are_damaged)
{
	EXPECT_EQ(0, read_symbols("{}"));
	EXPECT_EQ(0, read_symbols("{\"stacks\":[{\"id\":\"0x1\"}],\"later\":[1]}"));
	EXPECT_EQ(0, read_symbols("{\"stacks\":[{\"id\":\"0x1\",\"kind\":\"later\"}]}"));
	EXPECT_EQ(-EBADMSG, read_symbols("[]"));
	EXPECT_EQ(-EBADMSG, read_symbols("{\"frames\":{}}"));
	EXPECT_EQ(-EBADMSG, read_symbols("{\"frames\":[7]}"));
	EXPECT_EQ(-EBADMSG, read_symbols("{\"frames\":[{\"line\":-1}]}"));
	EXPECT_EQ(-EBADMSG, read_symbols("{\"stacks\":[{\"user\":[0]}]}"));
	EXPECT_EQ(-EBADMSG, read_symbols("{\"frames\":[{}],\"stacks\":[{\"user\":[1]}]}"));
	EXPECT_EQ(-EBADMSG, read_symbols("{\"frames\":[{}],\"stacks\":[{\"user\":[0],\"at\":1}]}"));
	EXPECT_EQ(-EBADMSG, read_symbols("{\"stacks\":[{\"id\":7}]}"));
	EXPECT_EQ(-EBADMSG, read_symbols("{\"variables\":[{\"address\":\"0xzz\"}]}"));
}

TEST_HARNESS_MAIN
