// SPDX-License-Identifier: GPL-2.0
/*
 * What a thread waits for, told by the system call in which it went to sleep and by the kind of file
 * that the call is about. Numbers of calls are this machine's: a trace from another architecture
 * has its waits in calls unknown (see call_cause()).
 */
#include <sys/stat.h>
#include <sys/syscall.h>

#include "model/build.h"

/* How to tell from a call: by itself, or by its file. */
static const struct {
	int16_t call;
	uint8_t cause; /* CAUSE_UNKNOWN: by its file */
} calls[] = {
	{ SYS_nanosleep, CAUSE_SLEEP },
	{ SYS_clock_nanosleep, CAUSE_SLEEP },
	{ SYS_wait4, CAUSE_CHILD },
	{ SYS_waitid, CAUSE_CHILD },
	{ SYS_clone, CAUSE_CHILD },
	{ SYS_clone3, CAUSE_CHILD },
#ifdef SYS_vfork
	{ SYS_vfork, CAUSE_CHILD },
	{ SYS_pause, CAUSE_SIGNAL },
	{ SYS_poll, CAUSE_POLL },
	{ SYS_select, CAUSE_POLL },
	{ SYS_epoll_wait, CAUSE_POLL },
#endif
	{ SYS_ppoll, CAUSE_POLL },
	{ SYS_pselect6, CAUSE_POLL },
	{ SYS_epoll_pwait, CAUSE_POLL },
	{ SYS_epoll_pwait2, CAUSE_POLL },
	{ SYS_rt_sigsuspend, CAUSE_SIGNAL },
	{ SYS_rt_sigtimedwait, CAUSE_SIGNAL },
	{ SYS_io_uring_enter, CAUSE_URING },
	{ SYS_read, CAUSE_UNKNOWN },
	{ SYS_write, CAUSE_UNKNOWN },
	{ SYS_readv, CAUSE_UNKNOWN },
	{ SYS_writev, CAUSE_UNKNOWN },
	{ SYS_pread64, CAUSE_UNKNOWN },
	{ SYS_pwrite64, CAUSE_UNKNOWN },
	{ SYS_preadv, CAUSE_UNKNOWN },
	{ SYS_pwritev, CAUSE_UNKNOWN },
	{ SYS_preadv2, CAUSE_UNKNOWN },
	{ SYS_pwritev2, CAUSE_UNKNOWN },
	{ SYS_splice, CAUSE_UNKNOWN },
	{ SYS_tee, CAUSE_UNKNOWN },
	{ SYS_vmsplice, CAUSE_UNKNOWN },
	{ SYS_sendfile, CAUSE_UNKNOWN },
	{ SYS_copy_file_range, CAUSE_UNKNOWN },
	{ SYS_recvfrom, CAUSE_SOCKET },
	{ SYS_recvmsg, CAUSE_SOCKET },
	{ SYS_recvmmsg, CAUSE_SOCKET },
	{ SYS_sendto, CAUSE_SOCKET },
	{ SYS_sendmsg, CAUSE_SOCKET },
	{ SYS_sendmmsg, CAUSE_SOCKET },
	{ SYS_accept, CAUSE_SOCKET },
	{ SYS_accept4, CAUSE_SOCKET },
	{ SYS_connect, CAUSE_SOCKET },
	{ SYS_fsync, CAUSE_DISK },
	{ SYS_fdatasync, CAUSE_DISK },
	{ SYS_sync_file_range, CAUSE_DISK },
};

/* The end of a futex wait may be lost: what the SWITCH tells is newer. */
bool call_may_be_futex(const struct oncpu_record *r)
{
	switch (r->sched_switch.syscall) {
	case NO_CALL:
	case SYS_futex:
#ifdef SYS_futex_wait
	case SYS_futex_wait:
	case SYS_futex_waitv:
#endif
		return true;
	default:
		return false;
	}
}

static enum cause of_file(uint8_t flags)
{
	switch ((flags >> ONCPU_SWITCH_FILE_SHIFT) << 12) {
	case S_IFIFO:
		return CAUSE_PIPE;
	case S_IFSOCK:
		return CAUSE_SOCKET;
	case S_IFCHR:
		return CAUSE_DEVICE;
	case S_IFREG:
	case S_IFBLK:
	case S_IFDIR:
		return CAUSE_CALL; /* a lock of the file, perhaps: the disk shows in IOWAIT */
	default:
		return CAUSE_EVENT;
	}
}

static enum cause of_call(const struct oncpu_record *r)
{
	size_t i;

	for (i = 0; i < sizeof(calls) / sizeof(*calls); i++)
		if (calls[i].call == r->sched_switch.syscall)
			return calls[i].cause != CAUSE_UNKNOWN ? calls[i].cause : of_file(r->flags);
	return CAUSE_CALL;
}

static bool has_fd(enum cause c)
{
	return c == CAUSE_PIPE || c == CAUSE_SOCKET || c == CAUSE_DEVICE || c == CAUSE_EVENT ||
	       c == CAUSE_URING || c == CAUSE_DISK;
}

/*
 * Outside of a call a user thread sleeps for a page only, and then the kernel accounts it as I/O;
 * kernel threads sleep as they like.
 */
void call_cause(struct interval *i, const struct oncpu_record *r)
{
	bool iowait = r->flags & ONCPU_SWITCH_IOWAIT;

	i->call = r->sched_switch.syscall;
	if (i->call >= 0)
		i->cause = of_call(r);
	else if (iowait)
		i->cause = CAUSE_FAULT;
	if (iowait && i->call >= 0 && i->cause != CAUSE_URING)
		i->cause = CAUSE_DISK;
	if (has_fd(i->cause))
		i->address = r->flags >> ONCPU_SWITCH_FILE_SHIFT || i->cause == CAUSE_EVENT ||
					     i->cause == CAUSE_URING
				     ? r->sched_switch.fd
				     : NO_FD;
}
