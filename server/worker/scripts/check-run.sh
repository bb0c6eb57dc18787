# shellcheck shell=sh
# check-run.sh WORK_DIRECTORY VIRTUAL_ENVIRONMENT HUB_PROGRAM SECONDS NAME=VALUE… -- [path|hub|data|folder NAME | writes ROLE=PATH]…
# What a run would find here, as lines of tab-separated words: room for what it writes, a free port, the models (path, hub) and
# data (data of a hub, folder) that it names. Looks only: nothing is written, made or downloaded. free-port.sh comes first. HUB_PROGRAM is the text
# of ask-hub.py; it is asked about what is not here.
work=$1 environment=$2 program=$3 seconds=$4
shift 4
while [ $# -gt 0 ] && [ "$1" != -- ]; do
  export "${1?}"
  shift
done
shift
LC_ALL=C
export LC_ALL
absent='' is_place_told=''
newline='
'

limited() {
  ty_seconds=$1
  shift
  if command -v timeout >/dev/null 2>&1; then timeout -k 1 "$ty_seconds" "$@"; else "$@"; fi 2>/dev/null
}
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
# The hub's own order: HF_HUB_CACHE, then HF_HOME, then the user's cache.
hub_cache() {
  for cache in "${HF_HUB_CACHE:-}" "${HUGGINGFACE_HUB_CACHE:-}" "${HF_HOME:+$HF_HOME/hub}" \
    "${XDG_CACHE_HOME:+$XDG_CACHE_HOME/huggingface/hub}" "$HOME/.cache/huggingface/hub"; do
    [ -n "$cache" ] && expand "$cache" && return
  done
}
data_cache() {
  expand "${HF_DATASETS_CACHE:-${HF_HOME:-${XDG_CACHE_HOME:-$HOME/.cache}/huggingface}/datasets}"
}
is_on() {
  case $1 in *1* | *[Oo][Nn]* | *[Yy][Ee][Ss]* | *[Tt][Rr][Uu][Ee]*) return 0 ;; esac
  return 1
}
has_token() {
  [ -n "${HF_TOKEN:-}${HUGGING_FACE_HUB_TOKEN:-}" ] ||
    [ -s "$(expand "${HF_TOKEN_PATH:-${HF_HOME:-${XDG_CACHE_HOME:-$HOME/.cache}/huggingface}/token}")" ]
}

# place=ROLE, total and free KiB, mount, path, nearest, whether it may be written
look_at_place() {
  directory=$(nearest "$2")
  space=$(limited 5 df -Pk "$directory" | awk 'NR == 2 { printf "%s\t%s\t%s", $2, $4, $6 }')
  if [ -w "$directory" ] && [ -x "$directory" ]; then may=1; else may=0; fi
  printf 'place=%s\t%s\t%s\t%s\t%s\n' "$1" "${space:-$(printf '\t\t')}" "$2" "$directory" "$may"
}

# Weights that transformers would load from $1, in its order. Sets weights and weights_kib, and missing: the first part of
# several that is not there.
find_weights() {
  weights='' missing='' weights_kib=''
  for name in model.safetensors pytorch_model.bin; do
    if [ -f "$1/$name" ]; then
      weights=$name
      set -- "$1" "$1/$name"
      break
    fi
    [ -f "$1/$name.index.json" ] || continue
    weights=$name.index.json
    parts=$(tr ',{}' '\n\n\n' <"$1/$weights" 2>/dev/null |
      sed -n -e 's/.*:[[:space:]]*"\([^"/]*\.safetensors\)".*/\1/p' -e 's/.*:[[:space:]]*"\([^"/]*\.bin\)".*/\1/p' | sort -u)
    IFS=$newline
    for part in $parts; do set -- "$@" "$1/$part"; done
    unset IFS
    break
  done
  folder=$1
  shift
  for file; do [ -s "$file" ] && [ -r "$file" ] || missing=${missing:-${file#"$folder/"}}; done
  [ $# -eq 0 ] || [ -n "$missing" ] || weights_kib=$(limited 5 du -Lkc "$@" | awk 'END { print $1 }')
}
# Any one of them is enough for AutoTokenizer; a vocab.json alone is not.
find_tokenizer() {
  tokenizer=''
  for name in tokenizer.json tokenizer.model vocab.txt spiece.model sentencepiece.bpe.model vocab.json; do
    [ -s "$1/$name" ] && [ -r "$1/$name" ] || continue
    [ "$name" != vocab.json ] || [ -s "$1/merges.txt" ] || continue
    tokenizer=$name
    return
  done
}
# found=ROLE, name, path or hub, directory, state, config.json, weights, first missing part, KiB, tokenizer, KiB half
# downloaded, the model whose config.json names this tokenizer
say_found() {
  printf 'found=%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n' "$@"
}
look_in() {
  role=$1 name_of=$2 kind=$3 inside=$4 state=there config=0 incomplete=$5
  weights='' missing='' weights_kib='' tokenizer=''
  if [ ! -d "$inside" ]; then
    if [ -e "$inside" ]; then state=no_directory; else state=absent; fi
  elif ! { [ -r "$inside" ] && [ -x "$inside" ]; }; then
    state=closed
  else
    [ -s "$inside/config.json" ] && [ -r "$inside/config.json" ] && config=1
    find_weights "$inside"
    find_tokenizer "$inside"
  fi
  say_found "$role" "$name_of" "$kind" "$inside" "$state" "$config" "$weights" "$missing" "$weights_kib" "$tokenizer" "$incomplete" "$owner"
}
is_whole() {
  [ "$config" = 1 ] && [ -n "$tokenizer" ] && { [ "$1" = tokenizer ] || { [ -n "$weights" ] && [ -z "$missing" ]; }; }
}
look_in_cache() {
  of_model=$(hub_cache)/models--$(printf %s "$2" | sed 's,/,--,g')
  revision=$(cat "$of_model/refs/main" 2>/dev/null)
  half=$(find "$of_model/blobs" -name '*.incomplete' -exec du -k {} + 2>/dev/null | awk '{ n += $1 } END { print n }')
  look_in "$1" "$2" hub "$of_model/snapshots/${revision:-none}" "$half"
  is_whole "$1" || [ "$offline" = 1 ] || absent=${absent}models/$2$newline
}
# The program takes the tokenizer of a model in a folder from the name that its config.json keeps: dschat/utils/utils.py,
# load_hf_tokenizer.
look_at_path() {
  owner='' inside=$(expand "$1")
  look_in model "$1" path "$inside" ''
  [ "$config" = 1 ] || return 0
  origin=$(tr ',' '\n' <"$inside/config.json" |
    sed -n 's/.*"_name_or_path"[[:space:]]*:[[:space:]]*"\([^"]*\)".*/\1/p' | head -n 1)
  owner=$1
  case $origin in
    '' | "$inside" | "$inside/") ;;
    /*) look_in tokenizer "$origin" path "$origin" '' ;;
    *) look_in_cache tokenizer "$origin" ;;
  esac
}
# folder=path, state, the files of it that can be read
look_at_folder() {
  files='' folder=$(expand "$1")
  if [ ! -e "$folder" ]; then
    state=absent
  elif [ ! -d "$folder" ]; then
    state=no_directory
  elif ! { [ -r "$folder" ] && [ -x "$folder" ]; }; then
    state=closed
  else
    state=there
    for name in train.json eval.json dataset_dict.json dataset_info.json; do
      [ -s "$folder/$name" ] && [ -r "$folder/$name" ] && files="$files $name"
    done
  fi
  printf 'folder=%s\t%s\t%s\n' "$1" "$state" "${files# }"
}
# data=name, directory, state, KiB: what load_dataset keeps of a hub's data set, as CachedDatasetModuleFactory of the package
# datasets looks for it. One that was cut off is named .incomplete.
look_at_data() {
  [ -n "${HF_DATASETS_CACHE:-}$is_place_told" ] || look_at_place HF_DATASETS_CACHE "$(data_cache)"
  is_place_told=1
  case $1 in */*) owner_of=${1%/*}___ ;; *) owner_of='' ;; esac
  snake=$(printf %s "${1##*/}" | sed -e 's/\([A-Z]\{1,\}\)\([A-Z][a-z]\)/\1_\2/g' -e 's/\([a-z0-9]\)\([A-Z]\)/\1_\2/g' |
    tr '[:upper:]' '[:lower:]')
  kept=$(data_cache)/$owner_of$snake state=absent kib=''
  info=$(limited 5 find "$kept" -mindepth 4 -maxdepth 4 -name dataset_info.json ! -path '*.incomplete/*' | head -n 1)
  if [ -n "$info" ]; then
    state=there
    kib=$(limited 5 du -Lk -s "${info%/*}" | awk '{ print $1 }')
  elif [ -d "$kept" ] && ! { [ -r "$kept" ] && [ -x "$kept" ]; }; then
    state=closed
  fi
  printf 'data=%s\t%s\t%s\t%s\n' "$1" "$kept" "$state" "$kib"
  [ "$state" != absent ] || [ "$data_offline" = 1 ] || absent=${absent}datasets/$1$newline
}
ask_hub() {
  for python in "${environment:+$environment/bin/python}" python3 python; do
    [ -n "$python" ] && command -v "$python" >/dev/null 2>&1 && break
    python=''
  done
  [ -n "$python" ] || return 0
  IFS=$newline
  # shellcheck disable=SC2086 # One name a line.
  limited "$((seconds + 1))" "$python" -I -c "$program" "$seconds" $absent
  unset IFS
}

set -f
environment=$(expand "$environment") work=$(expand "$work")
echo begin=1
printf 'user=%s\n' "$(id -un 2>/dev/null)"
look_at_place work "$work"
look_at_place hub "$(hub_cache)"
set +f
printf 'port=%s\n' "$(free_port "$work" '')"
set -f
if is_on "${HF_HUB_OFFLINE:-}${TRANSFORMERS_OFFLINE:-}"; then offline=1; else offline=0; fi
if [ "$offline" = 1 ] || is_on "${HF_DATASETS_OFFLINE:-}"; then data_offline=1; else data_offline=0; fi
printf 'offline=%s\n' "$offline"
printf 'dataoffline=%s\n' "$data_offline"
if has_token; then echo token=1; else echo token=0; fi
while [ $# -gt 1 ]; do
  case $1 in
    path) look_at_path "$2" ;;
    hub) owner='' && look_in_cache model "$2" ;;
    data) look_at_data "$2" ;;
    folder) look_at_folder "$2" ;;
    writes) look_at_place "${2%%=*}" "$(expand "${2#*=}")" ;;
  esac
  shift 2
done
[ -z "$absent" ] || ask_hub
echo end=1
