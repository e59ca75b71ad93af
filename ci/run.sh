#!/usr/bin/env bash
# Runs the command on the checkout in the working folder, and says what came of it.
#
# COMMAND: check or report. POSTS, ARGS: a word a line. CONFIG, FAIL_ON: values of flags, or empty. VENV, STATE,
# RESULTS: folders.
set -euo pipefail

# The action's own folder is the package. -P: not the working folder, where a pull request may have put one.
export PYTHONPATH=$GITHUB_ACTION_PATH PYTHONSAFEPATH=1
python=$VENV/bin/python
flags=()

add_lines() { # FLAG TEXT: the flag, if it has a name, and a word for each line that is not empty
  local line first=$1
  while IFS= read -r line || [[ -n $line ]]; do
    line=${line%$'\r'}
    [[ -z $line ]] && continue
    [[ -n $first ]] && flags+=("$first") && first=
    flags+=("$line")
  done <<<"$2"
}

output() {
  printf '%s=%s\n' "$1" "$2" >>"$GITHUB_OUTPUT"
}

mkdir -p "$RESULTS"
rm -rf "$RESULTS/check.json" "$RESULTS/check.sarif" "$RESULTS/report"
[[ -n $CONFIG ]] && flags+=("--config=$CONFIG")
add_lines --input "$POSTS"
if [[ $COMMAND == check ]]; then
  [[ -n $FAIL_ON ]] && flags+=("--fail-on=$FAIL_ON")
  [[ -f $STATE/state/state.json ]] && flags+=("--state=$STATE")
  flags+=(--format=github --format=markdown "--format=json=$RESULTS/check.json" "--format=sarif=$RESULTS/check.sarif")
else
  flags+=("--output=$RESULTS/report")
fi
add_lines "" "$ARGS"

code=0
"$python" -P -m jobs "$COMMAND" "${flags[@]}" 2>"$RESULTS/errors" || code=$?
output exit-code "$code"

# What it says of errors may have text of others, of which no line shall be taken for a command.
if [[ -s $RESULTS/errors ]]; then
  token=$("$python" -I -c 'import secrets; print(secrets.token_hex())')
  printf '::stop-commands::%s\n' "$token"
  cat "$RESULTS/errors"
  printf '\n::%s::\n' "$token"
fi
if [[ $code -ge 2 || ($COMMAND == report && $code -ne 0) ]]; then
  last=$(grep -v '^[[:space:]]*$' "$RESULTS/errors" | tail -n 1 | tr -d '\r' | sed 's/%/%25/g' || true)
  printf '::error title=postkin %s::%s\n' "$COMMAND" "${last:-It failed without a word.}"
fi

if [[ -f $RESULTS/check.json ]]; then
  "$python" -I - "$RESULTS/check.json" >>"$GITHUB_OUTPUT" <<'SCRIPT'
import json, pathlib, sys
check = json.loads(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8"))
print(f"findings={len(check['findings'])}\nerrors={int(check['counts']['error'])}")
SCRIPT
  output json "$RESULTS/check.json"
  output sarif "$RESULTS/check.sarif"
fi
if [[ -f $RESULTS/report/summary.md ]]; then
  output report "$RESULTS/report"
  head -c 1000000 "$RESULTS/report/summary.md" >>"$GITHUB_STEP_SUMMARY"
fi
if [[ -f $RESULTS/report/state/state.json ]]; then
  rm -rf "$STATE" && mkdir "$STATE"
  cp -R "$RESULTS/report/state" "$RESULTS/report/model" "$STATE"
fi
exit "$code"
