#!/usr/bin/env bash
# Installs what a bare Debian 12 machine lacks, and nothing that is there already.
#
#   scripts/bootstrap.sh run     what building and running needs
#   scripts/bootstrap.sh test    the same, with PostgreSQL, a browser and the PDF tools for the tests
#   scripts/bootstrap.sh bench   the same as run, with the load generator
#
# cargo, Node and npm are expected to be there. Nothing is started and no database cluster is made.
set -euo pipefail

packages=(gcc libc6-dev make curl ca-certificates)
case "${1:-run}" in
  run) ;;
  test) packages+=(postgresql-15 chromium fonts-noto-cjk poppler-utils) ;;
  bench) packages+=(wrk) ;;
  *) echo "usage: scripts/bootstrap.sh run|test|bench" >&2; exit 2 ;;
esac

for tool in cargo node npm; do
  command -v "$tool" >/dev/null || { echo "bootstrap: $tool is missing; install Rust (1.94 or newer) and Node (20 or newer) first" >&2; exit 1; }
done

# A system that is not Debian brings the same tools under other package names: its people install them.
if ! command -v dpkg-query >/dev/null; then
  echo "bootstrap: not a Debian system; expecting the counterparts of: ${packages[*]}" >&2
  exit 0
fi

missing=()
for package in "${packages[@]}"; do
  status=$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null || true)
  [ "$status" = installed ] || missing+=("$package")
done
[ "${#missing[@]}" -gt 0 ] || exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  if ! command -v sudo >/dev/null; then
    echo "bootstrap: these packages are missing and only root can install them: ${missing[*]}" >&2
    echo "           run as root: apt-get update && apt-get install ${missing[*]}" >&2
    exit 1
  fi
  as_root=(sudo)
fi

echo "== installing ${missing[*]}"
# The tests make clusters of their own; the package's default cluster would only take a port and memory.
if [[ " ${missing[*]} " == *" postgresql-15 "* ]]; then
  "${as_root[@]}" mkdir -p /etc/postgresql-common/createcluster.d
  echo "create_main_cluster = false" | "${as_root[@]}" tee /etc/postgresql-common/createcluster.d/bangban.conf >/dev/null
fi
log=$(mktemp)
trap 'rm -f "$log"' EXIT
quiet() {
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive "$@" >"$log" 2>&1 </dev/null || { tail -n 30 "$log" >&2; exit 1; }
}
quiet apt-get update
quiet apt-get install --yes --no-install-recommends -o Dpkg::Options::=--force-confold "${missing[@]}"
