#!/usr/bin/env bash
# Copies what the pages load into web/dist, from where it goes into the program. A file that did not change keeps its
# time, so that nothing is built again for it.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
"$root/scripts/npm.sh" web
cd "$root/web"

files=(
  icon.svg theme.css app.js keys.js sign.js
  node_modules/htmx.org/dist/htmx.min.js
  node_modules/htmx.org/dist/ext/hx-sse.min.js
)
mkdir -p dist
wanted=()
for file in "${files[@]}"; do
  name=$(basename "$file")
  wanted+=("$name")
  cmp -s "$file" "dist/$name" || install -m 644 "$file" "dist/$name"
done
# What is no longer wanted goes, or it would be shipped for ever.
for path in dist/*; do
  name=$(basename "$path")
  [[ " ${wanted[*]} " == *" $name "* ]] || rm -f "$path"
done
