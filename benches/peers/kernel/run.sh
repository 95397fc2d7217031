#!/bin/sh
# The sparse kernel against bw2calc and KLU, side by side in one run.
#
#     benches/peers/kernel/run.sh [--million] [INSTANCE...]     (n1000 n10000 n10000-mix10 n100000 by default)
#
# RACE is the folder with the generator gen_park.py and klu_bench.c (../shared/race by default); WORK keeps the virtual
# environment with the peers and the instances (/tmp/kernel-race by default). race.py tells what is measured and how.
set -eu
cd "$(dirname "$0")/../../.."
WORK=${WORK:-/tmp/kernel-race}
RACE=${RACE:-../shared/race}
export WORK RACE
mkdir -p "$WORK"
[ -d "$RACE" ] || echo "no folder $RACE: set RACE; without it neither new instances nor KLU" >&2

# SuiteSparse has the headers of UMFPACK and KLU; without it those two are left out, by name, in the table.
suitesparse=/usr/include/suitesparse
if [ ! -f $suitesparse/klu.h ] && [ "$(id -u)" = 0 ]; then
    apt-get install -y -q libsuitesparse-dev swig >"$WORK/apt.log" 2>&1 || echo "no libsuitesparse-dev: see $WORK/apt.log" >&2
fi

python=$WORK/venv/bin/python
[ -x "$python" ] || python3 -m venv "$WORK/venv"
pip() {
    timeout 600 "$python" -m pip install --quiet "$@" >"$WORK/pip.log" 2>&1
}
for package in numpy scipy pandas bw_processing stats_arrays bw2data bw2calc pypardiso; do
    [ -d "$(echo "$WORK"/venv/lib/python3*/site-packages/$package)" ] || pip $package || {
        cp "$WORK/pip.log" "$WORK/pip-$package.log"
        echo "$package does not install: see $WORK/pip-$package.log" >&2
    }
done
# 0.4.2 wants the pkg-config file of SuiteSparse 7; 0.4.1 finds 5, and takes numpy 2 when told its names.
names="-DPyArray_INT=NPY_INT -DPyArray_INT64=NPY_INT64 -DPyArray_DOUBLE=NPY_DOUBLE -DPyArray_CDOUBLE=NPY_CDOUBLE"
umfpack() { # It may install and not work.
    "$python" -c "from scikits.umfpack import UmfpackContext; UmfpackContext()" 2>"$WORK/umfpack.log"
}
umfpack || { pip scikit-umfpack && umfpack; } || { CFLAGS="$names" pip scikit-umfpack==0.4.1 && umfpack; } || {
    cp "$WORK/pip.log" "$WORK/pip-scikit-umfpack.log"
    echo "scikit-umfpack does not work: see $WORK/pip-scikit-umfpack.log and umfpack.log" >&2
}

if [ ! -x "$WORK/klu_bench" ] && [ -f $suitesparse/klu.h ] && [ -f "$RACE/klu_bench.c" ]; then
    cc -O3 -march=native "$RACE/klu_bench.c" -I$suitesparse -lklu -lbtf -lamd -lcolamd -lm -o "$WORK/klu_bench" ||
        echo "klu_bench.c does not compile" >&2
fi

cargo build --release --quiet --example solve_triplets
exec "$python" benches/peers/kernel/race.py "${CARGO_TARGET_DIR:-target}/release/examples/solve_triplets" "$@"
