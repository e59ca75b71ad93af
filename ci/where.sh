#!/usr/bin/env bash
# Decides what the action does and where: prints outputs of a step, one a line.
#
# ASKED: the command, or auto. CACHE: true or false. DEFAULT_BRANCH, PYTHON: as they are called.
set -euo pipefail

fail() {
  printf '::error title=postkin::%s\n' "$1"
  exit 2
}

case "$ASKED" in
  check | report) command=$ASKED ;;
  auto)
    case "$GITHUB_EVENT_NAME" in
      pull_request | merge_group) command=check ;;
      *) command=report ;;
    esac
    ;;
  *) fail "The input command is none of auto, check and report." ;;
esac

requirements=$GITHUB_ACTION_PATH/ci/requirements-$command.txt
# -I: nothing of the checkout, which the working folder is in, is imported.
key=$("$PYTHON" -I - "$requirements" <<'SCRIPT'
import hashlib, pathlib, platform, sys
if not (3, 11) <= sys.version_info < (3, 14):
    sys.exit(1)
digest = hashlib.sha256(pathlib.Path(sys.argv[1]).read_bytes()).hexdigest()[:16]
print(f"{platform.system()}-{platform.machine()}-{platform.python_version()}-{digest}")
SCRIPT
) || fail "Postkin needs a Python from 3.11 to 3.13."
format=$(sed -n 's/^FORMAT = //p' "$GITHUB_ACTION_PATH/transforms/state/files.py")

# A cache of the default branch is read by everybody's pull requests, so that only runs on what is merged write it.
keep=false
case "$GITHUB_EVENT_NAME" in
  push | schedule | workflow_dispatch)
    [[ $CACHE == true && $GITHUB_REF == "refs/heads/$DEFAULT_BRANCH" ]] && keep=true
    ;;
esac

place=$RUNNER_TEMP/postkin
{
  printf 'command=%s\n' "$command"
  printf 'requirements=%s\n' "$requirements"
  printf 'venv=%s\n' "$place/venv-$command"
  printf 'venv-key=%s\n' "postkin-venv-$command-$key"
  printf 'state=%s\n' "$place/state"
  printf 'state-key=%s\n' "postkin-state-$format-$GITHUB_RUN_ID-$GITHUB_RUN_ATTEMPT"
  printf 'state-keys=%s\n' "postkin-state-$format-"
  printf 'results=%s\n' "$place/results"
  printf 'keep=%s\n' "$keep"
} >>"$GITHUB_OUTPUT"
