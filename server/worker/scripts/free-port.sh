# shellcheck shell=sh
# Sent before programs that choose a port. free_port ROOT SEED prints one that nobody listens on and no unfinished attempt
# below ROOT was given (its file "port"). The search starts at a place that SEED says, below the ports that the kernel gives
# to clients.
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
