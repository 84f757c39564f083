#!/usr/bin/env bash
# Installs the packages of one folder from its lock file, unless they stand there already.
#
#   scripts/npm.sh web|e2e
set -euo pipefail
cd "$(dirname "$0")/../$1"
stamp=node_modules/.installed-from
if ! cmp -s package-lock.json "$stamp"; then
  echo "== npm ci in $1/"
  npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
  cp package-lock.json "$stamp"
fi
