/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * Which system calls are about a file descriptor, their first argument: SWITCH tells it of a task
 * that goes to sleep in one of them. Only those that can sleep for long are here.
 *
 * And the one by which a task leaves its CPU while it wants it.
 *
 * Numbers are those of the native calls: of a 32-bit program on a 64-bit kernel no call is told.
 */
#ifndef ONCPU_CALLS_H
#define ONCPU_CALLS_H

#include <asm/unistd.h>

static inline int oncpu_call_takes_fd(int nr)
{
	switch (nr) {
	case __NR_read:
	case __NR_readv:
	case __NR_pread64:
	case __NR_preadv:
	case __NR_preadv2:
	case __NR_write:
	case __NR_writev:
	case __NR_pwrite64:
	case __NR_pwritev:
	case __NR_pwritev2:
	case __NR_sendfile: /* to whom */
	case __NR_splice:   /* from whom, likewise the next */
	case __NR_tee:
	case __NR_vmsplice:
	case __NR_copy_file_range:
	case __NR_readahead:
	case __NR_getdents64:
	case __NR_ioctl:
	case __NR_fcntl:
	case __NR_flock:
	case __NR_fsync:
	case __NR_fdatasync:
	case __NR_sync_file_range:
	case __NR_syncfs:
	case __NR_ftruncate:
	case __NR_fallocate:
	case __NR_close:
	case __NR_connect:
	case __NR_accept:
	case __NR_accept4:
	case __NR_sendto:
	case __NR_sendmsg:
	case __NR_sendmmsg:
	case __NR_recvfrom:
	case __NR_recvmsg:
	case __NR_recvmmsg:
	case __NR_shutdown:
	case __NR_epoll_pwait:
	case __NR_epoll_pwait2:
	case __NR_io_uring_enter:
	case __NR_mq_timedsend:
	case __NR_mq_timedreceive:
#ifdef __NR_epoll_wait /* newer architectures have epoll_pwait alone */
	case __NR_epoll_wait:
#endif
		return 1;
	}
	return 0;
}

static inline int oncpu_call_yields(int nr)
{
	return nr == __NR_sched_yield;
}

#endif
