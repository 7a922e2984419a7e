#include "measure.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

extern char **environ;

static int64_t nanoseconds(struct timeval time) { return time.tv_sec * 1000000000LL + time.tv_usec * 1000LL; }

static int64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000000000LL + time.tv_nsec;
}

struct measured measure_run(char *const argv[], const char *output, const char *errors) {
  struct measured result = {0, 0, 0, -1};
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  int flags = O_WRONLY | O_CREAT | O_TRUNC;
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 1, output ? output : "/dev/null", flags, 0644);
  posix_spawn_file_actions_addopen(&actions, 2, errors ? errors : "/dev/null", flags, 0644);
  int64_t start = now();
  pid_t child;
  int failure = posix_spawnp(&child, argv[0], &actions, 0, argv, environ);
  posix_spawn_file_actions_destroy(&actions);
  if (failure) return result;
  int status;
  struct rusage usage;
  while (wait4(child, &status, 0, &usage) < 0)
    if (errno != EINTR) return result;
  result.wall_ns = now() - start;
  result.cpu_ns = nanoseconds(usage.ru_utime) + nanoseconds(usage.ru_stime);
#ifdef __APPLE__
  result.peak_octets = usage.ru_maxrss;
#else
  result.peak_octets = usage.ru_maxrss * 1024LL;
#endif
  result.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return result;
}
