// SPDX-License-Identifier: GPL-2.0
/*
 * io_uring: what a program hands to the kernel, what has to go to a worker, what is done.
 *
 * Plain tracepoints: all this happens with preemption on (see futex.bpf.c).
 */
#include "lib/filter.bpf.h"
#include "lib/probe.bpf.h"
#include "lib/ring.bpf.h"

#define LINE_SHIFT 6 /* rings lie in memory a cache line apart, at least */

static __always_inline void write_uring(__u8 type, __u8 opcode, void *ring, __u64 user_data,
					__s32 res)
{
	struct oncpu_record r = {
		.tid = current_tid(),
		.type = type,
		.flags = opcode,
		.uring = {
			.user_data = user_data,
			.ring = (__u64)ring >> LINE_SHIFT,
			.res = res,
		},
	};

	if (keep_current())
		ring_write(&r);
}

SEC("tp/io_uring/io_uring_submit_req")
int on_uring_submit(struct trace_event_raw_io_uring_submit_req *ctx)
{
	write_uring(ONCPU_URING_SUBMIT, ctx->opcode, ctx->ctx, ctx->user_data, 0);
	return 0;
}

SEC("tp/io_uring/io_uring_queue_async_work")
int on_uring_async(struct trace_event_raw_io_uring_queue_async_work *ctx)
{
	write_uring(ONCPU_URING_ASYNC, ctx->opcode, ctx->ctx, ctx->user_data, 0);
	return 0;
}

SEC("tp/io_uring/io_uring_complete")
int on_uring_complete(struct trace_event_raw_io_uring_complete *ctx)
{
	write_uring(ONCPU_URING_COMPLETE, 0, ctx->ctx, ctx->user_data, ctx->res);
	return 0;
}

SEC("tp/io_uring/io_uring_cqring_wait")
int on_uring_wait(struct trace_event_raw_io_uring_cqring_wait *ctx)
{
	write_uring(ONCPU_URING_WAIT, 0, ctx->ctx, 0, ctx->min_events);
	return 0;
}
