#!/bin/sh
# launch.sh ROOT ID STAGING SUPERVISOR: makes ROOT/attempts/ID out of ROOT/staging/STAGING and starts it, at most once ever.
# Says one of: launched PORT | exists | unstaged | failed WHY
# Everything is in functions and the call is the last line, so that half a script, cut off with its link, does nothing.
LC_ALL=C
export LC_ALL

# A TCP port that nobody listens on and no unfinished attempt was given. The search starts at a place of the attempt's own,
# below the ports that the kernel gives to clients.
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

fail() {
  # The claim stays. An attempt that could not start gets its end at once, in words that the log shows too.
  echo "Trainyard could not start this attempt: $1" >>"$attempt/training.log"
  sh "$attempt/job.sh" fence "$attempt" never-launched >/dev/null 2>&1
  echo "failed $1"
}

launch() {
  root=$1 id=$2 staging=$1/staging/$3 attempt=$1/attempts/$2
  user_umask=$(umask)
  umask 077
  if [ ! -f "$staging/cmd" ]; then
    if [ -d "$attempt" ]; then echo exists; else echo unstaged; fi
    return
  fi
  mkdir -p "$root/attempts" && : >>"$root/.trainyard"
  if ! mkdir "$attempt" 2>/dev/null; then
    if [ -d "$attempt" ]; then echo exists; else echo "failed cannot write to $root/attempts"; fi
    rm -rf "$staging"
    return
  fi
  if ! printf '%s\n' "$4" >"$attempt/job.sh" || ! mv "$staging"/* "$attempt"/; then
    fail "its files could not be moved into place (is the disk full?)"
    return
  fi
  rmdir "$staging"
  command -v setsid >/dev/null || {
    fail "the program setsid is missing (package util-linux)"
    return
  }
  port=$(free_port "$root" "$id")
  echo "$port" >"$attempt/port"
  umask "$user_umask"
  setsid sh "$attempt/job.sh" run "$attempt" </dev/null >>"$attempt/supervisor.log" 2>&1 &
  echo "launched $port"
  # What an interrupted launch left: it may hold secrets.
  find "$root/staging" -mindepth 1 -maxdepth 1 -mtime +1 -exec rm -rf {} + 2>/dev/null
}

launch "$@"
