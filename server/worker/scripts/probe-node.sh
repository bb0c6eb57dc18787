# shellcheck shell=sh
# probe-node.sh VIRTUAL_ENVIRONMENT EXAMPLES_DIRECTORY WORK_DIRECTORY ('' when not set; "~/" means the home directory)
# Prints name=value lines. Each stands alone: what cannot be read is not printed, and what hangs is cut off.
LC_ALL=C
export LC_ALL

say() { [ -n "$2" ] && printf '%s=%s\n' "$1" "$2"; }
limited() {
  ty_seconds=$1
  shift
  if command -v timeout >/dev/null 2>&1; then timeout -k 1 "$ty_seconds" "$@"; else "$@"; fi 2>/dev/null
}
first_line() { head -n 1 | tr -d '\r'; }
# shellcheck disable=SC2088 # The tilde comes from a setting, as text.
expand() {
  case $1 in
    '~') printf %s "$HOME" ;;
    '~/'*) printf %s "$HOME/${1#'~/'}" ;;
    *) printf %s "$1" ;;
  esac
}

probe_system() {
  say hostname "$(uname -n)"
  say kernel "$(uname -r)"
  say architecture "$(uname -m)"
  say os "$(sed -n 's/^PRETTY_NAME=//p' /etc/os-release 2>/dev/null | tr -d '"' | first_line)"
  say homeDirectory "$HOME"
  say loginShell "${SHELL:-}"
  cpu=$(sed -n 's/^model name[[:space:]]*: //p' /proc/cpuinfo 2>/dev/null | first_line)
  [ -n "$cpu" ] || cpu=$(limited 5 lscpu | sed -n 's/^Model name: *//p' | first_line)
  say cpuModel "$cpu"
  say cpuCount "$(getconf _NPROCESSORS_ONLN 2>/dev/null)"
  say memoryTotalKiB "$(sed -n 's/^MemTotal: *\([0-9]*\) kB$/\1/p' /proc/meminfo 2>/dev/null)"
  if command -v setsid >/dev/null 2>&1; then say hasSetsid 1; else say hasSetsid 0; fi
}

# The work directory may not be there yet: its nearest parent is on the same disk.
probe_disk() {
  place=$1
  while [ ! -d "$place" ] && [ "$place" != / ] && [ -n "$place" ]; do
    case $place in */*) place=${place%/*} ;; *) place= ;; esac
  done
  say diskKiB "$(limited 5 df -Pk "${place:-/}" | awk 'NR == 2 { print $2, $4 }')"
}

probe_gpus() {
  command -v nvidia-smi >/dev/null 2>&1 || return 0
  list=$(limited 10 nvidia-smi -L) || return 0
  printf '%s\n' "$list" | sed 's/^/gpuList=/'
  limited 10 nvidia-smi --query-gpu=index,uuid,memory.total,driver_version,name --format=csv,noheader,nounits |
    sed 's/^/gpu=/'
  cuda=$(limited 10 nvidia-smi --version | sed -n 's/^CUDA Version *: *//p' | first_line)
  [ -n "$cuda" ] || cuda=$(limited 10 nvidia-smi | sed -n 's/.*CUDA Version: *\([0-9.]*\).*/\1/p' | first_line)
  say cudaVersion "$cuda"
}

# Versions come from the packages' metadata: importing torch takes seconds and can hang on a broken driver.
probe_python() {
  for python in "${1:+$1/bin/python}" python3 python; do
    [ -n "$python" ] && command -v "$python" >/dev/null 2>&1 && break
  done
  limited 20 "$python" -c '
import sys
print("python=%d.%d.%d" % sys.version_info[:3])
try:
    from importlib import metadata
except ImportError:
    import importlib_metadata as metadata
for name in ("torch", "deepspeed", "transformers"):
    try:
        print("%s=%s" % (name, metadata.version(name)))
    except metadata.PackageNotFoundError:
        pass
'
}

probe_examples() {
  for directory in "$1" "$HOME/DeepSpeedExamples" "$2/DeepSpeedExamples" "$HOME"/*/DeepSpeedExamples; do
    [ -d "$directory/applications/DeepSpeed-Chat/training" ] || continue
    say examplesDirectory "$directory"
    say examplesCommit "$(limited 5 git -C "$directory" rev-parse HEAD | first_line)"
    return 0
  done
}

work=$(expand "${3:-~/.trainyard}")
probe_system
probe_disk "$work" &
probe_gpus &
probe_python "$(expand "$1")" &
probe_examples "$(expand "$2")" "$work" &
wait
say end 1
