#!/usr/bin/env bash
# Installs what a command needs into a virtual environment, unless it is there: wheels alone, each by its hash.
#
# PYTHON: makes the environment. REQUIREMENTS: the file of what it needs. VENV: its folder.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
cd "$here" # -I and this: nothing of the checkout that the working folder is in is imported
python=$VENV/bin/python
if ! cmp -s "$VENV/installed" "$REQUIREMENTS" || ! "$python" -I -c '' 2>/dev/null; then
  rm -rf "$VENV"
  "$PYTHON" -I -m venv "$VENV"
  "$python" -I -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: \
    --requirement "$REQUIREMENTS"
  cp "$REQUIREMENTS" "$VENV/installed"
fi
