/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * /dev/oncpu: the module's device. One open file is one recording.
 *
 *   fd = open("/dev/oncpu", O_RDWR)            EBUSY: somebody else records
 *   ioctl(fd, ONCPU_IOC_SETUP, &setup)         allocates the rings
 *   mmap(fd, control_bytes, READ|WRITE, SHARED, offset 0)
 *   mmap(fd, records_bytes, READ, SHARED, offset control_bytes)
 *   ioctl(fd, ONCPU_IOC_START)  ...  ioctl(fd, ONCPU_IOC_STOP)
 *   close(fd)                                  stops, too
 *
 * Errors: EINVAL bad argument or order of calls, EBUSY already set up, ENOMEM.
 */
#ifndef ONCPU_IOCTL_H
#define ONCPU_IOCTL_H

#include <linux/ioctl.h>
#include <linux/types.h>

#define ONCPU_ABI_VERSION 1
#define ONCPU_MIN_ORDER	  6  /* 64 records a CPU */
#define ONCPU_MAX_ORDER	  20 /* 1 Mi records (32 MiB) a CPU */

struct oncpu_setup {
	__u32 version;	     /* in: ONCPU_ABI_VERSION */
	__u32 order;	     /* in: log2 of the records a CPU */
	__u64 types;	     /* in: bit (1 << type) for each record type wanted */
	__u32 nr_cpus;	     /* out: rings */
	__u32 pad;	     /* in: 0 */
	__u64 control_bytes; /* out: size of the first mapping, whole pages */
	__u64 records_bytes; /* out: size of the second */
	__u64 recorded;	     /* out: types this kernel can record; a subset of types */
};

#define ONCPU_IOC_SETUP _IOWR('o', 1, struct oncpu_setup)
#define ONCPU_IOC_START _IO('o', 2)
#define ONCPU_IOC_STOP	_IO('o', 3)

#endif
