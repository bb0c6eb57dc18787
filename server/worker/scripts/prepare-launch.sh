#!/bin/sh
# prepare-launch.sh ROOT ID: makes the work directory with its mark and prints a port for the attempt. free-port.sh comes first.
LC_ALL=C
export LC_ALL

umask 077
mkdir -p "$1/attempts" "$1/staging" && : >>"$1/.trainyard" && free_port "$@"
