#!/bin/sh
# prepare-launch.sh ROOT ID: makes the work directory with its mark and prints a port for the attempt: one that nobody listens on
# and no unfinished attempt was given (its file "port"). The search starts at a place of the attempt's own, below the ports that
# the kernel gives to clients.
LC_ALL=C
export LC_ALL

free_port() {
  {
    for directory in "$1"/attempts/*/; do
      [ -f "${directory}port" ] && [ ! -e "${directory}exit" ] && sed 's/^/taken /' "${directory}port"
    done
    cat /proc/net/tcp /proc/net/tcp6 2>/dev/null
  } | awk -v seed="$(printf %s "$2" | cksum)" '
    function decimal(hex,   i, n) {
      for (i = 1; i <= length(hex); i++) n = n * 16 + index("0123456789ABCDEF", substr(hex, i, 1)) - 1
      return n
    }
    $1 == "taken" { taken[$2 + 0] = 1; next }
    $2 ~ /:[0-9A-F]+$/ { sub(/^.*:/, "", $2); taken[decimal($2)] = 1 }
    END {
      for (i = 0; i < 9000; i++) {
        port = 20000 + (seed + i) % 9000
        if (!(port in taken)) { print port; exit }
      }
    }'
}

umask 077
mkdir -p "$1/attempts" "$1/staging" && : >>"$1/.trainyard" && free_port "$@"
