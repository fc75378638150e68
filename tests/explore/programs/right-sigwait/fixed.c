// SPDX-License-Identifier: GPL-2.0
// finds: nothing
// A thread waits for signals by sigwait, as the manual advises.
#include <assert.h>
#include <pthread.h>
#include <signal.h>

static sigset_t set;
static int reloads;

static void *signals(void *arg)
{
	int sig;

	(void)arg;
	while (!sigwait(&set, &sig)) {
		if (sig == SIGTERM)
			break;
		reloads++;
	}
	return NULL;
}

int main(void)
{
	pthread_t t;

	sigemptyset(&set);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGTERM);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	pthread_create(&t, NULL, signals, NULL);
	pthread_kill(t, SIGHUP);
	pthread_kill(t, SIGTERM);
	pthread_join(t, NULL);
	assert(reloads <= 1);
	return 0;
}
