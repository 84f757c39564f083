#!/usr/bin/env bash
# cargo build with short progress: one line for each fifty crates instead of one for each. Warnings and errors come through whole.
#
#   scripts/build.sh --workspace        the debug profile; the same units as the tests', so nothing is built twice
#   scripts/build.sh --release -p bangban
set -euo pipefail
cd "$(dirname "$0")/.."
cargo build --locked "$@" 2>&1 | awk -v start="$(date +%s)" '
  /^ +Compiling / { if (++n % 50 == 0) { "date +%s" | getline now; close("date +%s"); printf "   %d crates, %d s\n", n, now - start; fflush() } next }
  /^ +(Updating|Locking|Adding|Downloading|Downloaded|Finished|Blocking) / { next }
  { print; fflush() }'
