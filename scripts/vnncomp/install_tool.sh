#!/usr/bin/env bash
# VNN-COMP: install_tool.sh v1. Puts Abduce into .venv beside this repository's README; no root needed.
set -euo pipefail
[ "${1-}" = v1 ] || { echo "expected the version v1, got '${1-}'" >&2; exit 1; }
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
[ -x "$root/.venv/bin/python" ] || "${PYTHON:-python3}" -m venv "$root/.venv"
"$root/.venv/bin/python" -m pip install --quiet --upgrade 'pip>=25.1'
"$root/.venv/bin/python" -m pip install --quiet -c "$root/constraints.txt" "$root[verify]"
"$root/.venv/bin/abduce" --version
