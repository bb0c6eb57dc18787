# shellcheck shell=sh
# probe-readiness.sh NONCE VIRTUAL_ENVIRONMENT EXAMPLES WORK_DIRECTORY PYTHON_PROGRAM SECONDS [NAME=VALUE…]
# Prints name=value lines about what training needs. Each stands alone: what cannot be read is not printed, and what hangs
# costs only itself. PYTHON_PROGRAM ('' for none) is the text of probe-readiness.py; NAME=VALUE are the variables of every run.
# Nothing stays on the node: files are called .trainyard-check.NONCE and are removed at once.
nonce=$1 environment=$2 examples=$3 work=$4 program=$5 seconds=$6
shift 6
login_shell=${SHELL:-}
for variable; do export "${variable?}"; done
LC_ALL=C
export LC_ALL

say() { [ -n "$2" ] && printf '%s=%s\n' "$1" "$2"; }
limited() {
  ty_seconds=$1
  shift
  if command -v timeout >/dev/null 2>&1; then timeout -k 1 "$ty_seconds" "$@"; else "$@"; fi 2>/dev/null
}
# Of "sh: 1: cannot create /x: Permission denied" the last words.
reason() { printf '%s' "${1##*: }" | tr '\n\t\r' '   ' | cut -c 1-200; }
# shellcheck disable=SC2088 # The tilde comes from a setting, as text.
expand() {
  case $1 in
    '~') printf %s "$HOME" ;;
    '~/'*) printf %s "$HOME/${1#'~/'}" ;;
    *) printf %s "$1" ;;
  esac
}
nearest() {
  place=$1
  while [ ! -d "$place" ] && [ "$place" != / ] && [ -n "$place" ]; do
    case $place in */*) place=${place%/*} ;; *) place= ;; esac
  done
  printf %s "${place:-/}"
}

probe_system() {
  say shell "$login_shell"
  say username "$(id -un 2>/dev/null)"
  say osIds "$(sed -n 's/^ID\(_LIKE\)\{0,1\}=//p' /etc/os-release 2>/dev/null | tr -d '"\r' | tr '\n' ' ')"
  printf 'setsid=%s\n' "$(command -v setsid 2>/dev/null)"
  say synchronised "$(limited 5 timedatectl show -p NTPSynchronized --value)"
}

# place=ROLE, total and free KiB, mount, total and free inodes, why it cannot be written, path, nearest; tabs in between
probe_place() {
  directory=$(nearest "$2")
  file=$directory/.trainyard-check.$nonce.$1
  trouble=$({ head -c 65536 /dev/zero >"$file"; } 2>&1) && trouble= || trouble=$(reason "${trouble:-failed}")
  rm -f "$file" 2>/dev/null
  space=$(limited 5 df -Pk "$directory" | awk 'NR == 2 { printf "%s\t%s\t%s", $2, $4, $6 }')
  inodes=$(limited 5 df -Pi "$directory" | awk 'NR == 2 { printf "%s\t%s", $2, $4 }')
  tab=$(printf '\t')
  printf 'place=%s\t%s\t%s\t%s\t%s\t%s\n' "$1" "${space:-$tab$tab}" "${inodes:-$tab}" "$trouble" "$2" "$directory"
}

# What the supervisor needs of the work directory: rename, and a link that the first writer wins.
probe_files() {
  parent=$(nearest "$1")
  directory=$parent/.trainyard-check.$nonce
  step='write'
  trouble=$({
    mkdir "$directory" && echo one >"$directory/a"
  } 2>&1) && step='rename' && trouble=$(mv "$directory/a" "$directory/b" 2>&1) &&
    step='link' && trouble=$(ln "$directory/b" "$directory/c" 2>&1 && [ -e "$directory/c" ]) && step='exclusive' &&
    echo two >"$directory/d" && ! ln "$directory/d" "$directory/c" 2>/dev/null && step=
  rm -rf "$directory" 2>/dev/null
  printf 'files=%s\t%s\t%s\n' "$step" "$(reason "$trouble")" "$parent"
}

# The hub's own order: HF_HUB_CACHE, then HF_HOME, then the user's cache.
hub_cache() {
  for cache in "${HF_HUB_CACHE:-}" "${HUGGINGFACE_HUB_CACHE:-}" "${HF_HOME:+$HF_HOME/hub}" \
    "${XDG_CACHE_HOME:+$XDG_CACHE_HOME/huggingface/hub}" "$HOME/.cache/huggingface/hub"; do
    [ -n "$cache" ] && expand "$cache" && return
  done
}

# $1 is an option of logind.conf: the last word on it, of the main file and the drop-ins in the order systemd reads them.
# "#KillUserProcesses=no" in the shipped file states the default that this distribution was built with.
logind_option() {
  {
    for root in /usr/lib /usr/local/lib /run /etc; do cat "$root/systemd/logind.conf" 2>/dev/null; done
    for root in /etc /run /usr/local/lib /usr/lib; do
      for file in "$root"/systemd/logind.conf.d/*.conf; do [ -f "$file" ] && echo "${file##*/} $file"; done
    done | sort -s -k 1,1 | awk '!seen[$1]++ { sub(/^[^ ]* /, ""); print }' |
      while IFS= read -r file; do cat "$file" 2>/dev/null; done
  } | awk -v name="$1" '
    { line = $0; isDefault = sub(/^[[:space:]]*[#;][[:space:]]*/, "", line) }
    index(line, name "=") == 1 {
      value = substr(line, length(name) + 2)
      if (!isDefault) set = value; else if (set == "") shipped = value
    }
    END { print set == "" ? shipped : set }'
}
logind_property() {
  limited 5 busctl get-property org.freedesktop.login1 /org/freedesktop/login1 org.freedesktop.login1.Manager "$1"
}
probe_logind() {
  kill=$(logind_property KillUserProcesses)
  kill=${kill#b }
  [ -n "$kill" ] || [ -d /run/systemd/system ] || return 0
  echo logind=1
  say killUserProcesses "${kill:-$(logind_option KillUserProcesses)}"
  user=$(id -un 2>/dev/null)
  only=$(logind_option KillOnlyUsers) exclude=$(logind_option KillExcludeUsers)
  case " $exclude " in *" $user "*) echo excluded=1 ;; esac
  case " $only " in *" $user "* | '  ') ;; *) echo excluded=1 ;; esac
  if [ -n "${XDG_SESSION_ID:-}" ] || grep -q 'session-[^/]*\.scope' /proc/self/cgroup 2>/dev/null; then echo inSession=1; fi
  [ ! -e "/var/lib/systemd/linger/$user" ] || echo linger=1
}

probe_compiler() {
  for compiler in "${CXX:-}" c++ g++; do
    [ -n "$compiler" ] && command -v "$compiler" >/dev/null 2>&1 || continue
    say cxx "$(limited 10 "$compiler" --version | head -n 1 | cut -c 1-120)"
    break
  done
  say ninja "$(limited 10 ninja --version | head -n 1)"
  for nvcc in "${CUDA_HOME:+$CUDA_HOME/bin/nvcc}" "${CUDA_PATH:+$CUDA_PATH/bin/nvcc}" nvcc /usr/local/cuda/bin/nvcc; do
    [ -n "$nvcc" ] && nvcc=$(command -v "$nvcc" 2>/dev/null) || continue
    say nvcc "$nvcc"
    say nvccVersion "$(limited 10 "$nvcc" --version | sed -n 's/.*release \([0-9.]*\).*/\1/p' | head -n 1)"
    break
  done
}

probe_examples() {
  [ -d "$1" ] || return 0
  case $1 in
    */DeepSpeed-Chat) application=$1 ;;
    *) application=$1/applications/DeepSpeed-Chat ;;
  esac
  say examples "$1"
  for part in dschat training/step1_supervised_finetuning/main.py training/step2_reward_model_finetuning/main.py \
    training/step3_rlhf_finetuning/main.py; do
    [ -e "$application/$part" ] || say examplesMissing "$part"
  done
  commit=$(limited 5 git -C "$1" rev-parse HEAD) || return 0
  say examplesCommit "$commit"
  say examplesChanged "$(limited 10 git -C "$application" status --porcelain -- . | wc -l | tr -d ' ')"
}

# Runs begin with "deepspeed", so its first line says whose Python trains. Sets python, launcher, launcher_error.
find_python() {
  python='' launcher_error=''
  launcher=$(command -v deepspeed 2>/dev/null)
  if [ -n "$launcher" ]; then
    { IFS= read -r line && IFS= read -r second; } <"$launcher" 2>/dev/null
    # pip's way around paths that are too long or hold spaces.
    case $second in "'''exec' "*)
      line=${second#"'''exec' "}
      line="#!${line%% \"\$0\"*}"
      ;;
    esac
    case $line in
      '#!'*env\ python*) python=${line##*env } ;;
      '#!'*python*) python=$(printf %s "${line#'#!'}" | tr -d '"') ;;
    esac
    python=$(printf %s "$python" | tr -d '\r')
    python=${python# }
    [ -z "$python" ] || command -v "$python" >/dev/null 2>&1 || launcher_error="$python is not there" python=''
  fi
  for candidate in "$python" "${environment:+$environment/bin/python}" python3 python; do
    [ -n "$candidate" ] && python=$(command -v "$candidate" 2>/dev/null) && return
  done
  python=''
}

# Where PATH, conda, pyenv and uv keep a Python of which an environment can be made that holds the lock set.
probe_interpreters() {
  for candidate in python3.14 python3.13 python3.12 python3.11 "${CONDA_PREFIX:+$CONDA_PREFIX/bin/python}" \
    "$HOME"/miniconda3/bin/python "$HOME"/miniforge3/bin/python "$HOME"/anaconda3/bin/python \
    "$HOME"/miniconda3/envs/*/bin/python "$HOME"/miniforge3/envs/*/bin/python "$HOME"/anaconda3/envs/*/bin/python \
    "$HOME"/.pyenv/versions/*/bin/python3 "$HOME"/.local/share/uv/python/*/bin/python3 "$HOME"/.local/bin/python3.1[1-9]; do
    [ -n "$candidate" ] && candidate=$(command -v "$candidate" 2>/dev/null) || continue
    version=$(limited 5 "$candidate" -c 'import sys, venv, ensurepip
if sys.version_info >= (3, 11): print("%d.%d.%d" % sys.version_info[:3])')
    [ -z "$version" ] || printf 'interpreter=%s\t%s\n' "$version" "$candidate"
  done
  for program in uv conda; do say installer "$(command -v "$program" || command -v "$HOME/.local/bin/$program")"; done
}

probe_python() {
  find_python
  say launcher "$launcher"
  say launcherError "$launcher_error"
  [ -z "$environment" ] || [ -x "$environment/bin/python" ] || say missingEnvironment "$environment"
  [ -n "$python" ] || return 0
  say pythonPath "$python"
  say pythonVersion "$(limited 10 "$python" -c 'import sys; print("%d.%d.%d" % sys.version_info[:3])')"
  limited "$((seconds + 5))" "$python" -c "$program" "$seconds" "$(hub_cache)" </dev/null
}

environment=$(expand "$environment") examples=$(expand "$examples") work=$(expand "${work:-~/.trainyard}")
[ -z "$environment" ] || PATH=$environment/bin:$PATH
export PATH
echo begin=1
probe_system
probe_compiler &
probe_logind &
probe_files "$work" &
probe_place home "$HOME" &
probe_place work "$work" &
probe_place tmp "${TMPDIR:-/tmp}" &
probe_place shm /dev/shm &
probe_place hub "$(hub_cache)" &
probe_examples "$examples" &
[ -z "$program" ] || probe_interpreters &
[ -z "$program" ] || probe_python &
wait
echo end=1
