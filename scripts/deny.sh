#!/usr/bin/env bash
# Holds the dependencies to deny.toml: licences, bans, sources. Installs cargo-deny once, without optimisation, for it
# runs for a second. Advisories need a database from outside and are not asked for here.
set -euo pipefail
cd "$(dirname "$0")/.."
version=0.20.2
if ! cargo deny --version >/dev/null 2>&1; then
  echo "== installing cargo-deny $version, once (a few minutes)"
  cargo install --quiet --locked --debug --config 'profile.dev.debug=false' "cargo-deny@$version"
fi
cargo deny --locked --log-level error check bans licenses sources
