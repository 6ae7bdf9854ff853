#!/usr/bin/env bash
# Runs BSM1 in other programs' hands: bsm2-python and QSDsan/EXPOsan from PyPI, in a Python of their own under .build, and prints their rows of
# Docs/performance.md with their achieved error against the engine's reference. Needs the network for the first run, about 1 GB of disk.
set -euo pipefail
cd "$(dirname "$0")"
# One each: they pin different versions of numba.
install() {
    [ -x ".build/$1/bin/python" ] && return
    /usr/bin/python3 -m venv ".build/$1"
    ".build/$1/bin/python" -m pip install -qq "${@:2}"
}
install bsm2-python bsm2-python==0.0.16
install exposan exposan==1.4.3 qsdsan==1.4.3
swift run -c release Benchmarks --export .build/bsm1-hold.csv
export OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1 NUMBA_NUM_THREADS=1 MPLBACKEND=Agg
echo "| program | case | error in the tanks | CPU s | import and compilation, CPU s | ciyao, CPU s (error) | ratio |"
echo "|---|---|---|---|---|---|---|"
# A process each, so that one's imports are not counted with the other's.
for run in "bsm2-python 1" "bsm2-python 15" "exposan steady"; do
    # shellcheck disable=SC2086
    ".build/${run%% *}/bin/python" peers.py .build/bsm1-hold.csv $run 2>.build/peers.log || { echo "$run failed:" >&2; tail -n 5 .build/peers.log >&2; exit 1; }
done
