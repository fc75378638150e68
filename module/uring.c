// SPDX-License-Identifier: GPL-2.0
/*
 * io_uring: a request's way from the submission to its completion.
 */
#include <linux/io_uring_types.h>
#include <linux/sched.h>
#include <trace/events/io_uring.h>

#include "probes.h"
#include "recording.h"

#define LINE_SHIFT 6 /* rings lie in memory a cache line apart, at least */

static u32 ring_of(const void *ctx)
{
	return (unsigned long)ctx >> LINE_SHIFT;
}

static void write_uring_record(void *data, u8 type, u8 flags, const void *ctx, u64 user_data,
			       s32 res)
{
	struct oncpu_record r = {
		.tid = current->pid,
		.type = type,
		.flags = flags,
		.uring = { .user_data = user_data, .ring = ring_of(ctx), .res = res },
	};

	oncpu_record_current(data, &r);
}

static void on_submit(void *data, struct io_kiocb *req)
{
	write_uring_record(data, ONCPU_URING_SUBMIT, req->opcode, req->ctx, req->cqe.user_data, 0);
}

/* The last argument, of one type or another, is not needed: whether the work was hashed. */
static void on_async(void *data, struct io_kiocb *req)
{
	write_uring_record(data, ONCPU_URING_ASYNC, req->opcode, req->ctx, req->cqe.user_data, 0);
}

static void on_complete(void *data, struct io_ring_ctx *ctx, void *req, struct io_uring_cqe *cqe)
{
	write_uring_record(data, ONCPU_URING_COMPLETE, 0, ctx, cqe->user_data, cqe->res);
}

/* As older kernels tell it. */
static void on_complete_apart(void *data, void *ctx, void *req, u64 user_data, int res,
			      unsigned int cflags, u64 extra1, u64 extra2)
{
	write_uring_record(data, ONCPU_URING_COMPLETE, 0, ctx, user_data, res);
}

static void on_wait(void *data, void *ctx, int min_events)
{
	write_uring_record(data, ONCPU_URING_WAIT, 0, ctx, 0, min_events);
}

/* The kernel's headers tell which of the two it calls; they do not compile with neither. */
#define CALLS(f)                                                                          \
	__builtin_types_compatible_p(typeof(check_trace_callback_type_io_uring_complete), \
				     void(typeof(f) *))
static_assert(CALLS(on_complete) || CALLS(on_complete_apart));

struct oncpu_probe oncpu_uring_probes[] = {
	{ "io_uring_submit_req", on_submit, BIT_ULL(ONCPU_URING_SUBMIT) },
	{ "io_uring_queue_async_work", on_async, BIT_ULL(ONCPU_URING_ASYNC) },
	{ "io_uring_complete", CALLS(on_complete) ? (void *)on_complete : (void *)on_complete_apart,
	  BIT_ULL(ONCPU_URING_COMPLETE) },
	{ "io_uring_cqring_wait", on_wait, BIT_ULL(ONCPU_URING_WAIT) },
	{}
};
