/*
 * The yardstick: what reading a capture costs without analyzing it.
 *
 *   base next FILE      counts frames with pcap_next_ex, as every libpcap program at least does
 *   base inflate FILE   inflates a gzip file with zlib and throws the octets away
 */
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

static int count_frames(const char *path) {
  char message[PCAP_ERRBUF_SIZE];
  pcap_t *capture = pcap_open_offline(path, message);
  if (!capture) {
    fprintf(stderr, "base: %s\n", message);
    return 2;
  }
  unsigned long long frames = 0, octets = 0;
  struct pcap_pkthdr *header;
  const u_char *data;
  int result;
  while ((result = pcap_next_ex(capture, &header, &data)) == 1) {
    frames++;
    octets += header->caplen;
  }
  if (result == PCAP_ERROR) fprintf(stderr, "base: %s\n", pcap_geterr(capture));
  pcap_close(capture);
  printf("%llu %llu\n", frames, octets);
  return result == PCAP_ERROR ? 2 : 0;
}

static int inflate_file(const char *path) {
  static char block[1 << 20];
  gzFile file = gzopen(path, "rb");
  if (!file) {
    fprintf(stderr, "base: %s cannot be opened\n", path);
    return 2;
  }
  gzbuffer(file, 1 << 18);
  unsigned long long octets = 0;
  int count;
  while ((count = gzread(file, block, sizeof block)) > 0) octets += (unsigned long long)count;
  gzclose(file);
  printf("%llu\n", octets);
  return count < 0 ? 2 : 0;
}

int main(int argc, char **argv) {
  if (argc == 3 && !strcmp(argv[1], "next")) return count_frames(argv[2]);
  if (argc == 3 && !strcmp(argv[1], "inflate")) return inflate_file(argv[2]);
  fputs("usage: base next|inflate FILE\n", stderr);
  return 2;
}
