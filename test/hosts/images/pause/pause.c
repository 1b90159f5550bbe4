/* pause holds a pod's namespaces: it waits to be ended, and buries orphans. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void end(int signal)
{
	(void)signal;
	_exit(0);
}

static void bury(int signal)
{
	(void)signal;
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
}

int main(int count, char **words)
{
	/* kubeadm's check before an upgrade runs it so. */
	if (count > 1 && strcmp(words[1], "-v") == 0) {
		puts("pause.c " VERSION);
		return 0;
	}
	signal(SIGINT, end);
	signal(SIGTERM, end);
	signal(SIGCHLD, bury);
	for (;;)
		pause();
}
