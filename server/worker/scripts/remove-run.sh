#!/bin/sh
# remove-run.sh ROOT RUN DATA OUTPUTS ATTEMPT…: removes what a deleted run left in the work directory ROOT: the directories of
# its attempts, its data cache (DATA=1), its checkpoints and event files (OUTPUTS=1). Asked again it does the rest.
# Exit status 3: the work directory's mark is missing, so its disk is not mounted; 4: an attempt has not ended.
LC_ALL=C
export LC_ALL

# Names come from the database; one that could lead elsewhere removes nothing.
is_id() {
  case $1 in
  '' | *[!0-9a-f-]*) return 1 ;;
  esac
}

remove_run() {
  root=$1 run=$2 data=$3 outputs=$4
  shift 4
  for id in "$run" "$@"; do is_id "$id" || return 2; done
  [ -e "$root/.trainyard" ] || return 3
  for id; do
    directory=$root/attempts/$id
    [ ! -d "$directory" ] || [ -e "$directory/exit" ] || return 4
  done
  # "exit" goes last: a removal that was cut off finds an ended attempt again.
  for id; do
    directory=$root/attempts/$id
    find "$directory" -mindepth 1 -maxdepth 1 ! -name exit -exec rm -rf {} + 2>/dev/null
    rm -rf "$directory" || return 1
  done
  if [ "$data" = 1 ]; then rm -rf "$root/data/$run" || return 1; fi
  if [ "$outputs" = 1 ]; then rm -rf "$root/runs/$run" || return 1; fi
}

remove_run "$@"
