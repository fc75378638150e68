// SPDX-License-Identifier: GPL-2.0
// finds: refused
// A program of two processes is for the storm mode: refused, and it says why.
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

static void *nothing(void *arg)
{
	return arg;
}

int main(void)
{
	pthread_t t;
	int status;

	pthread_create(&t, NULL, nothing, NULL);
	pthread_join(t, NULL);
	pid_t child = fork();
	if (child == 0)
		_exit(0);
	return waitpid(child, &status, 0) != child;
}
