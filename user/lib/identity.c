// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "lib/identity.h"

#define DEFAULT_USER_TASKS 512		/* a fork bomb of the lab's default user ends here, */
#define DEFAULT_USER_FILE  (256u << 20) /* and a file that grows for ever: the guest's are memory */

/* Reads the file itself: getpwnam() would want the shared C library in a static program. */
static bool find_user(const char *name, struct identity *id)
{
	FILE *f = fopen("/etc/passwd", "re");
	struct passwd *pw;
	bool found = false;

	while (f && !found && (pw = fgetpwent(f))) {
		if (strcmp(pw->pw_name, name) != 0)
			continue;
		found = true;
		id->uid = pw->pw_uid;
		id->gid = pw->pw_gid;
		snprintf(id->name, sizeof(id->name), "%s", pw->pw_name);
		snprintf(id->home, sizeof(id->home), "%s", pw->pw_dir);
	}
	if (f)
		fclose(f);
	return found;
}

int identity_choose(struct identity *id, const char *user, char *why, size_t why_size)
{
	*id = (struct identity){};
	if (!user) {
		id->change = id->fenced = geteuid() == 0 && find_user(IDENTITY_DEFAULT_USER, id);
		return 0;
	}
	if (!find_user(user, id)) {
		snprintf(why, why_size,
			 "there is no user '%s' in /etc/passwd: choose another --user", user);
		return -ENOENT;
	}
	id->change = id->uid != geteuid();
	if (id->change && geteuid() != 0) {
		snprintf(why, why_size, "only root can run the command as '%s': drop --user", user);
		return -EPERM;
	}
	return 0;
}

int identity_become(const struct identity *id)
{
	const struct rlimit tasks = { DEFAULT_USER_TASKS, DEFAULT_USER_TASKS };
	const struct rlimit file = { DEFAULT_USER_FILE, DEFAULT_USER_FILE };

	if (!id->change)
		return 0;
	if (id->fenced && (setrlimit(RLIMIT_NPROC, &tasks) || setrlimit(RLIMIT_FSIZE, &file)))
		return -errno;
	if (setgroups(1, &id->gid) || setgid(id->gid) || setuid(id->uid) ||
	    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return -errno;
	setenv("USER", id->name, 1);
	setenv("LOGNAME", id->name, 1);
	setenv("HOME", id->home, 1);
	return 0;
}
