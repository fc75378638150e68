// SPDX-License-Identifier: GPL-2.0
/*
 * Requests to block devices.
 *
 * A request is issued with preemption on: a plain tracepoint (see futex.bpf.c). It is completed in
 * an interrupt, maybe above another program of a plain tracepoint, where no second one may run:
 * tp_btf. The interrupt is above anybody: a completion is kept if what it completes was kept.
 */
#include "lib/filter.bpf.h"
#include "lib/probe.bpf.h"
#include "lib/ring.bpf.h"

#define MAX_IN_FLIGHT 16384
#define OP_MASK	      0xff
#define OP_DRV_IN     34 /* commands of a driver's own: they have no sector */
#define OP_DRV_OUT    35
#define MINOR_BITS    20

struct place {
	__u64 sector;
	__u64 dev;
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, MAX_IN_FLIGHT);
	__type(key, struct place);
	__type(value, __u8);
} in_flight SEC(".maps");

static __always_inline void write_block(__u8 type, const struct place *place, __u32 bytes)
{
	struct oncpu_record r = {
		.tid = current_tid(),
		.type = type,
		.block = { .sector = place->sector, .dev = place->dev, .bytes = bytes },
	};

	ring_write(&r);
}

SEC("tp/block/block_rq_issue")
int on_block_issue(struct trace_event_raw_block_rq *ctx)
{
	struct place place = { .sector = ctx->sector, .dev = ctx->dev };
	__u8 kept = 1;

	if (!keep_current())
		return 0;
	if (filter.flags & FILTER_KINDS)
		bpf_map_update_elem(&in_flight, &place, &kept, BPF_ANY);
	write_block(ONCPU_BLOCK_ISSUE, &place, ctx->bytes);
	return 0;
}

/* As the kernel shows it at the issue. */
static __always_inline __u64 sector_of(struct request *rq)
{
	__u32 op = rq->cmd_flags & OP_MASK;
	__u64 sector = rq->__sector;

	return op == OP_DRV_IN || op == OP_DRV_OUT || sector == -1ULL ? 0 : sector;
}

SEC("tp_btf/block_rq_complete")
int BPF_PROG(on_block_complete, struct request *rq, int error, unsigned int bytes)
{
	struct gendisk *disk = rq->q->disk;
	struct place place = { .sector = sector_of(rq) };

	if (disk)
		place.dev = (__u64)disk->major << MINOR_BITS | disk->first_minor;
	if (!keep_cpu())
		return 0;
	if (filter.flags & FILTER_KINDS && bpf_map_delete_elem(&in_flight, &place))
		return 0;
	write_block(ONCPU_BLOCK_COMPLETE, &place, bytes);
	return 0;
}
