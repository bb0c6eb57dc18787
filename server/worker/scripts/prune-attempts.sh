#!/bin/sh
# prune-attempts.sh [ID DIRECTORY "SHA256 …"]…: removes the directories of attempts that ended, where the log and each that was
# moved aside has one of the hashes, and which hold nothing else but what Trainyard put there.
# Says for each: "ID pruned", "ID absent" or "ID kept: why".
LC_ALL=C
export LC_ALL

# Besides the logs and "exit", which go last.
OURS='cmd env port output job.sh id child before supervisor.log hb hb.t cancel'

is_log() { case $1 in training.log | training.log.* | training.log-*) ;; *) return 1 ;; esac }

# Sets why unless file $1 is one of those that are stored.
judge_log() {
  hash=$(sha256sum <"$1" 2>/dev/null) && hash=${hash%% *}
  case " $hashes " in *" ${hash:-none} "*) ;; *) why="the database does not have its ${1##*/}" ;; esac
}

# Names come from the database; one that could lead elsewhere removes nothing.
judge() {
  id=$1 directory=$2 hashes=$3
  case $id in '' | *[!0-9a-f-]*) why='no name of an attempt' && return ;; esac
  case $directory in /*/attempts/"$id") ;; *) why='no directory of an attempt' && return ;; esac
  [ -e "${directory%/attempts/*}/.trainyard" ] || { why='its disk is not mounted' && return; }
  [ -e "$directory" ] || { why=absent && return; }
  { [ -d "$directory" ] && [ ! -L "$directory" ]; } || { why='no directory' && return; }
  [ -f "$directory/exit" ] || { why='it shows no end' && return; }
  for entry in "$directory"/* "$directory"/.[!.]* "$directory"/..?*; do
    [ -e "$entry" ] || [ -L "$entry" ] || continue
    name=${entry##*/}
    case " $OURS exit " in *" $name "*) ;; *) is_log "$name" || { why="it holds $name, which is not Trainyard's" && return; } ;; esac
    { [ -f "$entry" ] && [ ! -L "$entry" ]; } || { why="$name is no file" && return; }
  done
  # What a removal that was cut off has left, which takes the logs last: every attempt has a command.
  if [ -e "$directory/cmd" ] && [ ! -e "$directory/training.log" ]; then why='its log is missing' && return; fi
  why=
  for entry in "$directory"/training.log*; do
    [ ! -e "$entry" ] || [ -n "$why" ] || judge_log "$entry"
  done
}

# "exit" goes last: a removal that was cut off finds an ended attempt again.
prune() {
  for name in $OURS; do rm -f "$1/$name" || return 1; done
  rm -f "$1"/training.log* "$1/exit" && rmdir "$1"
}

while [ "$#" -ge 3 ]; do
  judge "$1" "$2" "$3"
  case $why in
  '') if prune "$2"; then printf '%s pruned\n' "$1"; else printf '%s kept: it could not be removed\n' "$1"; fi ;;
  absent) printf '%s absent\n' "$1" ;;
  *) printf '%s kept: %s\n' "$1" "$why" ;;
  esac
  shift 3
done
