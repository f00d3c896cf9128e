#!/usr/bin/env bash
# VNN-COMP: run_instance.sh v1 CATEGORY ONNX VNNLIB RESULT TIMEOUT. Writes RESULT.
set -euo pipefail
[ "${1-}" = v1 ] || { echo "expected the version v1, got '${1-}'" >&2; exit 1; }
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
exec "$root/.venv/bin/abduce" vnncomp "$@"
