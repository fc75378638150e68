/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * /dev/oncpu: the module's device. One open file is one recording.
 *
 *   fd = open("/dev/oncpu", O_RDWR)            EBUSY: somebody else records; EPERM: not for you
 *   ioctl(fd, ONCPU_IOC_SETUP, &setup)         allocates the rings
 *   mmap(fd, control_bytes, READ|WRITE, SHARED, offset 0)
 *   mmap(fd, records_bytes, READ, SHARED, offset control_bytes)
 *   mmap(fd, tasks_bytes, READ|WRITE, SHARED, offset control_bytes + records_bytes)
 *   ioctl(fd, ONCPU_IOC_START)  ...  ioctl(fd, ONCPU_IOC_STOP)
 *   close(fd)                                  stops, too
 *
 * The third mapping is the bitmap of tids (filter.h). It is there if filter.flags has TASKS, all 0
 * at first, and may be read and written at any time: by atomic operations, since the kernel changes
 * bits, too.
 *
 * A mapping is of one of the three, and whole; it may be unmapped in parts.
 *
 * Errors: EINVAL bad argument or order of calls, EFAULT, EBUSY already set up, ENODEV none of
 * the CPUs exists, ENOMEM.
 */
#ifndef ONCPU_IOCTL_H
#define ONCPU_IOCTL_H

#include <linux/ioctl.h>
#include <linux/types.h>

#include "filter.h"

#define ONCPU_ABI_VERSION    2
#define ONCPU_MIN_ORDER	     6	/* 64 records a CPU */
#define ONCPU_MAX_ORDER	     20 /* 1 Mi records (32 MiB) a CPU */
#define ONCPU_MAX_CPUS_BYTES 4096

struct oncpu_setup {
	/* in: */
	__u32 version; /* ONCPU_ABI_VERSION */
	__u32 order;   /* log2 of the records a CPU */
	__u64 types;   /* bit (1 << type) for each record type wanted */
	struct oncpu_filter filter;
	__u64 cpus;	       /* address of a bitmap, a bit (1 << cpu) for each CPU to record on */
	__u32 cpus_bytes;      /* its size; 0: on all CPUs */
	__u8 stacks_at_futex;  /* ONCPU_STACK_*: STACK at FUTEX_WAIT of these; */
	__u8 stacks_at_switch; /* ... and at SWITCH */
	__u16 pad;	       /* 0 */
	/* out: */
	__u32 nr_cpus; /* rings */
	__u32 pad2;
	__u64 control_bytes; /* size of the first mapping, whole pages */
	__u64 records_bytes; /* of the second */
	__u64 tasks_bytes;   /* of the third; 0: there is none */
	__u64 recorded;	     /* types this kernel can record; a subset of types */
};

#define ONCPU_IOC_SETUP _IOWR('o', 1, struct oncpu_setup)
#define ONCPU_IOC_START _IO('o', 2)
#define ONCPU_IOC_STOP	_IO('o', 3)

#endif
