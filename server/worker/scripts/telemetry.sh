# The one telemetry reader of a node. Runs until its channel closes, then leaves nothing behind.
# Arguments: nonce, node id, lease epoch, seconds per tick, milliseconds per GPU reading, columns of --query-gpu,
# other names of columns (name=other,…), directory whose disk is measured ("~/x").
# Every line it prints is "@nonce KIND rest"; server/worker/telemetry/read-frames.ts knows the kinds.
# The GPU reading, the ticks and the short queries are children that write into one pipe; this shell is its only
# reader and the only one that prints. When it dies, their next write ends them; a hung one is killed by its successor.
set -u
umask 077
LC_ALL=C
export LC_ALL
PATH=${PATH:-/usr/bin:/bin}:/usr/bin:/bin:/usr/local/bin:/usr/local/nvidia/bin:/usr/lib/wsl/lib
export PATH

nonce=$1 node=$2 epoch=$3 seconds=$4 interval=$5 query=$6 other_names=,$7, work=$8

# In ticks. A reading is stale after 3, killed after 10; the first one may take longer (the driver wakes up).
STALE=3 KILL_AFTER=10 FIRST_AFTER=30 APPS_EVERY=5 MIG_EVERY=10 LIST_EVERY=300 DISK_EVERY=10
RETRY_FIRST=5 RETRY_LAST=60 AUX_KILL_AFTER=20

self='' count=0 directory='' boot='' leftovers=''
ticker='' monitor='' monitor_start='' monitor_since=0 monitor_row=-1 monitor_state=idle requery=0
retry_at=0 retry_pause=$RETRY_FIRST
aux='' aux_start='' aux_kind='' aux_since=0 aux_over=0 apps_at=0 list_at=0 has_mig=0
disk='' disk_start='' disk_at=0 known=' '
links='' notices=0

finish() {
  trap - EXIT
  trap '' HUP INT TERM PIPE
  # shellcheck disable=SC2086
  kill -KILL $ticker $monitor $aux $disk 2>/dev/null
  [ -z "$aux" ] || kill_marked "$node:aux"
  [ -z "$directory" ] || rm -f "$directory/pids" "$directory/pipe.$self"
  exit 0
}

say() {
  printf '@%s %s\n' "$nonce" "$1" 2>/dev/null || finish
}

# Sets start to the process's start time; empty when it is gone or a zombie.
start_of() {
  start=''
  { read -r stat_line <"/proc/$1/stat"; } 2>/dev/null || return 0
  stat_line=${stat_line##*) }
  # shellcheck disable=SC2086
  set -- $stat_line
  case ${1:-Z} in Z | X) return 0 ;; esac
  start=${20:-}
}

# Kills whatever carries the marker in its environment; sets marked to what it found.
kill_marked() {
  marked=$(grep -l -a -F "TRAINYARD_READER=$1" /proc/[0-9]*/environ 2>/dev/null)
  for marked_path in $marked; do
    marked_path=${marked_path#/proc/}
    kill -KILL "${marked_path%/environ}" 2>/dev/null
  done
}

record_pids() {
  {
    printf 'boot %s\nepoch %s\n' "$boot" "$epoch"
    for recorded in "$self" $ticker $monitor $aux $disk; do
      start_of "$recorded"
      [ -z "$start" ] || printf 'pid %s %s\n' "$recorded" "$start"
    done
  } 2>/dev/null >"$directory/pids.new" && mv -f "$directory/pids.new" "$directory/pids" 2>/dev/null
}

# Sets leftovers to "pid:start" of every recorded process of an earlier reader that is still there.
find_leftovers() {
  [ -O "$1/pids" ] || return 0
  recorded_epoch=0 recorded_boot=''
  while read -r word first second; do
    case $word in
      boot) recorded_boot=$first ;;
      epoch) recorded_epoch=$first ;;
      pid)
        [ "$recorded_boot" = "$boot" ] || continue
        start_of "$first"
        if [ -n "$start" ] && [ "$start" = "$second" ]; then
          leftovers="$leftovers $first:$second"
          [ "$recorded_epoch" -le "$epoch" ] || superseded=1
        fi
        ;;
    esac
  done <"$1/pids"
}

# Kills what is left of earlier readers and keeps in leftovers what still lives.
kill_leftovers() {
  still=''
  for entry in $leftovers; do
    start_of "${entry%%:*}"
    [ "$start" = "${entry##*:}" ] || continue
    kill -KILL "${entry%%:*}" 2>/dev/null
    start_of "${entry%%:*}"
    [ "$start" != "${entry##*:}" ] || still="$still $entry"
  done
  leftovers=$still
}

add_marked_leftovers() {
  kill_marked "$node:"
  for marked_path in $marked; do
    marked_path=${marked_path#/proc/}
    start_of "${marked_path%/environ}"
    [ -z "$start" ] || leftovers="$leftovers ${marked_path%/environ}:$start"
  done
}

replace_earlier_reader() {
  superseded=0
  for base in "$@"; do find_leftovers "$base/telemetry/$node"; done
  if [ "$superseded" = 1 ]; then
    say 'S superseded'
    exit 0
  fi
  add_marked_leftovers
  tries=0
  while [ -n "$leftovers" ] && [ "$tries" -lt 20 ]; do
    kill_leftovers
    [ -z "$leftovers" ] || sleep 0.1
    tries=$((tries + 1))
  done
  [ -z "$leftovers" ] || say "S leftover$leftovers"
}

# The pipe has a name only while it is being opened.
open_pipe() {
  for base in "$@"; do
    directory=$base/telemetry/$node
    if mkdir -p "$directory" 2>/dev/null && [ -O "$directory" ]; then
      rm -f "$directory/pipe.$self"
      mkfifo "$directory/pipe.$self" 2>/dev/null && break
    fi
    directory=''
  done
  if [ -z "$directory" ] || [ ! -p "$directory/pipe.$self" ]; then
    say 'S broken no folder for a pipe'
    exit 1
  fi
  exec 3<>"$directory/pipe.$self"
  exec 4<"$directory/pipe.$self"
  exec 5>"$directory/pipe.$self"
  exec 3<&-
  rm -f "$directory/pipe.$self"
}

start_ticker() {
  while sleep "$seconds" 4<&-; do echo T || exit; done </dev/null 2>/dev/null >&5 4<&- &
  ticker=$!
}

start_monitor() {
  if ! command -v nvidia-smi >/dev/null 2>&1; then
    [ "$monitor_state" = missing ] || say 'S missing'
    monitor_state=missing retry_at=$((count + RETRY_LAST))
    return 0
  fi
  say "Q $query"
  TRAINYARD_READER=$node:monitor nvidia-smi --query-gpu="$query" --format=csv,noheader,nounits -lms "$interval" \
    </dev/null >&5 2>&1 4<&- 5>&- &
  monitor=$! monitor_since=$count monitor_row=-1 monitor_state=running requery=0
  start_of "$monitor"
  monitor_start=$start
  [ "$list_at" -gt "$count" ] || list_at=$count
  record_pids
}

check_monitor() {
  case $monitor_state in
    running | stale)
      start_of "$monitor"
      if [ "$start" != "$monitor_start" ] || [ -z "$start" ]; then
        end_monitor
        return 0
      fi
      silent_since=$monitor_row limit=$KILL_AFTER
      [ "$monitor_row" -ge 0 ] || silent_since=$monitor_since limit=$FIRST_AFTER
      silent=$((count - silent_since))
      if [ "$silent" -gt "$limit" ]; then
        say "S hung $monitor"
        monitor_state=dying
        kill -KILL "$monitor" 2>/dev/null
      elif [ "$monitor_row" -ge 0 ] && [ "$silent" -gt $STALE ] && [ "$monitor_state" = running ]; then
        say "S stale $monitor"
        monitor_state=stale
      fi
      ;;
    dying)
      start_of "$monitor"
      if [ -z "$start" ] || [ "$start" != "$monitor_start" ]; then end_monitor; else kill -KILL "$monitor" 2>/dev/null; fi
      ;;
    *) [ -n "$leftovers" ] || [ "$count" -lt "$retry_at" ] || start_monitor ;;
  esac
}

# Known to be gone. One pace of retrying: 5 ticks, doubled up to 60, from the start again after a good minute.
end_monitor() {
  wait "$monitor" 2>/dev/null
  code=$?
  say "S ended $code"
  [ "$monitor_row" -lt 0 ] || [ $((monitor_row - monitor_since)) -lt 60 ] || retry_pause=$RETRY_FIRST
  monitor='' monitor_start='' monitor_state=idle
  if [ "$requery" = 1 ]; then
    retry_at=$count
  else
    retry_at=$((count + retry_pause))
    retry_pause=$((retry_pause * 2))
    [ "$retry_pause" -le $RETRY_LAST ] || retry_pause=$RETRY_LAST
  fi
  record_pids
}

# The driver does not know a column: ask with its other name, or without it. The reader in the worker decides the
# order of columns from the Q line, so only the names have to be right here.
drop_column() {
  unknown=${1#Field \"}
  unknown=${unknown%%\"*}
  other=''
  case $other_names in *",$unknown="*)
    other=${other_names#*",$unknown="}
    other=${other%%,*}
    ;;
  esac
  replaced=''
  old_ifs=$IFS
  IFS=,
  for column in $query; do
    [ "$column" != "$unknown" ] || { column=$other requery=1; }
    [ -z "$column" ] || replaced="$replaced${replaced:+,}$column"
  done
  IFS=$old_ifs
  query=$replaced
}

# One short query at a time, and only while the long one answers: a driver that hangs gets no second process.
check_aux() {
  if [ -n "$aux" ]; then
    start_of "$aux"
    if [ -z "$start" ] || [ "$start" != "$aux_start" ]; then
      # Its last lines may still be in the pipe, in front of the next tick.
      if [ "$aux_over" = 0 ]; then aux_over=1; else end_aux; fi
    elif [ $((count - aux_since)) -gt $AUX_KILL_AFTER ]; then
      say "S hung $aux"
      kill -KILL "$aux" 2>/dev/null
      kill_marked "$node:aux"
    fi
    return 0
  fi
  [ "$monitor_state" = running ] && [ "$monitor_row" -ge 0 ] && [ $((count - monitor_row)) -le 2 ] || return 0
  if [ "$count" -ge "$list_at" ]; then
    list_at=$((count + LIST_EVERY)) aux_kind=list found_mig=0
    TRAINYARD_READER=$node:aux nvidia-smi -L </dev/null >&5 2>/dev/null 4<&- 5>&- &
  elif [ "$count" -ge "$apps_at" ] && [ "$has_mig" = 1 ]; then
    apps_at=$((count + MIG_EVERY)) aux_kind=mig
    TRAINYARD_READER=$node:aux nvidia-smi -q </dev/null 2>/dev/null 4<&- 5>&- | TRAINYARD_READER=$node:aux sed -n "$MIG_LINES" >&5 4<&- 5>&- &
  elif [ "$count" -ge "$apps_at" ]; then
    apps_at=$((count + APPS_EVERY)) aux_kind=apps
    TRAINYARD_READER=$node:aux nvidia-smi --query-compute-apps=gpu_uuid,pid,used_gpu_memory,process_name \
      --format=csv,noheader,nounits </dev/null >&5 2>/dev/null 4<&- 5>&- &
  else
    return 0
  fi
  aux=$! aux_since=$count aux_over=0
  start_of "$aux"
  aux_start=$start
}

# What of `nvidia-smi -q` speaks of MIG devices and processes.
MIG_LINES='/^GPU [0-9A-Fa-f]*:/b p
/^    GPU UUID /b p
/^    MIG Device/,/^    [A-LN-Z]/b p
/^    Processes/,/^    [A-OQ-Z]/b p
b
:p
s/^/q/p'

end_aux() {
  wait "$aux" 2>/dev/null
  say "E $aux_kind $?"
  [ "$aux_kind" != list ] || has_mig=$found_mig
  aux=''
}

check_disk() {
  if [ -n "$disk" ]; then
    start_of "$disk"
    [ "$start" != "$disk_start" ] || [ -z "$start" ] || return 0
    wait "$disk" 2>/dev/null
    disk=''
  fi
  [ "$count" -ge "$disk_at" ] || return 0
  disk_at=$((count + DISK_EVERY))
  place=$work
  case $work in \~ | \~/*) place=${HOME:-}${work#?} ;; esac
  [ -d "$place" ] || place=${HOME:-/}
  stat -f -c 'D %S %b %a' "$place" </dev/null 2>/dev/null >&5 4<&- 5>&- &
  disk=$!
  start_of "$disk"
  disk_start=$start
}

# Real interfaces; in a container, where none is backed by a device, all but the virtual ones.
find_links() {
  links='' virtual=''
  for link in /sys/class/net/*; do
    [ -e "$link/statistics/rx_bytes" ] || continue
    if [ -e "$link/device" ]; then links="$links $link"; fi
    case ${link##*/} in lo | docker* | veth* | br-* | virbr* | cni* | flannel* | cali*) ;; *) virtual="$virtual $link" ;; esac
  done
  [ -n "$links" ] || links=$virtual
}

say_host() {
  uptime=- cpu='- - - - - - - -' total=- available=- load=- received=- sent=-
  { read -r uptime rest </proc/uptime; } 2>/dev/null
  if { read -r word user nice system idle iowait irq softirq steal rest </proc/stat; } 2>/dev/null; then
    cpu="$user $nice $system $idle ${iowait:-0} ${irq:-0} ${softirq:-0} ${steal:-0}"
  fi
  { read -r load rest </proc/loadavg; } 2>/dev/null
  while read -r word value rest; do
    case $word in
      MemTotal:) total=$value ;;
      MemAvailable:) available=$value && break ;;
      SwapTotal:) break ;;
    esac
  done 2>/dev/null </proc/meminfo
  if [ -n "$links" ]; then
    received=0 sent=0
    for link in $links; do
      { read -r value <"$link/statistics/rx_bytes" && received=$((received + value)); } 2>/dev/null
      { read -r value <"$link/statistics/tx_bytes" && sent=$((sent + value)); } 2>/dev/null
    done
  fi
  say "H $uptime $cpu $total $available $load $received $sent"
}

# Whose process it is, once for each: "P pid attempt user", "-" where it cannot be told.
say_process() {
  case $1 in '' | *[!0-9]*) return 0 ;; esac
  start_of "$1"
  case $known in *" $1:${start:-gone}:"*)
    owner=${known#*" $1:${start:-gone}:"}
    owner=${owner%% *}
    ;;
  *)
    attempt=$(tr '\0' '\n' 2>/dev/null <"/proc/$1/environ" | sed -n 's/^TRAINYARD_ATTEMPT=\([0-9a-f-]*\)$/\1/p;' | head -n 1) 2>/dev/null
    user=$(stat -c %U "/proc/$1" 2>/dev/null)
    owner=${attempt:--}/${user:--}
    # Forgotten from time to time, so that it cannot grow without end.
    [ ${#known} -lt 8192 ] || known=' '
    known="$known$1:${start:-gone}:$owner "
    ;;
  esac
  say "P $1 ${owner%%/*} ${owner#*/}"
}

on_tick() {
  count=$((count + 1))
  [ $((count % 60)) -ne 1 ] || { find_links && notices=0; }
  say_host
  [ -z "$leftovers" ] || kill_leftovers
  check_monitor
  check_aux
  check_disk
}

on_line() {
  case $1 in
    T) on_tick ;;
    [0-9]*,*)
      monitor_row=$count
      [ "$monitor_state" != stale ] || monitor_state=running
      say "G $1"
      ;;
    'GPU-'*,* | 'MIG-'*,*)
      app_pid=${1#*, }
      say_process "${app_pid%%,*}"
      say "A $1"
      ;;
    'D '*) say "$1" ;;
    'GPU '[0-9]*' (UUID: '*) say "L $1" ;;
    *'MIG '*' (UUID: '*)
      found_mig=1
      say "L $1"
      ;;
    q*)
      case $1 in *'Process ID '*': '*) say_process "${1##*: }" ;; esac
      say "M ${1#q}"
      ;;
    'Field "'*)
      drop_column "$1"
      say "N $1"
      ;;
    '') ;;
    *)
      notices=$((notices + 1))
      [ "$notices" -gt 20 ] || say "N $1"
      ;;
  esac
}

main() {
  # Not $$, which in a subshell is somebody else's.
  read -r self rest </proc/self/stat
  set -- "${HOME:-/nonexistent}/.trainyard" "${XDG_RUNTIME_DIR:-/nonexistent}/trainyard" "/tmp/trainyard-$(id -u)" "/dev/shm/trainyard-$(id -u)"
  { read -r boot </proc/sys/kernel/random/boot_id; } 2>/dev/null
  trap finish EXIT HUP INT TERM PIPE
  say 'V 1'
  replace_earlier_reader "$@"
  open_pipe "$@"
  start_ticker
  record_pids
  on_tick
  while IFS= read -r line; do on_line "$line"; done <&4
  finish
}

main
