#!/bin/sh
# launch.sh ROOT ID STAGING SUPERVISOR: makes ROOT/attempts/ID out of ROOT/staging/STAGING and starts it, at most once ever.
# Says one of: launched | exists | unstaged | failed WHY
# Everything is in functions and the call is the last line, so that half a script, cut off with its link, does nothing.
LC_ALL=C
export LC_ALL

fail() {
  # The claim stays. An attempt that could not start gets its end at once, in words that the log shows too.
  echo "Trainyard could not start this attempt: $1" >>"$attempt/training.log"
  sh "$attempt/job.sh" fence "$attempt" never-launched >/dev/null 2>&1
  echo "failed $1"
}

launch() {
  root=$1 staging=$1/staging/$3 attempt=$1/attempts/$2
  user_umask=$(umask)
  umask 077
  if [ ! -f "$staging/cmd" ]; then
    if [ -d "$attempt" ]; then echo exists; else echo unstaged; fi
    return
  fi
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
  umask "$user_umask"
  setsid sh "$attempt/job.sh" run "$attempt" </dev/null >>"$attempt/supervisor.log" 2>&1 &
  echo launched
  # What an interrupted launch left: it may hold secrets.
  find "$root/staging" -mindepth 1 -maxdepth 1 -mtime +1 -exec rm -rf {} + 2>/dev/null
}

launch "$@"
