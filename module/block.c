// SPDX-License-Identifier: GPL-2.0
/*
 * Requests to block devices.
 */
#include <linux/blk-mq.h>
#include <linux/blkdev.h>
#include <linux/sched.h>

#include "probes.h"
#include "recording.h"

static void write_block_record(struct oncpu_recording *rec, u8 type, struct request *rq, u32 bytes)
{
	bool has_place = !blk_rq_is_passthrough(rq) && blk_rq_pos(rq) != (sector_t)-1;
	struct oncpu_record r = {
		.tid = current->pid,
		.type = type,
		.block = {
			.sector = has_place ? blk_rq_pos(rq) : 0,
			.dev = rq->q->disk ? disk_devt(rq->q->disk) : 0,
			.bytes = bytes,
		},
	};

	oncpu_record(rec, &r);
}

static void on_issue(void *data, struct request *rq)
{
	struct oncpu_recording *rec = data;

	if (!oncpu_chosen_has_above(&rec->chosen, current))
		return;
	if (!rec->chosen.all_tasks)
		oncpu_flights_add(&rec->flights, rq);
	write_block_record(rec, ONCPU_BLOCK_ISSUE, rq, blk_rq_bytes(rq));
}

/* An interrupt above anybody: kept if the issue was. */
static void on_complete(void *data, struct request *rq, blk_status_t error, unsigned int bytes)
{
	struct oncpu_recording *rec = data;

	if (rec->chosen.all_tasks || oncpu_flights_remove(&rec->flights, rq))
		write_block_record(rec, ONCPU_BLOCK_COMPLETE, rq, bytes);
}

struct oncpu_probe oncpu_block_probes[] = {
	{ "block_rq_issue", on_issue, BIT_ULL(ONCPU_BLOCK_ISSUE) },
	{ "block_rq_complete", on_complete, BIT_ULL(ONCPU_BLOCK_COMPLETE) },
	{}
};
