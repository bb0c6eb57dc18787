#!/bin/sh
# prepare-node.sh prepare|uninstall: makes (or removes) an environment for training under $PREPARE_ENV, in user space only.
# Runs as the command of a job of job.sh; its settings come in the environment: server/worker/preparations/README.md.
# Every step may be cut off anywhere and run again. What is made here has a mark under $PREPARE_ENV/.trainyard; nothing without
# one is changed or removed. POSIX sh for dash, bash and busybox.
LC_ALL=C
GIT_TERMINAL_PROMPT=0
PYTHONNOUSERSITE=1
PIP_CACHE_DIR=$PREPARE_ENV/pip-cache
export LC_ALL GIT_TERMINAL_PROMPT PYTHONNOUSERSITE PIP_CACHE_DIR
unset VIRTUAL_ENV PYTHONPATH PYTHONHOME PIP_USER PIP_TARGET PIP_PREFIX PIP_REQUIRE_VIRTUALENV

job=$TRAINYARD_DIRECTORY
marks=$PREPARE_ENV/.trainyard
venv=$PREPARE_ENV/venv
examples=$PREPARE_ENV/DeepSpeedExamples
python=$venv/bin/python
output=$job/output

# tell STATE [NOTE]: how the step stands, for server/worker/preparations/parse-steps.ts.
tell() {
  printf '%s %s %s %s\n' "$step" "$1" "$(date +%s)" "$(printf %s "$2" | tr '\n' ' ')" >>"$job/steps"
}
begin() {
  step=$1
  printf '\n==> %s\n' "$2"
  tell running
}
end() {
  tell "$1" "$2"
  printf '%s%s\n' "$1" "${2:+: $2}"
}
fail() {
  printf '\nfailed: %s\n' "$1"
  tell failed "$1"
  exit 1
}

# Runs a program with its output in the log, live, and in $output, for `explain`.
logged() {
  rm -f "$job/pipe"
  mkfifo "$job/pipe" || return 1
  tee "$output" <"$job/pipe" &
  "$@" >"$job/pipe" 2>&1
  status=$?
  wait $!
  return $status
}
# What it said, without empty lines. Progress may hold any byte, and grep shows no line of what it takes for binary.
words() { tr -d '\000' <"$output" | tr '\r' '\n' | sed -n '/[^[:space:]]/p'; }
said() { words | grep -Eqi -e "$1"; }

# What pip, git or the hub said, as the setting that has to be changed.
explain() {
  if said 'No space left on device|disk quota exceeded'; then
    echo "The disk of $PREPARE_ENV is full: free some space, or set another work directory for the node."
  elif said 'ProxyError|Cannot connect to proxy|Tunnel connection failed|proxy CONNECT aborted|resolve proxy'; then
    echo 'The proxy did not let it through: check the setting Proxy with its user and password.'
  elif said '401 |403 |Unauthorized|Forbidden|Authentication failed|could not read Username'; then
    echo "Access was refused: check the user and password of $1."
  elif said 'CERTIFICATE_VERIFY_FAILED|SSLError|certificate problem'; then
    echo "The certificate was not accepted: check $1, or set the certificate file in the node's environment."
  elif said 'NewConnectionError|ConnectTimeout|Name or service not known|name resolution|Could not resolve host|Connection refused|timed out'; then
    echo "It could not be reached: check $1 and the setting Proxy."
  elif said 'No matching distribution|Could not find a version|ResolutionImpossible'; then
    missing=$(sed -n 's/.*No matching distribution found for \([^ ]*\).*/\1/p' "$output" | head -n 1)
    echo "The package index has no ${missing:-such package} for this Python: check $1."
  elif said 'dubious ownership'; then
    echo "git does not trust a directory of another user: give it to the node's user, or list it in git's safe.directory there."
  elif said 'does not appear to be a git repository|the repository exists|repository .* not found'; then
    echo "There is no repository to read: check $1."
  else
    last=$(words | tail -n 1)
    echo "${last:-It ended without a word.}"
  fi
}

# claim NAME: $PREPARE_ENV/NAME is ours from now on, or the step fails.
claim() {
  [ -e "$marks/$1" ] && [ -d "$PREPARE_ENV/$1" ] && return
  mkdir "$PREPARE_ENV/$1" 2>/dev/null || [ -z "$(ls -A "$PREPARE_ENV/$1" 2>&1)" ] ||
    fail "$PREPARE_ENV/$1 is there already and was not made by Trainyard: move it away."
  : >"$marks/$1" || fail "$marks cannot be written to: is the disk full?"
}
# A mark's content says what was completed; empty: begun.
completed() { cat "$marks/$1" 2>/dev/null; }
finish_mark() { printf '%s\n' "$2" >"$marks/$1.t" && mv -f "$marks/$1.t" "$marks/$1"; }

claim_root() {
  [ -d "$marks" ] && return
  mkdir -p "$PREPARE_ENV" 2>/dev/null || fail "$PREPARE_ENV cannot be made: check the node's work directory."
  [ -z "$(ls -A "$PREPARE_ENV")" ] || fail "$PREPARE_ENV holds files and was not made by Trainyard: move it away."
  mkdir "$marks" || fail "$PREPARE_ENV cannot be written to."
}

prepare_environment() {
  begin environment 'virtual environment'
  claim_root
  base=$(command -v "$PREPARE_PYTHON") ||
    fail "Python was not found: the setting Python names \"$PREPARE_PYTHON\"."
  wanted=$("$base" -c 'import sys; print(sys.executable, "%d.%d" % sys.version_info[:2])') ||
    fail "$base does not start: check the setting Python."
  "$base" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
    fail "$wanted is too old: Python 3.11 or later is needed. Name another in the setting Python."
  claim venv
  if [ "$(completed venv)" = "$wanted" ] && "$python" -m pip --version; then
    end kept "Python ${wanted##* }"
    return
  fi
  : >"$marks/venv"
  logged "$base" -m venv --clear "$venv" || make_without_ensurepip ||
    fail "The virtual environment could not be made: $(words | head -n 1) Python's venv module needs its pip (on Debian and Ubuntu: package python3-venv); name another interpreter in the setting Python."
  finish_mark venv "$wanted"
  end 'done' "Python ${wanted##* }"
}

# Debian's Python without python3-venv: the pip of the interpreter itself installs one into the environment.
make_without_ensurepip() {
  "$base" -m pip --version >/dev/null 2>&1 && "$base" -m venv --clear --without-pip "$venv" &&
    "$base" -m pip --python "$python" install pip
}

# pip_install ARGUMENT…: "kept" when nothing changed by it.
pip_install() {
  before=$("$python" -m pip freeze --all 2>/dev/null)
  logged "$python" -m pip install --no-input --disable-pip-version-check --progress-bar off "$@" ||
    fail "$(explain 'the setting Index URL (and Extra index URL)')"
  if [ "$before" = "$("$python" -m pip freeze --all 2>/dev/null)" ]; then end kept "$note"; else end 'done' "$note"; fi
}

prepare_torch() {
  begin torch 'PyTorch'
  if [ -n "$PREPARE_TORCH" ]; then printf '%s\n' "$PREPARE_TORCH" >"$job/torch.lock"; fi
  note=$(grep -E '^torch==' "$job/torch.lock" | sed 's/[[:space:];#].*//')
  pip_install -r "$job/torch.lock"
}

# torch is held at what was just installed: another build of it would have another version.
prepare_packages() {
  begin packages 'packages of the lock set'
  "$python" -m pip freeze --all 2>/dev/null | grep -E '^torch==' >"$job/constraints.txt"
  note="$(grep -c '^[A-Za-z0-9]' "$job/requirements.lock") requirements"
  pip_install -r "$job/requirements.lock" -c "$job/constraints.txt"
}

# 0 when nobody changed the checkout since it was made; else $changes names some of it.
is_unchanged() {
  made=$(completed DeepSpeedExamples)
  case $made in
  archive*) changes=$(find "$examples" -name __pycache__ -prune -o -type f -newer "$marks/DeepSpeedExamples" -print | head -n 3) ;;
  *) if [ -n "$made" ] || [ -e "$examples/.git" ]; then changes=$(clone_changes "${made#clone }" 2>&1 | head -n 3); else changes=; fi ;;
  esac
  [ -z "$changes" ]
}
# What somebody did in the clone since its commit $1 was put there; '': one was being put there when it was cut off.
clone_changes() {
  cd "$examples" || return
  if ! command -v git >/dev/null || ! [ -e .git ] || ! git rev-parse --git-dir >/dev/null; then
    echo 'git cannot read it'
    return
  fi
  # We work on no branch and stash nothing.
  git for-each-ref --format='branch %(refname:short)' refs/heads
  git stash list
  head=$(git rev-parse -q --verify HEAD)
  if [ -n "$1" ]; then
    [ "$head" = "$1" ] || echo "commit ${head:-none}"
    git status --porcelain
  elif [ -n "$head" ]; then
    git log -g --format='%gs' HEAD -- | grep -v '^checkout:'
    half_put
  fi
}
# Files that are neither of HEAD nor of the commit that was being put in its place. A file that lacks is nobody's work.
half_put() {
  {
    git -c core.quotePath=false diff --name-only --diff-filter=d HEAD
    git -c core.quotePath=false ls-files -o --exclude-standard
  } | while IFS= read -r file; do
    [ "$(git hash-object -- "$file")" = "$(git rev-parse -q --verify "FETCH_HEAD:$file")" ] || echo "$file"
  done
}
without_application() { fail "There is no applications/DeepSpeed-Chat in it: check $1."; }

prepare_examples() {
  begin examples 'DeepSpeedExamples'
  claim DeepSpeedExamples
  case $PREPARE_SOURCE$(completed DeepSpeedExamples) in
  clonearchive*)
    is_unchanged || fail "$examples has changes of your own ($changes): move them away."
    : >"$marks/DeepSpeedExamples"
    rm -rf "$examples" && mkdir "$examples"
    ;;
  esac
  "examples_by_$PREPARE_SOURCE"
}

examples_by_clone() {
  command -v git >/dev/null || fail 'git is missing on the node: install it, or choose an archive as the source.'
  cd "$examples" || fail "$examples cannot be entered."
  [ -n "$(completed DeepSpeedExamples)" ] || rm -f .git/index.lock .git/HEAD.lock .git/shallow.lock .git/config.lock
  logged git init -q || fail "$(explain 'the disk')"
  printf '%s\n' __pycache__/ '*.egg-info/' >.git/info/exclude
  is_unchanged || fail "$examples has changes of your own ($changes): move them away, then prepare again."
  if [ "$(completed DeepSpeedExamples)" = "clone $PREPARE_REF" ] && [ "$(git rev-parse HEAD)" = "$PREPARE_REF" ]; then
    end kept "$PREPARE_REF"
    return
  fi
  if logged git fetch -q --depth 1 --no-tags "$PREPARE_URL" "$PREPARE_REF"; then
    commit=$(git rev-parse -q --verify 'FETCH_HEAD^{commit}')
  else
    # An abbreviated commit cannot be asked for by itself.
    logged git fetch -q --tags "$PREPARE_URL" '+refs/heads/*:refs/remotes/origin/*' ||
      fail "$(explain 'the setting Repository')"
    commit=$(git rev-parse -q --verify "$PREPARE_REF^{commit}")
  fi
  if [ -z "$commit" ]; then fail "The repository has no $PREPARE_REF: check the setting Commit."; fi
  git cat-file -e "$commit:applications/DeepSpeed-Chat/training" 2>/dev/null ||
    without_application 'the settings Repository and Commit'
  before=$(completed DeepSpeedExamples)
  : >"$marks/DeepSpeedExamples"
  logged git checkout -q -f --detach "$commit" || fail "$(explain 'the disk')"
  finish_mark DeepSpeedExamples "clone $commit"
  if [ "$before" = "clone $commit" ]; then end kept "$commit"; else end 'done' "$commit"; fi
}

examples_by_archive() {
  if [ "$(completed DeepSpeedExamples)" = "archive $PREPARE_ARCHIVE_SHA256" ]; then
    end kept "$PREPARE_ARCHIVE_NAME"
    return
  fi
  is_unchanged || fail "$examples has changes of your own ($changes): move them away, then prepare again."
  rm -rf "$marks/unpacked"
  logged "$python" "$job/extract-archive.py" "$job/archive" "$marks/unpacked" || fail "$(explain 'the archive')"
  root=$(cat "$marks/unpacked/root")
  [ -d "$root/applications/DeepSpeed-Chat/training" ] || without_application 'the archive'
  : >"$marks/DeepSpeedExamples"
  rm -rf "$examples"
  mv "$root" "$examples" || fail 'The archive could not be moved into place: is the disk full?'
  rm -rf "$marks/unpacked"
  finish_mark DeepSpeedExamples "archive $PREPARE_ARCHIVE_SHA256"
  end 'done' "$PREPARE_ARCHIVE_NAME"
}

# A .pth file is what an editable install comes to; it needs no build tools, no index and writes nothing into the checkout.
prepare_application() {
  begin application 'DeepSpeed-Chat'
  site=$("$python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))') || fail "$python does not start."
  link=$site/trainyard-deepspeed-chat.pth
  before=$(cat "$link" 2>/dev/null)
  printf '%s\n' "$examples/applications/DeepSpeed-Chat" >"$link" || fail "$link cannot be written."
  cd "$examples/applications/DeepSpeed-Chat/training/step1_supervised_finetuning" || fail 'The first stage has no directory.'
  logged "$python" -c 'import importlib.util, sys; sys.exit(importlib.util.find_spec("dschat") is None)' ||
    fail 'The package dschat is not found: this commit of DeepSpeedExamples has none. Check the setting Commit.'
  if [ "$before" = "$(cat "$link")" ]; then end kept; else end 'done'; fi
}

# by_program PROGRAM: a Python program that says in $job/note how it went; 3: left out, 4: all was there.
by_program() {
  rm -f "$job/note"
  logged "$python" -u "$job/$1" "$job/note"
  status=$?
  note=$(cat "$job/note" 2>/dev/null)
  case $status in
  0) end 'done' "$note" ;;
  3) end skipped "$note" ;;
  4) end kept "$note" ;;
  *) fail "${note:-$(explain 'the network')}" ;;
  esac
}

prepare_ops() {
  begin ops 'operators of DeepSpeed'
  claim torch-extensions
  by_program build-ops.py
}

prepare_models() {
  begin models 'models'
  [ "$HF_HOME" = "$PREPARE_ENV/huggingface" ] && claim huggingface
  by_program warm-cache.py
}

prepare_check() {
  begin check 'everything together'
  cd "$examples/applications/DeepSpeed-Chat/training/step1_supervised_finetuning" || fail 'The first stage has no directory.'
  by_program check-environment.py
}

prepare() {
  prepare_environment
  prepare_torch
  prepare_packages
  prepare_examples
  prepare_application
  prepare_ops
  prepare_models
  prepare_check
}

# remove_ours NAME: what has a mark goes, then its mark.
remove_ours() {
  [ -e "$marks/$1" ] || return 1
  rm -rf "${PREPARE_ENV:?}/$1" || fail "$PREPARE_ENV/$1 could not be removed."
  rm -f "$marks/$1"
}

uninstall() {
  begin models 'models'
  if remove_ours huggingface; then end 'done'; else end kept 'none are inside the environment'; fi
  begin examples 'DeepSpeedExamples'
  if [ ! -e "$marks/DeepSpeedExamples" ]; then
    end kept 'there is none of ours'
  elif is_unchanged; then
    remove_ours DeepSpeedExamples
    end 'done'
  else
    end skipped "It has changes of your own and stays: $changes"
  fi
  begin environment 'virtual environment'
  found=
  for name in venv torch-extensions; do remove_ours "$name" && found=1; done
  [ -d "$marks" ] && rm -rf "${PREPARE_ENV:?}/pip-cache"
  rm -rf "$marks/unpacked"
  rmdir "$marks" 2>/dev/null
  rmdir "$PREPARE_ENV" 2>/dev/null
  left=$(find "$PREPARE_ENV" -mindepth 1 -maxdepth 1 ! -name .trainyard 2>/dev/null | head -n 3 | tr '\n' ' ')
  if [ -n "$found" ]; then end 'done' "${left:+Not made by Trainyard, or changed, and left there: $left}"; else end kept 'there is none of ours'; fi
}

# Once read, the secrets are in the memory of this job alone.
rm -f "$job/env"
: >"$job/steps"
for earlier in "${job%/*}"/*; do
  if [ "$earlier" != "$job" ] && [ -e "$earlier/exit" ]; then rm -rf "$earlier"; fi
done
case $1 in
prepare) prepare ;;
uninstall) uninstall ;;
esac
