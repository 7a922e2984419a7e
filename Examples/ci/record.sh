#!/bin/sh
# Records a test run on the loopback interface and judges the recording.
# usage: record.sh OUT.pcap COMMAND...
set -eu
out=$1
shift
exec flowlint record -i lo -f tcp -o "$out" -- "$@"
