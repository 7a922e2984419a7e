#ifndef MEASURE_H
#define MEASURE_H
#include <stdint.h>

/* What one run of a program cost. */
struct measured {
  int64_t cpu_ns;   /* user and system time of the program and the children it waited for */
  int64_t wall_ns;
  int64_t peak_octets; /* largest resident set */
  int status;       /* exit code, 128 + signal number, or -1: could not be started */
};

/* Runs argv[0], found in PATH, and waits for it; NULL for `output` or `errors` is /dev/null. */
struct measured measure_run(char *const argv[], const char *output, const char *errors);
#endif
