#!/bin/sh
# The national set through parkflux and through pandas, side by side in one run.
#
#     benches/peers/run.sh [PARKS] [ROWS]       (1600 parks and 2000000 rows by default)
#
# Makes a virtual environment with pandas and the set in a temporary folder (WORK keeps it), runs pandas three times
# with parkflux before and after each, and prints seconds, rows per second and the ratios. On a busy machine compare the
# user seconds.
set -eu
cd "$(dirname "$0")/../.."
parks=${1:-1600}
rows=${2:-2000000}
work=${WORK:-$(mktemp -d)}
[ -n "${WORK:-}" ] || trap 'rm -rf "$work"' EXIT
mkdir -p "$work"

[ -x "$work/venv/bin/python" ] || python3 -m venv "$work/venv"
"$work/venv/bin/python" -c 'import pandas' 2>/dev/null || "$work/venv/bin/pip" install --quiet pandas
[ -d "$work/set" ] || python3 benches/peers/make_national.py "$work/set" "$parks" "$rows"
cargo build --release --quiet
parkflux=${CARGO_TARGET_DIR:-target}/release/parkflux

# Prints the wall and user seconds of a command, and how much memory it took at most.
measure() {
    "$work/venv/bin/python" - "$@" <<'PYTHON'
import os, resource, subprocess, sys, time
start = time.perf_counter()
# Findings and bad packages of the set are no failure of the run.
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(f"{time.perf_counter() - start:.2f} {used.ru_utime:.2f} {used.ru_maxrss / 1024:.0f}")
PYTHON
}

show() {
    name=$1
    shift
    set -- $(measure "$@")
    echo "$name $1 $2 $3 $rows" |
        awk '{ printf "%-22s wall %7.2f s  user %7.2f s  memory %5d MB  %9.0f rows/s\n", $1, $2, $3, $4, $5 / $2 }'
    last_wall=$1 last_user=$2
}

RAYON_NUM_THREADS=1
export RAYON_NUM_THREADS
show parkflux-1-thread "$parkflux" inventory "$work/set" --out "$work/out1" --overwrite
unset RAYON_NUM_THREADS
wall1=$last_wall
ratios=
for _ in 1 2 3; do
    # Before and after pandas, since a shared machine changes its pace within a minute.
    show parkflux "$parkflux" inventory "$work/set" --out "$work/out" --overwrite
    before=$last_wall user=$last_user
    show pandas "$work/venv/bin/python" benches/peers/pandas_inventory.py "$work/set" emission_factors
    pandas_wall=$last_wall pandas_user=$last_user
    show parkflux "$parkflux" inventory "$work/set" --out "$work/out" --overwrite
    ratio=$(echo "$before $last_wall $pandas_wall" | awk '{ printf "%.1f", 2 * $3 / ($1 + $2) }')
    ratios="$ratios$ratio
"
    echo "$user $last_user $pandas_user $ratio" | awk '{
        printf "pandas : parkflux      wall %.1f  user %.1f\n", $4, 2 * $3 / ($1 + $2) }'
done
echo "$wall1 $last_wall" | awk '{ printf "one thread : all       wall %.2f\n", $1 / $2 }'
printf '%s' "$ratios" | sort -n | awk '{ r[NR] = $1 } END { print "pandas : parkflux      median wall", r[int((NR + 1) / 2)] }'
cmp "$work/out1/enterprises.csv" "$work/out/enterprises.csv" && echo "one thread and all threads wrote the same bytes"
