// SPDX-License-Identifier: GPL-2.0
/* The trace file: what is written is read back, and nothing that is done to a file breaks a reader. */
#include <sys/resource.h>
#include <sys/stat.h>
#include <fcntl.h>
#include <signal.h>
#include <zstd.h>
#include <kselftest_harness.h>

#include "builder.h"
#include "lib/trace_columns.h"

#define META                                                                                      \
	"{\"oncpu\":\"0.1\",\"command\":[\"./a.out\",\"7\\u001b\"],\"target_tid\":123,"           \
	"\"machine\":{\"kernel\":\"7.3.4\",\"arch\":\"x86_64\",\"cpus\":2,\"host\":\"h\"},"       \
	"\"clock\":\"CLOCK_MONOTONIC\",\"start_ns\":1000,\"start_utc\":\"2026-01-02T03:04:05Z\"," \
	"\"sources\":[\"bpf\"],\"tasks\":[{\"tid\":9,\"tgid\":9,\"ppid\":1,\"comm\":\"nine\"},"   \
	"{\"tid\":1,\"tgid\":1,\"ppid\":0,\"comm\":\"init\"}],\"later\":[null]}"
#define END_JSON                                                                            \
	"{\"end_ns\":90000,\"exit\":{\"code\":3},\"sources\":[{\"name\":\"bpf\",\"cpus\":[" \
	"{\"cpu\":0,\"records\":23,\"lost\":4},{\"cpu\":1,\"records\":0,\"lost\":0}]},"     \
	"{\"name\":\"later\",\"cpus\":7}]}"

FIXTURE(trace)
{
	char path[64];
	int fd;
	struct trace *t;
	char why[256];
};

FIXTURE_SETUP(trace)
{
	self->t = NULL;
	self->fd = memfd_create("trace", 0);
	ASSERT_LE(0, self->fd);
	snprintf(self->path, sizeof(self->path), "/proc/self/fd/%d", self->fd);
}

FIXTURE_TEARDOWN(trace)
{
	trace_free(self->t);
	close(self->fd);
}

static void fill(struct oncpu_record *r, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++) {
		r[i] = (struct oncpu_record){
			.time_ns = 5000 + 1000000007ull * i,
			.tid = 1 + i * 77777,
			.type = (uint8_t)(1 + i % (ONCPU_RECORD_TYPE_END - 1)),
			.flags = (uint8_t)(i * 13),
		};
		r[i].raw[0] = r[i].type == ONCPU_LOST ? 1 : 0x0123456789abcdefull * (i + 1);
		r[i].raw[1] = ~r[i].raw[0];
	}
}

/* 0 or -errno; the file holds 23 records of one CPU in two chunks. */
static int write_example(const char *path, const char *meta, const char *end)
{
	struct oncpu_record r[23];
	struct trace_writer *w;
	int err;

	fill(r, 23);
	err = trace_writer_open(&w, path, meta);
	if (!err)
		err = trace_writer_records(w, TRACE_BPF, 0, r, 9);
	if (!err)
		err = trace_writer_records(w, TRACE_BPF, 0, r + 9, 14);
	if (!err && end)
		err = trace_writer_finish(w, end);
	trace_writer_close(w);
	return err;
}

#define READ() trace_read(&self->t, self->path, self->why, sizeof(self->why))

TEST_F(trace, round_trip)
{
	struct oncpu_record r[23];

	fill(r, 23);
	ASSERT_EQ(0, write_example(self->path, META, END_JSON));
	ASSERT_EQ(0, READ())
	{
		TH_LOG("%s", self->why);
	}
	EXPECT_TRUE(self->t->complete);
	EXPECT_STREQ("0.1", self->t->oncpu_version);
	EXPECT_STREQ("./a.out 7?", self->t->command);
	EXPECT_STREQ("7.3.4", self->t->kernel);
	EXPECT_STREQ("x86_64", self->t->arch);
	EXPECT_STREQ("2026-01-02T03:04:05Z", self->t->start_utc);
	EXPECT_EQ(2, self->t->nr_cpus);
	EXPECT_EQ(123, self->t->target_tid);
	EXPECT_EQ(1000, self->t->start_ns);
	EXPECT_EQ(r[22].time_ns, self->t->end_ns);
	EXPECT_EQ(3, self->t->exit_code);
	EXPECT_EQ(0, self->t->exit_signal);
	ASSERT_EQ(2, self->t->nr_tasks);
	EXPECT_EQ(1, self->t->tasks[0].tid);
	EXPECT_STREQ("nine", self->t->tasks[1].comm);
	EXPECT_EQ(1, self->t->tasks[1].ppid);
	ASSERT_EQ(2, self->t->nr_streams);
	EXPECT_EQ(4, self->t->streams[0].lost);
	EXPECT_EQ(1, self->t->streams[1].cpu);
	EXPECT_EQ(0, self->t->streams[1].n);
	ASSERT_EQ(23, self->t->streams[0].n);
	EXPECT_EQ(0, memcmp(r, self->t->streams[0].records, sizeof(r)));
}

TEST_F(trace, more_than_a_chunk)
{
	const unsigned int n = 70001;
	struct oncpu_record *r = calloc(n, sizeof(*r));
	struct trace_writer *w;

	fill(r, n);
	ASSERT_EQ(0, trace_writer_open(&w, self->path, "{}"));
	ASSERT_EQ(0, trace_writer_records(w, TRACE_MODULE, 8191, r, n));
	EXPECT_EQ(-EINVAL, trace_writer_records(w, TRACE_MODULE, 8192, r, n));
	EXPECT_EQ(-EINVAL, trace_writer_records(w, TRACE_NR_SOURCES, 0, r, n));
	ASSERT_EQ(0, trace_writer_finish(w, "{}"));
	trace_writer_close(w);
	ASSERT_EQ(0, READ());
	ASSERT_EQ(1, self->t->nr_streams);
	ASSERT_EQ(n, self->t->streams[0].n);
	EXPECT_EQ(8192, self->t->nr_cpus);
	EXPECT_EQ(0, memcmp(r, self->t->streams[0].records, n * sizeof(*r)));
	free(r);
}

TEST_F(trace, sorted_stably_by_time)
{
	static const uint64_t times[] = { 5, 3, 3, 9, 1, 5, 9, 2, 3, 7, 7 };
	static const uint32_t order[] = { 4, 7, 1, 2, 8, 0, 5, 9, 10, 3, 6 };
	struct oncpu_record r[11] = { 0 };
	struct trace_writer *w;
	uint32_t i;

	for (i = 0; i < 11; i++) {
		r[i].time_ns = times[i];
		r[i].tid = i;
		r[i].type = ONCPU_EXIT;
	}
	ASSERT_EQ(0, trace_writer_open(&w, self->path, "{}"));
	ASSERT_EQ(0, trace_writer_records(w, TRACE_BPF, 0, r, 11));
	ASSERT_EQ(0, trace_writer_finish(w, "{}"));
	trace_writer_close(w);
	ASSERT_EQ(0, READ());
	for (i = 0; i < 11; i++) {
		EXPECT_EQ(order[i], self->t->streams[0].records[i].tid);
	}
}

TEST_F(trace, unknown_types_reach_nobody)
{
	struct oncpu_record r[3] = { { .type = 0 },
				     { .type = ONCPU_RECORD_TYPE_END },
				     { .type = ONCPU_EXIT, .tid = 7 } };
	struct trace_writer *w;

	ASSERT_EQ(0, trace_writer_open(&w, self->path, "{}"));
	ASSERT_EQ(0, trace_writer_records(w, TRACE_BPF, 0, r, 3));
	ASSERT_EQ(0, trace_writer_finish(w, "{\"sources\":[{\"name\":\"bpf\",\"cpus\":"
					    "[{\"cpu\":0,\"records\":3}]}]}"));
	trace_writer_close(w);
	ASSERT_EQ(0, READ());
	ASSERT_EQ(1, self->t->streams[0].n);
	EXPECT_EQ(7, self->t->streams[0].records[0].tid);
	EXPECT_TRUE(self->t->complete);
}

TEST_F(trace, without_finish_it_is_incomplete)
{
	ASSERT_EQ(0, write_example(self->path, META, NULL));
	ASSERT_EQ(0, READ());
	EXPECT_FALSE(self->t->complete);
	EXPECT_EQ(23, self->t->streams[0].n);
	EXPECT_EQ(-1, self->t->exit_code);
}

TEST_F(trace, fewer_records_than_promised)
{
	ASSERT_EQ(0, write_example(self->path, META,
				   "{\"sources\":[{\"name\":\"bpf\",\"cpus\":"
				   "[{\"cpu\":0,\"records\":24}]}]}"));
	ASSERT_EQ(0, READ());
	EXPECT_FALSE(self->t->complete);
}

/* A cut gives the chunks before it; without META there is nothing to give. */
TEST_F(trace, cut_at_every_byte)
{
	off_t size, cut;
	size_t n, most = 0;
	int err;

	ASSERT_EQ(0, write_example(self->path, META, END_JSON));
	size = lseek(self->fd, 0, SEEK_END);
	for (cut = size - 1; cut >= 0; cut--) {
		ASSERT_EQ(0, ftruncate(self->fd, cut));
		err = READ();
		if (err) {
			ASSERT_EQ(-ENODATA, err)
			{
				TH_LOG("cut at %ld: %s", (long)cut, self->why);
			}
			ASSERT_NE('\0', self->why[0]);
			continue;
		}
		ASSERT_FALSE(self->t->complete);
		n = self->t->nr_streams ? self->t->streams[0].n : 0;
		ASSERT_TRUE(n == 0 || n == 9 || n == 23);
		most = n > most ? n : most;
		trace_free(self->t);
		self->t = NULL;
	}
	EXPECT_EQ(23, most);
}

static bool is_example(const struct trace *t)
{
	struct oncpu_record r[23];

	fill(r, 23);
	return !strcmp(t->command, "./a.out 7?") && t->nr_tasks == 2 && t->exit_code == 3 &&
	       t->nr_streams == 2 && t->streams[0].n == 23 && t->streams[0].lost == 4 &&
	       !memcmp(r, t->streams[0].records, sizeof(r));
}

/* Damage is told, or changes nothing: zstd has bits that it does not look at. */
TEST_F(trace, every_bit_flipped)
{
	unsigned char byte, bad;
	off_t size, at;
	int bit, err;

	ASSERT_EQ(0, write_example(self->path, META, END_JSON));
	size = lseek(self->fd, 0, SEEK_END);
	for (at = 0; at < size; at++) {
		for (bit = 0; bit < 8; bit++) {
			ASSERT_EQ(1, pread(self->fd, &byte, 1, at));
			bad = byte ^ (unsigned char)(1 << bit);
			ASSERT_EQ(1, pwrite(self->fd, &bad, 1, at));
			err = READ();
			EXPECT_TRUE(err || !self->why[0]);
			EXPECT_TRUE(!err || self->why[0]);
			EXPECT_TRUE(err || is_example(self->t))
			{
				TH_LOG("bit %d of byte %ld passed", bit, (long)at);
			}
			trace_free(self->t);
			self->t = NULL;
			ASSERT_EQ(1, pwrite(self->fd, &byte, 1, at));
		}
	}
}

TEST_F(trace, the_mark_decides)
{
	uint32_t flags = TRACE_INCOMPLETE;

	ASSERT_EQ(0, write_example(self->path, META, END_JSON));
	pwrite(self->fd, &flags, 4, offsetof(struct trace_header, flags));
	ASSERT_EQ(0, READ());
	EXPECT_FALSE(self->t->complete);
	EXPECT_EQ(3, self->t->exit_code);
}

static void put_chunk(int fd, uint32_t kind, const void *raw, size_t size)
{
	struct chunk_header h = { .kind = kind, .raw = (uint32_t)size };
	char stored[512];

	h.stored = (uint32_t)ZSTD_compress(stored, sizeof(stored), raw, size, 1);
	h.check = trace_chunk_check(&h);
	write(fd, &h, sizeof(h));
	write(fd, stored, h.stored);
}

/* Chunks by letter: Meta, End, Records, Unknown, and records that are Short, Impossible, Big. */
static void put_file(int fd, const char *letters)
{
	static const struct trace_header header = { .magic = TRACE_MAGIC, .major = TRACE_MAJOR };
	struct {
		struct records_header h;
		unsigned char packed[2 * TRACE_PACKED_SIZE];
	} r = { .h = { .source = TRACE_BPF, .n = 2 } };

	lseek(fd, 0, SEEK_SET);
	ftruncate(fd, 0);
	write(fd, &header, sizeof(header));
	memset(r.packed + 12 * 2, ONCPU_EXIT, 2);
	for (; *letters; letters++) {
		r.h.source = *letters == 'I' ? TRACE_NR_SOURCES : TRACE_BPF;
		r.h.cpu = *letters == 'B' ? TRACE_MAX_CPUS : 0;
		if (*letters == 'M' || *letters == 'E')
			put_chunk(fd, *letters == 'M' ? CHUNK_META : CHUNK_END, "{}", 2);
		else if (*letters == 'H')
			put_chunk(fd, CHUNK_RECORDS, &r, sizeof(r.h) / 2);
		else
			put_chunk(fd, *letters == 'U' ? 99 : CHUNK_RECORDS, &r,
				  sizeof(r.h) + sizeof(r.packed) - (*letters == 'S'));
	}
}

TEST_F(trace, chunks_in_wrong_places)
{
	static const char *const bad[] = { "RME", "MMRE", "MRER", "MREM", "EM",
					   "MSE", "MIE",  "MBE",  "MHE" };
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		put_file(self->fd, bad[i]);
		EXPECT_EQ(-EBADMSG, READ())
		{
			TH_LOG("%s", bad[i]);
		}
		trace_free(self->t);
		self->t = NULL;
	}
	put_file(self->fd, "UMURRUE");
	ASSERT_EQ(0, READ())
	{
		TH_LOG("%s", self->why);
	}
	EXPECT_TRUE(self->t->complete);
	EXPECT_EQ(4, self->t->streams[0].n);
}

/* A chunk may claim to unpack to anything: no more than TRACE_MAX_RAW is believed. */
TEST_F(trace, a_chunk_that_claims_too_much)
{
	struct chunk_header h = { .kind = CHUNK_META, .stored = 1, .raw = TRACE_MAX_RAW + 1 };

	put_file(self->fd, "");
	h.check = trace_chunk_check(&h);
	write(self->fd, &h, sizeof(h));
	write(self->fd, "x", 1);
	EXPECT_EQ(-EBADMSG, READ());
	EXPECT_NE(NULL, strstr(self->why, "beginning of a chunk"));
}

/* 64 MB of zeroes pack to 6 KB: a file of such chunks must not cost what they claim. */
TEST_F(trace, bombs)
{
	struct chunk_header h = { .kind = CHUNK_RECORDS, .raw = TRACE_MAX_RAW };
	char *zeroes = calloc(1, TRACE_MAX_RAW), *stored = malloc(1 << 20);
	struct rusage before, after;
	struct records_header *records = (void *)zeroes;
	unsigned int i;

	records->source = TRACE_BPF;
	records->n = (TRACE_MAX_RAW - sizeof(*records)) / TRACE_PACKED_SIZE;
	h.raw = (uint32_t)sizeof(*records) + records->n * TRACE_PACKED_SIZE;
	h.stored = (uint32_t)ZSTD_compress(stored, 1 << 20, zeroes, h.raw, 1);
	h.check = trace_chunk_check(&h);
	put_file(self->fd, "M");
	for (i = 0; i < 200; i++) {
		write(self->fd, &h, sizeof(h));
		write(self->fd, stored, h.stored);
	}
	free(zeroes);
	free(stored);
	getrusage(RUSAGE_SELF, &before);
	EXPECT_EQ(-EBADMSG, READ());
	EXPECT_NE(NULL, strstr(self->why, "unpack to more"));
	getrusage(RUSAGE_SELF, &after);
	/* in KB: the file of 1.3 MB allows 64 + 65 MB; records take as much again, and grow by doubling */
	EXPECT_GT(600000, after.ru_maxrss - before.ru_maxrss);
}

TEST_F(trace, an_impossible_time)
{
	struct oncpu_record r = { .type = ONCPU_EXIT, .time_ns = 1ull << 63 };
	struct trace_writer *w;

	ASSERT_EQ(0, trace_writer_open(&w, self->path, "{}"));
	ASSERT_EQ(0, trace_writer_records(w, TRACE_BPF, 0, &r, 1));
	ASSERT_EQ(0, trace_writer_finish(w, "{}"));
	trace_writer_close(w);
	EXPECT_EQ(-EBADMSG, READ());
}

TEST_F(trace, another_major_version)
{
	uint16_t major = TRACE_MAJOR + 1;
	char version[16];

	snprintf(version, sizeof(version), "%u.%u", major, TRACE_MINOR);
	ASSERT_EQ(0, write_example(self->path, META, END_JSON));
	pwrite(self->fd, &major, 2, offsetof(struct trace_header, major));
	EXPECT_EQ(-EPROTO, READ());
	EXPECT_NE(NULL, strstr(self->why, version));
	EXPECT_EQ(NULL, self->t);
}

TEST_F(trace, wrong_types_in_json)
{
	static const char *const metas[] = {
		"[]",
		"{",
		"",
		"{\"oncpu\":1}",
		"{\"command\":\"x\"}",
		"{\"command\":[1]}",
		"{\"machine\":[]}",
		"{\"machine\":{\"cpus\":8193}}",
		"{\"machine\":{\"cpus\":-1}}",
		"{\"start_ns\":-1}",
		"{\"start_ns\":1e9}",
		"{\"target_tid\":4294967296}",
		"{\"tasks\":{}}",
		"{\"tasks\":[1]}",
		"{\"tasks\":[{\"tid\":\"1\"}]}",
		"{\"tasks\":[{\"comm\":1}]}",
	};
	static const char *const ends[] = {
		"{\"end_ns\":\"1\"}",
		"{\"exit\":0}",
		"{\"exit\":{\"code\":256}}",
		"{\"sources\":{}}",
		"{\"sources\":[{}]}",
		"{\"sources\":[{\"name\":\"bpf\",\"cpus\":1}]}",
		"{\"sources\":[{\"name\":\"bpf\",\"cpus\":[{}]}]}",
		"{\"sources\":[{\"name\":\"bpf\",\"cpus\":[{\"cpu\":8192}]}]}",
		"{\"sources\":[{\"name\":\"bpf\",\"cpus\":[{\"cpu\":0,\"lost\":-1}]}]}",
	};
	size_t i;

	for (i = 0; i < sizeof(metas) / sizeof(*metas); i++) {
		ASSERT_EQ(0, write_example(self->path, metas[i], "{}"));
		EXPECT_EQ(-EBADMSG, READ())
		{
			TH_LOG("%s", metas[i]);
		}
	}
	for (i = 0; i < sizeof(ends) / sizeof(*ends); i++) {
		ASSERT_EQ(0, write_example(self->path, "{}", ends[i]));
		EXPECT_EQ(-EBADMSG, READ())
		{
			TH_LOG("%s", ends[i]);
		}
	}
}

TEST_F(trace, what_is_no_trace)
{
	EXPECT_EQ(-ENODATA, READ());
	ASSERT_EQ(6, write(self->fd, "hello\n", 6));
	EXPECT_EQ(-EBADMSG, READ());
	EXPECT_EQ(-ENOENT, trace_read(&self->t, "/nowhere", self->why, sizeof(self->why)));
	EXPECT_EQ(-EINVAL, trace_read(&self->t, "/proc", self->why, sizeof(self->why)));
	EXPECT_EQ(-EINVAL, trace_read(&self->t, "/dev/null", self->why, sizeof(self->why)));
	EXPECT_EQ(-EINVAL, trace_read(&self->t, "/dev/null", NULL, 0));
}

TEST_F(trace, a_full_disk)
{
	struct trace_writer *w;

	EXPECT_EQ(-ENOSPC, trace_writer_open(&w, "/dev/full", META));
	EXPECT_EQ(NULL, w);
	trace_writer_close(w);
	EXPECT_EQ(-ENOENT, trace_writer_open(&w, "/nowhere/x.oncpu", META));
}

/* The file may not grow beyond its first records: what came before the error stays readable. */
TEST_F(trace, a_disk_that_fills_up)
{
	struct rlimit limit = { 0, RLIM_INFINITY };
	struct oncpu_record r[2000];
	struct trace_writer *w;
	int err = 0, i;

	fill(r, 2000);
	signal(SIGXFSZ, SIG_IGN);
	ASSERT_EQ(0, trace_writer_open(&w, self->path, META));
	limit.rlim_cur = 50000;
	ASSERT_EQ(0, setrlimit(RLIMIT_FSIZE, &limit));
	for (i = 0; i < 100 && !err; i++)
		err = trace_writer_records(w, TRACE_BPF, 0, r, 2000);
	EXPECT_EQ(-EFBIG, err);
	EXPECT_LT(1, i);
	limit.rlim_cur =
		RLIM_INFINITY; /* there is room again, but the file's end is half a chunk */
	ASSERT_EQ(0, setrlimit(RLIMIT_FSIZE, &limit));
	EXPECT_EQ(-EFBIG, trace_writer_records(w, TRACE_BPF, 0, r, 1));
	EXPECT_EQ(-EFBIG, trace_writer_finish(w, END_JSON));
	trace_writer_close(w);
	ASSERT_EQ(0, READ());
	EXPECT_FALSE(self->t->complete);
	EXPECT_EQ((i - 1) * 2000, self->t->streams[0].n);
}

TEST_HARNESS_MAIN
