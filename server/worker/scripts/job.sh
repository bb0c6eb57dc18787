#!/bin/sh
# The supervisor of one attempt, and everything that reads or changes an attempt directory.
#   job.sh run DIR                       starts DIR/cmd, waits for it, writes DIR/exit
#   job.sh probe ROOT COUNT ID… DIRECTORY…   one pass over COUNT attempts; event files below the directories
#   job.sh cancel DIR WHO GRACE          asks the supervisor to stop the attempt
#   job.sh kill DIR SIGNAL               signals the members of an attempt whose supervisor is dead
#   job.sh fence DIR WHY                 ends an attempt that has no live process any more
# POSIX sh for dash, bash and busybox; format of the files: server/worker/attempts/README.md.
LC_ALL=C
export LC_ALL
user_umask=$(umask)
umask 077

# First line of a file into $line, without a fork.
first_line() {
  line=
  { read -r line <"$1"; } 2>/dev/null || [ -n "$line" ]
}

# Sets p_state p_group p_session p_start of process $1. The name in /proc/PID/stat may hold spaces and ")".
read_stat() {
  first_line "/proc/$1/stat" || return 1
  # shellcheck disable=SC2086 # numbers, split on purpose
  set -- ${line##*) }
  p_state=$1 p_group=$3 p_session=$4 p_start=${20}
}

# Is process $1 the one that began at clock tick $2, and not a zombie?
is_same() {
  [ -n "$1" ] && read_stat "$1" && [ "$p_start" = "$2" ] && [ "$p_state" != Z ] && [ "$p_state" != X ]
}

boot_id() { first_line /proc/sys/kernel/random/boot_id && echo "$line"; }
pid_namespace() { readlink /proc/self/ns/pid; }
# A restarted container can get the boot id and the namespace number of the one before; its first process is younger.
init_start() { read_stat 1 && echo "$p_start"; }
uptime_seconds() { first_line /proc/uptime && echo "${line%% *}"; }

# members SESSION LEADER_START MARKER: pids of live processes of the session, or with the marker in their environment.
# A session whose leader began at another time is somebody else's: the number was used again.
members() {
  {
    grep -lzsxF -e "$3" /proc/[0-9]*/environ 2>/dev/null | sed 's|/proc/\([0-9]*\)/.*|M \1|'
    cat /proc/[0-9]*/stat 2>/dev/null
  } | awk -v session="$1" -v start="$2" '
    $1 == "M" { marked[$2] = 1; next }
    {
      pid = $1
      sub(/^.*\) /, "")
      if (pid == session && $20 != start) foreign = 1
      if ($1 == "Z" || $1 == "X") next
      if (pid in marked) print pid
      else if (session != "" && $4 == session) { n++; inSession[n] = pid }
    }
    END { if (!foreign) for (i = 1; i <= n; i++) print inSession[i] }'
}

# dash refuses "kill -KILL -- -PGID" without a word; "kill -KILL -PGID" works everywhere.
signal() {
  name=$1
  shift
  for pid; do kill "-$name" "$pid" 2>/dev/null; done
}

# Standard input becomes file $1 unless it is there already: the first writer wins. 0 won, 1 lost, 2 could not write.
put_once() {
  temporary=$1.t.$$
  cat >"$temporary" 2>/dev/null || {
    rm -f "$temporary"
    return 2
  }
  sync "$temporary" 2>/dev/null || sync
  if ln "$temporary" "$1" 2>/dev/null; then put=0; elif [ -e "$1" ]; then put=1; else put=2; fi
  rm -f "$temporary"
  return $put
}

# Kills by the kernel's out-of-memory killer in our control group so far (cgroup v2, then v1).
oom_kills() {
  path=$(sed -n 's/^0:://p' /proc/self/cgroup 2>/dev/null)
  path1=$(sed -n 's/^[0-9]*:[^:]*memory[^:]*://p' /proc/self/cgroup 2>/dev/null)
  for file in "/sys/fs/cgroup$path/memory.events" /sys/fs/cgroup/memory.events \
    "/sys/fs/cgroup/memory$path1/memory.oom_control" /sys/fs/cgroup/memory/memory.oom_control; do
    count=$(sed -n 's/^oom_kill //p' "$file" 2>/dev/null)
    [ -n "$count" ] && break
  done
  echo "${count:-0}"
}

# Value of key $1 in $line ("k=v k=v …").
value_of() {
  case " $line " in
  *" $1="*)
    value=" $line "
    value=${value#*" $1="}
    value=${value%% *}
    ;;
  *) value= ;;
  esac
}

# Those of the pids that a signal to the training's group does not reach: a handler must not run twice.
outside_group() {
  for pid; do read_stat "$pid" && [ "$p_group" != "$child" ] && echo "$pid"; done
}

# Beats every 10 s and, once DIR/cancel is there, sends TERM once and KILL from the end of the grace on.
watch_attempt() {
  trap - TERM INT HUP
  beats=0 waited=0 grace=
  while kill -0 "$supervisor" 2>/dev/null; do
    if [ $((beats % 10)) -eq 0 ]; then
      free=$(df -Pk "$dir" 2>/dev/null | awk 'NR == 2 { print $4 }')
      { echo "n=$beats up=$(uptime_seconds) kb=$free" >"$dir/hb.t" && mv -f "$dir/hb.t" "$dir/hb"; } 2>/dev/null
    fi
    beats=$((beats + 1))
    if [ -e "$dir/cancel" ]; then
      if [ -z "$grace" ]; then
        first_line "$dir/cancel"
        value_of grace
        case $value in '' | *[!0-9]*) grace=60 ;; *) grace=$value ;; esac
      fi
      # shellcheck disable=SC2046 # a list of pids
      [ "$waited" -eq 0 ] && signal TERM "-$child" $(outside_group $(members "$child" "$child_start" "$marker"))
      # shellcheck disable=SC2046
      [ "$waited" -ge "$grace" ] && signal KILL "-$child" $(members "$child" "$child_start" "$marker")
      waited=$((waited + 1))
    fi
    sleep 1
  done
}

# Ranks that run on after their launcher: its exit status says nothing about them. One that is just ending has a second.
orphaned_ranks() {
  for try in 1 2; do
    ranks=0
    for pid in $(members "$child" "$child_start" "$marker"); do
      grep -qzs -e '^--local_rank' "/proc/$pid/cmdline" && ranks=$((ranks + 1))
    done
    if [ $ranks -eq 0 ] || [ $try -eq 2 ]; then return; fi
    sleep 1
  done
}

# No process of the attempt outlives it: TERM, after 10 s KILL. Whoever is left after 30 s is in $left.
sweep() {
  round=0
  while left=$(members "$child" "$child_start" "$marker") && [ -n "$left" ] && [ $round -lt 30 ]; do
    # shellcheck disable=SC2086 # a list of pids
    [ $round -eq 0 ] && signal TERM $left
    # shellcheck disable=SC2086
    if [ $round -ge 10 ] || [ -e "$dir/cancel" ]; then signal KILL $left; fi
    round=$((round + 1))
    sleep 1
  done
}

run() {
  dir=$1 supervisor=$$
  attempt=${dir##*/}
  marker=TRAINYARD_ATTEMPT=$attempt
  # Caught and not ignored: "ignored" would be inherited by the training.
  trap : TERM INT HUP USR1 USR2
  read_stat $$ || exit 1
  # Whoever writes "id" first owns the start: a second supervisor and a fence compete for the same name.
  echo "v=1 wpid=$$ wst=$p_start boot=$(boot_id) ns=$(pid_namespace) p1=$(init_start)" \
    "host=$(uname -n) uid=$(id -u) t0=$(date +%s) up0=$(uptime_seconds)" | put_once "$dir/id" || exit 0
  # What is there already, as deep as checkpoints are, is nothing that this attempt saves; a clock may be set back.
  first_line "$dir/output" && find "$line" -maxdepth 2 -type f -exec stat -c '%d:%i %s %Y' {} + >"$dir/before" 2>/dev/null
  oom_before=$(oom_kills)
  # shellcheck disable=SC2016 # expanded by the inner shell
  env "$marker" "TRAINYARD_DIRECTORY=$dir" setsid sh -c '
    echo 800 >/proc/self/oom_score_adj 2>/dev/null
    if [ -f "$1/env" ]; then set -a; . "$1/env"; set +a; fi
    umask "$2"
    cd "$1" || exit 125
    exec sh "$1/cmd"' attempt "$dir" "$user_umask" </dev/null >>"$dir/training.log" 2>&1 &
  child=$! child_start=
  # Until setsid has made it a session leader; a child that is gone already needs no signals.
  while read_stat "$child"; do
    child_start=$p_start
    if [ "$p_session" = "$child" ] || [ "$p_state" = Z ]; then break; fi
  done
  echo "v=1 pid=$child st=$child_start" | put_once "$dir/child"
  watch_attempt &
  watcher=$!
  wait "$child"
  status=$?
  # wait returns early on a trapped signal; the second wait fetches the true status where the shell still has it.
  while is_same "$child" "$child_start"; do
    wait "$child"
    status=$?
  done
  wait "$child" 2>/dev/null
  again=$?
  [ $again -ne 127 ] && status=$again
  ranks=0
  [ -e "$dir/cancel" ] || orphaned_ranks
  sweep
  kill "$watcher" 2>/dev/null
  wait "$watcher" 2>/dev/null
  why='exit'
  [ -e "$dir/cancel" ] && why=cancel
  oom=$(($(oom_kills) - oom_before))
  # shellcheck disable=SC2086 # joins the pids
  leak=$(echo $left | tr ' ' ,)
  # A full disk must not cost the exit status: try until it is written, by us or by a fence.
  until echo "v=1 rc=$status why=$why oom=$oom leak=$leak ranks=$ranks t1=$(date +%s) up1=$(uptime_seconds)" | put_once "$dir/exit"; do
    if [ -e "$dir/exit" ] || [ ! -d "$dir" ]; then break; fi
    sleep 5
  done
}

# The attempt's identity from DIR/id and DIR/child, into w_pid w_start w_boot w_ns w_init c_pid c_start.
read_identity() {
  w_pid='' w_start='' w_boot='' w_ns='' w_init='' c_pid='' c_start=''
  first_line "$1/id" || return 1
  value_of wpid && w_pid=$value
  value_of wst && w_start=$value
  value_of boot && w_boot=$value
  value_of ns && w_ns=$value
  value_of p1 && w_init=$value
  first_line "$1/child" || return 0
  value_of pid && c_pid=$value
  value_of st && c_start=$value
}

# Order of truth: exit, another boot, supervisor, members, exit again (it may have been written meanwhile).
state_of() {
  marker=TRAINYARD_ATTEMPT=${1##*/}
  if [ -e "$1/exit" ]; then
    state='exit'
  elif [ ! -d "$1" ]; then
    state=absent
    [ -n "$(members '' '' "$marker")" ] && state=unsupervised
  elif ! read_identity "$1"; then
    state=claimed
  elif [ -n "$w_boot" ] && { [ "$w_boot" != "$boot" ] || [ "$w_ns" != "$ns" ] || [ "$w_init" != "$init" ]; }; then
    state=rebooted
  elif is_same "$w_pid" "$w_start"; then
    state=running
  elif [ -n "$(members "$c_pid" "$c_start" "$marker")" ]; then
    state=unsupervised
  elif [ -e "$1/exit" ]; then
    state='exit'
  else
    state=gone
  fi
}

# Facts about attempts, one a line (server/worker/attempts/parse-probe.ts), then "file DEV:INODE SIZE PATH" of each
# log, answer and event file: one find for all of them, since a fork per attempt is what makes a probe slow.
probe() {
  root=$1 count=$2
  shift 2
  boot=$(boot_id) ns=$(pid_namespace) init=$(init_start)
  echo "node v=1 boot=$boot ns=$ns up=$(uptime_seconds)"
  # Without the mark the disk is not mounted, or somebody removed it all: no conclusion about any attempt.
  [ -e "$root/.trainyard" ] || {
    echo unmounted
    return
  }
  while [ "$count" -gt 0 ]; do
    dir=$root/attempts/$1
    shift
    count=$((count - 1))
    state_of "$dir"
    echo "attempt ${dir##*/} $state"
    for file in id hb cancel exit; do
      first_line "$dir/$file" && printf '%s %s\n' "$file" "$line"
    done
    # Also what logrotate has moved aside: the training goes on writing to it.
    set -- "$@" "$dir/training.log" "$dir"/training.log[.-]* "$dir/answers.jsonl"
  done
  [ $# -eq 0 ] || find -H "$@" \( -name 'training.log*' -o -name answers.jsonl -o -name 'events.out.tfevents.*' \) \
    -type f -exec stat -c 'file %d:%i %s %n' {} + 2>/dev/null
  echo end
}

cancel() {
  [ -d "$1" ] || return 1
  echo "v=1 who=$(printf %s "$2" | tr -c 'A-Za-z0-9@._+-' _) grace=$3 t=$(date +%s)" | put_once "$1/cancel"
  [ -e "$1/cancel" ]
}

kill_members() {
  read_identity "$1"
  # shellcheck disable=SC2046 # a list of pids
  signal "$2" $(members "$c_pid" "$c_start" "TRAINYARD_ATTEMPT=${1##*/}")
}

# Ends what has no live process. Where nothing ever started, winning "id" keeps a late supervisor from starting.
fence() {
  mkdir -p "$1" || return 1
  [ -e "$1/id" ] || echo "v=1 fenced=1" | put_once "$1/id"
  boot=$(boot_id) ns=$(pid_namespace) init=$(init_start)
  state_of "$1"
  case $state in
  running | unsupervised) return 3 ;;
  exit) return 0 ;;
  esac
  echo "v=1 rc=- why=$2 t1=$(date +%s) up1=$(uptime_seconds)" | put_once "$1/exit"
  [ -e "$1/exit" ]
}

verb=$1
shift
case $verb in
run) run "$@" ;;
probe) probe "$@" ;;
cancel) cancel "$@" ;;
kill) kill_members "$@" ;;
fence) fence "$@" ;;
*)
  echo "job.sh: what is \"$verb\"?" >&2
  exit 2
  ;;
esac
