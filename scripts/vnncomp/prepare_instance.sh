#!/usr/bin/env bash
# VNN-COMP: prepare_instance.sh v1 CATEGORY ONNX VNNLIB. Nothing is converted; 1 if a file is missing.
set -euo pipefail
[ "${1-}" = v1 ] || { echo "expected the version v1, got '${1-}'" >&2; exit 1; }
[ $# -ge 4 ] || { echo "usage: $0 v1 CATEGORY ONNX VNNLIB" >&2; exit 1; }
for file in "$3" "$4"; do
  [ -r "$file" ] || [ -r "$file.gz" ] || { echo "no such file: $file" >&2; exit 1; }
done
