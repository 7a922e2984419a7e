// Calls that Swift cannot make itself: fork(2), and what C declares with a variable number of arguments.
#pragma once
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/types.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/syscall.h>
#endif

// Who a program is to run as. NULL strings leave the environment as it is.
struct flowlint_user {
  uid_t user;
  gid_t group;
  const char *name, *home, *shell;
};

// Starts a program found in PATH, with every signal open and as it is by default; as `user` unless NULL.
// Returns its process id, or errno made negative. For a process of one thread: the child changes its environment.
static inline pid_t flowlint_spawn(char *const arguments[], const struct flowlint_user *user) {
  int report[2];
  if (pipe(report) != 0) return -errno;
  for (int i = 0; i < 2; i++) fcntl(report[i], F_SETFD, FD_CLOEXEC);
  pid_t child = fork();
  if (child == 0) {
    int failed = 0;
    if (user) {
      // Without root's groups: those of the user where the system knows it, else its own alone.
      if (user->name ? initgroups(user->name, user->group) : setgroups(1, &user->group)) failed = errno;
      if (!failed && (setgid(user->group) != 0 || setuid(user->user) != 0)) failed = errno;
      if (!failed && user->user != 0 && setuid(0) == 0) failed = EPERM;
      if (user->name) setenv("USER", user->name, 1), setenv("LOGNAME", user->name, 1);
      if (user->home) setenv("HOME", user->home, 1);
      if (user->shell) setenv("SHELL", user->shell, 1);
    }
    // What we ignore or block, the program decides on for itself.
    int handled[] = {SIGPIPE, SIGINT, SIGTERM, SIGQUIT, SIGHUP};
    for (unsigned i = 0; i < sizeof handled / sizeof *handled; i++) signal(handled[i], SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    if (!failed) {
      execvp(arguments[0], arguments);
      failed = errno;
    }
    (void)!write(report[1], &failed, sizeof failed);
    _exit(127);
  }
  int failed = child < 0 ? errno : 0;
  close(report[1]);
  if (child >= 0) {
    int code;
    ssize_t count;
    do count = read(report[0], &code, sizeof code);
    while (count < 0 && errno == EINTR);
    if (count == (ssize_t)sizeof code) failed = code;
  }
  close(report[0]);
  return failed ? -failed : child;
}

// Marks every descriptor from 3 on that `flags` does not know to be closed when a program is started: those a
// program was given by its own starter stay its child's, those opened since do not.
// A first call, with `marks` 0, notes in `flags` which are open. Limits: descriptors below 1,024.
static inline void flowlint_own_descriptors(unsigned char flags[1024], int marks) {
  for (int i = 3; i < 1024; i++) {
    int state = fcntl(i, F_GETFD);
    if (!marks) flags[i] = state >= 0;
    else if (state >= 0 && !flags[i]) fcntl(i, F_SETFD, state | FD_CLOEXEC);
  }
}

#ifdef __linux__
#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

long syscall(long number, ...);

// 0, or errno.
static inline int flowlint_no_new_privileges(void) {
  return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 ? 0 : errno;
}

// Removes one capability from the set that an exec could regain. 0, or errno; EINVAL beyond the last one.
static inline int flowlint_drop_bounding(int capability) {
  return prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) == 0 ? 0 : errno;
}

// Lets capabilities survive a change of user until `flowlint_clear_capabilities`. 0, or errno.
static inline int flowlint_clear_capabilities(void) {
  struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  struct __user_cap_data_struct none[2] = {{0, 0, 0}, {0, 0, 0}};
  (void)prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
  return syscall(SYS_capset, &header, none) == 0 ? 0 : errno;
}

// Installs a filter program over every thread of the process. 0, or errno.
static inline int flowlint_set_filter(const struct sock_filter *program, unsigned short length) {
  struct sock_fprog prog = {length, (struct sock_filter *)program};
  if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &prog) == 0) return 0;
  return errno;
}

// The architecture whose system call numbers this program was built with.
#if defined(__x86_64__)
#define FLOWLINT_ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define FLOWLINT_ARCHITECTURE AUDIT_ARCH_AARCH64
#else
#define FLOWLINT_ARCHITECTURE 0
#endif
static inline unsigned flowlint_architecture(void) { return FLOWLINT_ARCHITECTURE; }

// Calls a capturing, analysing, writing and displaying process makes; -1 ends the list.
// open(2) and its like are there for the files of a ring and a flight recorder, wait4(2) for `record`'s command; execve, ptrace, socket,
// connect, mount, bpf and the setuid family are not.
static const int flowlint_allowed_calls[] = {
#define ALLOW(name) SYS_##name,
    ALLOW(read) ALLOW(write) ALLOW(readv) ALLOW(writev) ALLOW(pread64) ALLOW(pwrite64) ALLOW(close)
    ALLOW(fstat) ALLOW(newfstatat) ALLOW(statx) ALLOW(lseek) ALLOW(mmap) ALLOW(munmap) ALLOW(mprotect)
    ALLOW(mremap) ALLOW(madvise) ALLOW(brk) ALLOW(rt_sigaction) ALLOW(rt_sigprocmask) ALLOW(rt_sigreturn)
    ALLOW(rt_sigtimedwait) ALLOW(sigaltstack) ALLOW(ioctl) ALLOW(ppoll) ALLOW(pselect6) ALLOW(epoll_create1)
    ALLOW(epoll_ctl) ALLOW(epoll_pwait) ALLOW(eventfd2) ALLOW(pipe2) ALLOW(dup) ALLOW(dup3) ALLOW(fcntl)
    ALLOW(openat) ALLOW(unlinkat) ALLOW(ftruncate) ALLOW(fsync) ALLOW(fdatasync) ALLOW(getdents64)
    ALLOW(futex) ALLOW(set_robust_list) ALLOW(rseq) ALLOW(membarrier) ALLOW(exit) ALLOW(exit_group)
    ALLOW(nanosleep) ALLOW(clock_nanosleep) ALLOW(clock_gettime) ALLOW(gettimeofday) ALLOW(restart_syscall)
    ALLOW(getpid) ALLOW(gettid) ALLOW(getppid) ALLOW(getuid) ALLOW(geteuid) ALLOW(getgid) ALLOW(getegid)
    ALLOW(getpgid) ALLOW(tgkill) ALLOW(kill) ALLOW(wait4) ALLOW(getrandom) ALLOW(sched_yield)
    ALLOW(sched_getaffinity)
    ALLOW(sched_getparam) ALLOW(sched_getscheduler) ALLOW(prlimit64) ALLOW(getrusage) ALLOW(uname)
    ALLOW(sysinfo) ALLOW(getcwd) ALLOW(readlinkat) ALLOW(faccessat) ALLOW(getsockopt) ALLOW(setsockopt)
    ALLOW(getsockname) ALLOW(recvfrom) ALLOW(recvmsg) ALLOW(sendto) ALLOW(sendmsg) ALLOW(accept4)
    ALLOW(accept) ALLOW(shutdown) ALLOW(timerfd_create) ALLOW(timerfd_settime)
#if defined(__x86_64__)
    ALLOW(poll) ALLOW(select) ALLOW(epoll_wait) ALLOW(open) ALLOW(stat) ALLOW(lstat) ALLOW(unlink)
    ALLOW(readlink) ALLOW(access) ALLOW(dup2) ALLOW(pipe) ALLOW(arch_prctl) ALLOW(time) ALLOW(getpgrp)
#endif
#undef ALLOW
    -1};

static const int flowlint_call_clone = SYS_clone;
static const int flowlint_call_clone3 = SYS_clone3;
// Threads only: a clone(2) without CLONE_THREAD would be another process.
static const unsigned flowlint_clone_thread = 0x00010000;
#endif

// The processors this process may run on; at least 1.
static inline int flowlint_processors(void) {
  long count = 0;
#ifdef __linux__
  unsigned long mask[128];
  long octets = syscall(SYS_sched_getaffinity, 0, sizeof mask, mask);
  for (long i = 0; i < octets / (long)sizeof *mask; i++) count += __builtin_popcountl(mask[i]);
#endif
  if (count < 1) count = sysconf(_SC_NPROCESSORS_ONLN);
  return count < 1 ? 1 : (int)count;
}
