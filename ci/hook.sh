#!/usr/bin/env bash
# A hook of pre-commit: runs a command of Postkin with no more installed than a check needs, beside this file.
#
# pre-commit's own `language: python` would install all that a report needs.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
for PYTHON in python3.13 python3.12 python3.11 python3; do
  "$PYTHON" -I -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null && break
  PYTHON=
done
if [[ -z $PYTHON ]]; then
  echo "postkin: the hook needs a Python from 3.11 to 3.13" >&2
  exit 2
fi
export PYTHON VENV=$here/.venv-hook REQUIREMENTS=$here/ci/requirements-check.txt
bash "$here/ci/install.sh" >&2
export PYTHONPATH=$here PYTHONSAFEPATH=1
exec "$VENV/bin/python" -P -m jobs "$@"
