#!/bin/sh
# check-files.sh OUTPUT ATTEMPT PATTERN…: whether something that matches each pattern below OUTPUT is there, not empty and
# not older than the attempt's start. One line per pattern, in order: saved | old | missing.
# "id" is written just before the training starts, by the same clock.
check_pattern() {
  found=missing
  # The pattern is a glob, but a space in it separates nothing.
  IFS=
  # shellcheck disable=SC2086 # globbing is wanted
  for file in "$output"/$1; do
    [ -s "$file" ] || continue
    if [ -z "$(find "$started" -newer "$file" 2>/dev/null)" ]; then
      found=saved
      break
    fi
    found=old
  done
  echo $found
}

check_files() {
  output=$1 started=$2/id
  shift 2
  for pattern; do check_pattern "$pattern"; done
}

check_files "$@"
