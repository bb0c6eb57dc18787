#!/bin/sh
# check-files.sh OUTPUT ATTEMPT PATTERN…: whether something that matches each pattern below OUTPUT is there, not empty and
# not from before the attempt's start. One line per pattern, in order: saved | old | missing.
# "before" lists what was there just before the training started. Attempts of earlier versions have none: there the
# time of "id", which was written at that moment, has to do, although the clock may have been set back since.
is_from_before() {
  if [ -f "$before" ]; then
    grep -qxF -e "$(stat -c '%d:%i %s %Y' "$1" 2>/dev/null)" "$before"
  else
    [ -n "$(find "$started" -newer "$1" 2>/dev/null)" ]
  fi
}

check_pattern() {
  found=missing
  # The pattern is a glob, but a space in it separates nothing.
  IFS=
  # shellcheck disable=SC2086 # globbing is wanted
  for file in "$output"/$1; do
    [ -s "$file" ] || continue
    if ! is_from_before "$file"; then
      found=saved
      break
    fi
    found=old
  done
  echo $found
}

check_files() {
  output=$1 started=$2/id before=$2/before
  shift 2
  for pattern; do check_pattern "$pattern"; done
}

check_files "$@"
