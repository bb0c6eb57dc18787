#!/bin/sh
# prune-attempts.sh [ID DIRECTORY SIZE]…: removes the directories of attempts that ended, whose log has SIZE bytes and nothing
# else in it but what Trainyard put there. Says for each: "ID pruned", "ID absent" or "ID kept: why".
LC_ALL=C
export LC_ALL

# Besides the log and "exit", which go last.
OURS='cmd env port output job.sh id child before supervisor.log hb hb.t cancel'

# Names come from the database; one that could lead elsewhere removes nothing.
judge() {
  id=$1 directory=$2 size=$3
  case $id in '' | *[!0-9a-f-]*) why='no name of an attempt' && return ;; esac
  case $directory in /*/attempts/"$id") ;; *) why='no directory of an attempt' && return ;; esac
  [ -e "${directory%/attempts/*}/.trainyard" ] || { why='its disk is not mounted' && return; }
  [ -e "$directory" ] || { why=absent && return; }
  { [ -d "$directory" ] && [ ! -L "$directory" ]; } || { why='no directory' && return; }
  [ -f "$directory/exit" ] || { why='it shows no end' && return; }
  for entry in "$directory"/* "$directory"/.[!.]* "$directory"/..?*; do
    [ -e "$entry" ] || [ -L "$entry" ] || continue
    name=${entry##*/}
    case " $OURS training.log exit " in *" $name "*) ;; *) why="it holds $name, which is not Trainyard's" && return ;; esac
    { [ -f "$entry" ] && [ ! -L "$entry" ]; } || { why="$name is no file" && return; }
  done
  # What a removal that was cut off has left: every attempt has a command.
  if [ ! -e "$directory/cmd" ] && [ ! -e "$directory/training.log" ]; then why= && return; fi
  found=$(wc -c <"$directory/training.log" 2>/dev/null | tr -d ' ')
  [ "$found" = "$size" ] || { why="its log has ${found:-no} bytes and the database $size" && return; }
  why=
}

# "exit" goes last: a removal that was cut off finds an ended attempt again.
prune() {
  for name in $OURS; do rm -f "$1/$name" || return 1; done
  rm -f "$1/training.log" "$1/exit" && rmdir "$1"
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
