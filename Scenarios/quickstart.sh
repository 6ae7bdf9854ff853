#!/usr/bin/env bash
# From a fresh clone to the comparison of near and long term: installs what is missing, builds, runs, prints.
set -euo pipefail
cd "$(dirname "$0")/.."
source Scenarios/prepare.sh
prepare "${engine_packages[@]}" "${report_packages[@]}"
prepare_plotly
echo "Building (release; a few minutes the first time)"
swift build -c release --product ciyao
echo "Simulating a year of the county chain, three scenarios"
exec .build/release/ciyao compare Scenarios/ciyao/near-term.yaml Scenarios/ciyao/long-term-unexpanded.yaml Scenarios/ciyao/long-term.yaml "$@"
