#!/usr/bin/env bash
# Everything that CI runs: form, architecture, licences, lints, tests on both databases, browser.
# The quick checks come first, so that a slip shows early.
set -euo pipefail
cd "$(dirname "$0")/.."
export CARGO_TERM_COLOR=${CARGO_TERM_COLOR:-auto}
step() { printf '\n== %s (%d s)\n' "$1" "$SECONDS"; }

step "packages"
scripts/bootstrap.sh test
scripts/web.sh
scripts/fonts.sh
scripts/npm.sh e2e
cargo fetch --locked --quiet

step "form"
cargo fmt --all --check

step "architecture"
cargo xtask check

step "licences, bans, sources"
scripts/deny.sh

step "lints"
cargo clippy --workspace --all-targets --locked --quiet -- -D warnings

step "tests"
# Not nextest: it gives each test a process of its own, and each process that wants PostgreSQL would start one.
cargo test --workspace --locked --no-fail-fast

step "browser"
scripts/build.sh --workspace
node --test --test-reporter=spec e2e/tests/*.test.mjs

step "all passed"
