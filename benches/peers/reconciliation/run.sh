#!/bin/sh
# Reconciliation against weighted least squares by numpy and scipy, side by side in one run.
#
#     benches/peers/reconciliation/run.sh [FLOWS...]        (1000 10000 100000 by default)
#
# RACE is the folder with the generator gen_recon.py (../shared/race by default); WORK keeps the virtual environment and the
# instances (/tmp/reconciliation-race by default; that of the kernel's race serves too). race.py tells what is measured.
set -eu
cd "$(dirname "$0")/../../.."
WORK=${WORK:-/tmp/reconciliation-race}
RACE=${RACE:-../shared/race}
export WORK RACE
mkdir -p "$WORK"
python=$WORK/venv/bin/python
[ -x "$python" ] || python3 -m venv "$WORK/venv"
for package in numpy scipy pandas; do
    [ -d "$(echo "$WORK"/venv/lib/python3*/site-packages/$package)" ] ||
        timeout 600 "$python" -m pip install --quiet $package >"$WORK/pip.log" 2>&1 ||
        echo "$package does not install: see $WORK/pip.log" >&2
done
cargo build --release --quiet --example reconcile
# SuperLU and UMFPACK take one thread whatever is set; numpy's dense peers take one here.
OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 exec "$python" benches/peers/reconciliation/race.py \
    "${CARGO_TARGET_DIR:-target}/release/examples/reconcile" "$@"
