#!/usr/bin/env bash
# The load scenarios, each beside a bare route of the same framework: installs wrk, builds the release, prepares the data, runs,
# prints one table and keeps it in bench/output. docs/benchmarks.md says what the numbers mean.
#
#   bench/run.sh                        1,000 and 100,000 cases
#   BENCH_CASES="1000" bench/run.sh     only so many
#
# The prepared databases stay in bench/output, so that a second run begins at once; remove the folder to make them anew.
# All traffic stays on loopback, with eight connections and five seconds a scenario.
set -euo pipefail
cd "$(dirname "$0")/.."
sizes=${BENCH_CASES:-1000 100000}
out=bench/output
seed=2026
scripts/bootstrap.sh bench
echo "== building the release (a quarter of an hour or more from nothing)"
scripts/build.sh --release -p bangban -p bench
mkdir -p "$out"
export RUST_LOG=warn

if [ ! -e "$out/simulated.db" ]; then
  echo "== simulating 1,000 cases"
  rm -rf "$out"/making.db* "$out/data"
  target/release/bangban simulate --cases 1000 --seed "$seed" --database "sqlite:$out/making.db" --data "$out/data" --fonts fonts >"$out/simulate.log"
  mv "$out/making.db" "$out/simulated.db"
fi
for size in $sizes; do
  database=$out/$size.db
  # The small one is copied for each run: commands change it, and there are few cases to share the changes.
  if [ "$size" -le 1000 ]; then
    rm -f "$database" "$database-wal" "$database-shm"
    cp "$out/simulated.db" "$database"
  elif [ ! -e "$database" ]; then
    echo "== making $size cases of 1,000"
    rm -f "$out"/making.db*
    cp "$out/simulated.db" "$out/making.db"
    target/release/bench multiply --database "sqlite:$out/making.db" --to "$size"
    mv "$out/making.db" "$database"
  fi
done

rm -f "$out/rows.jsonl"
for size in $sizes; do
  echo "== $size cases"
  target/release/bench run --program target/release/bangban --database "sqlite:$out/$size.db" --data "$out/data" --fonts fonts \
    --script bench/requests.lua --rows "$out/rows.jsonl"
done

# A new calendar moves the dates of open cases: as many of them as the largest size, made of a hall that has just begun.
most=${sizes##* }
open=$out/open-$most.db
if [ ! -e "$open" ]; then
  echo "== making $most running cases"
  rm -rf "$out"/making.db* "$out/open"
  target/release/bangban simulate --cases 1000 --seed "$seed" --from "$(date -d '4 days ago' +%F)" --database "sqlite:$out/making.db" \
    --data "$out/open" --fonts fonts >"$out/open.log"
  target/release/bench multiply --database "sqlite:$out/making.db" --to "$most" --status running
  mv "$out/making.db" "$open"
fi
target/release/bench recompute --database "sqlite:$open" --data "$out/open" --fonts fonts
echo "== plan and forecast, without a database"
target/release/bench plan | tee "$out/plan.md"
table=$out/table-$(date -u +%Y%m%dT%H%MZ).md
target/release/bench table --rows "$out/rows.jsonl" | tee "$table"
echo "== kept in $table"
