#!/bin/sh
# read-flags.sh VIRTUAL_ENVIRONMENT EXAMPLES_DIRECTORY PROGRAM: runs PROGRAM (read-flags.py) over the DeepSpeed-Chat folder of a
# checkout, with the Python that trains. Prints nothing when there is no Python or no checkout.
# shellcheck disable=SC2088 # The tilde comes from a setting, as text.
case $1 in
  '~/'*) environment=$HOME/${1#'~/'} ;;
  *) environment=$1 ;;
esac
for python in "${environment:+$environment/bin/python}" python3 python; do
  [ -n "$python" ] && command -v "$python" >/dev/null 2>&1 && break
done
case $2 in
  */DeepSpeed-Chat) application=$2 ;;
  *) application=$2/applications/DeepSpeed-Chat ;;
esac
command -v "$python" >/dev/null 2>&1 && [ -d "$application/training" ] || exit 0
# -I: neither the working directory nor PYTHONPATH has a say in what is imported.
PYTHONDONTWRITEBYTECODE=1 "$python" -I -c "$3" "$application"
