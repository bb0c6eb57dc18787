#!/bin/sh
# place-data.sh OVERLAY APPLICATION [FOLDER]: makes the directory from which an attempt's program reads its own rows: a link to the
# application's dschat, and data/. With FOLDER the rows are links to its train.json and eval.json; otherwise they are uploaded into
# data/ before. Asked again it does the rest.
# Exit status 3: the application has no dschat; 4: FOLDER lacks a file.
LC_ALL=C
export LC_ALL

place_data() {
  overlay=$1 application=$2 folder=$3
  [ -d "$application/dschat" ] || return 3
  mkdir -p "$overlay/data" || return 1
  # A link at the place of a link: without -n it would go into the directory that the old one names.
  ln -sfn "$application/dschat" "$overlay/dschat" || return 1
  [ -n "$folder" ] || return 0
  for file in train.json eval.json; do
    if ! { [ -f "$folder/$file" ] && [ -r "$folder/$file" ]; }; then
      echo "$file"
      return 4
    fi
    ln -sf "$folder/$file" "$overlay/data/$file" || return 1
  done
}

umask 077
place_data "$@"
