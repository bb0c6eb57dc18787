#!/bin/sh
# preview-data.sh KIND NAME ROWS SECONDS ENVIRONMENT APPLICATION PROGRAM [NAME=VALUE…]: the first ROWS rows of a data set, as JSON
# lines, read by PROGRAM (preview-hub.py, preview-json.py and preview-data.py) with the Python and the variables that a training
# there would have.
# KIND practice: by the practice node's own program.
kind=$1 name=$2 rows=$3 seconds=$4 environment=$5 application=$6 program=$7
shift 7
for variable; do export "${variable?}"; done
[ -z "$environment" ] || {
  PATH=$environment/bin:$PATH
  VIRTUAL_ENV=$environment
  export VIRTUAL_ENV
}
PYTHONPATH=$application${PYTHONPATH:+:$PYTHONPATH} PYTHONDONTWRITEBYTECODE=1
export PATH PYTHONPATH PYTHONDONTWRITEBYTECODE

limited() {
  if command -v timeout >/dev/null 2>&1; then timeout -k 2 "$((seconds + 5))" "$@"; else "$@"; fi 2>/dev/null
}

# A run begins with "deepspeed", so its first line says whose Python trains.
find_python() {
  launcher=$(command -v deepspeed 2>/dev/null)
  [ -z "$launcher" ] || IFS= read -r line <"$launcher" 2>/dev/null
  case ${line:-} in '#!'/*python*) python=${line#'#!'} ;; *) python='' ;; esac
  for candidate in "$python" "${environment:+$environment/bin/python}" python3 python; do
    [ -n "$candidate" ] && python=$(command -v "$candidate" 2>/dev/null) && return
  done
  python=''
}

if [ "$kind" = practice ]; then
  limited trainyard-preview "$name" "$rows"
else
  find_python
  if [ -z "$python" ]; then
    echo '{"type":"failure","code":"no_python","part":null}'
    echo '{"type":"end"}'
  else
    limited "$python" -c "$program" "$kind" "$name" "$rows" "$seconds" "$application"
  fi
fi
