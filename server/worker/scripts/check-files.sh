#!/bin/sh
# check-files.sh OUTPUT ATTEMPT FILE…: which of the files below OUTPUT are there, not empty and not older than the attempt's start.
# One line per file, in order: saved | old | missing. "id" is written just before the training starts, by the same clock.
check_files() {
  output=$1 started=$2/id
  shift 2
  for name; do
    file=$output/$name
    if [ ! -s "$file" ]; then
      echo missing
    elif [ -n "$(find "$started" -newer "$file" 2>/dev/null)" ]; then
      echo old
    else
      echo saved
    fi
  done
}

check_files "$@"
