#pragma once
#include <pcap/pcap.h>
#include <stdio.h>
#include <sys/types.h>

// Reads up to `size` octets into `buffer`; 0 at the end, -1 on an error (as read(2)).
typedef ssize_t (*flowlint_read_fn)(void *cookie, char *buffer, size_t size);

#if defined(__APPLE__) || defined(__FreeBSD__) || defined(__NetBSD__) || defined(__OpenBSD__)
// funopen(3) wants an int-sized read function; the adapter keeps the one signature above.
struct flowlint_stream { void *cookie; flowlint_read_fn read; };
static inline int flowlint_stream_read(void *stream, char *buffer, int size) {
  struct flowlint_stream *s = (struct flowlint_stream *)stream;
  return (int)s->read(s->cookie, buffer, (size_t)size);
}
#else
// fopencookie(3) under a name of our own: defining _GNU_SOURCE here, as its declaration asks for, would make
// this module's idea of the system's types differ from that of the C library's module.
struct flowlint_stream_functions {
  flowlint_read_fn read;
  ssize_t (*write)(void *, const char *, size_t);
  int (*seek)(void *, off_t *, int);
  int (*close)(void *);
};
extern FILE *flowlint_fopencookie(void *, const char *, struct flowlint_stream_functions)
    __asm__("fopencookie");
#endif

// Opens what `read` delivers as a savefile with nanosecond time stamps. `buffer` becomes the stream's
// buffer and must outlive the handle. NULL with a message in `errbuf` when libpcap refuses the header.
static inline pcap_t *flowlint_pcap_open_stream(
    void *cookie, flowlint_read_fn read, char *buffer, size_t size, char *errbuf) {
#if defined(__APPLE__) || defined(__FreeBSD__) || defined(__NetBSD__) || defined(__OpenBSD__)
  // The adapter lives at the front of the buffer, so that it lives as long as the stream.
  struct flowlint_stream *stream = (struct flowlint_stream *)buffer;
  stream->cookie = cookie;
  stream->read = read;
  FILE *file = funopen(stream, flowlint_stream_read, NULL, NULL, NULL);
  buffer += sizeof *stream;
  size -= sizeof *stream;
#else
  struct flowlint_stream_functions functions = {read, NULL, NULL, NULL};
  FILE *file = flowlint_fopencookie(cookie, "r", functions);
#endif
  if (file == NULL) {
    snprintf(errbuf, PCAP_ERRBUF_SIZE, "out of memory");
    return NULL;
  }
  setvbuf(file, buffer, _IOFBF, size);
  pcap_t *handle =
      pcap_fopen_offline_with_tstamp_precision(file, PCAP_TSTAMP_PRECISION_NANO, errbuf);
  if (handle == NULL) fclose(file);
  return handle;
}
