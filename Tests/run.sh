#!/usr/bin/env bash
# Installs what is missing, builds, and runs every test. Ends with the test runner's own summary.
#   --core   leaves out tests that need browsers, Python or clusters (there are none yet)
set -euo pipefail
cd "$(dirname "$0")/.."
source Scenarios/prepare.sh
for argument in "$@"; do
    case "$argument" in
    --core) echo "--core: nothing is left out yet, no test needs a browser, Python or a cluster" ;;
    *)
        echo "usage: Tests/run.sh [--core]" >&2
        exit 64
        ;;
    esac
done
prepare "${engine_packages[@]}"
echo "Building the tests (release, warnings are errors)"
export CIYAO_STRICT=1
# Release, because the suite simulates years. A folder of its own, because the command itself is built without `-enable-testing` and each
# would have to be compiled anew after the other.
flags=(-c release -Xswiftc -enable-testing --scratch-path .build/tests)
swift build "${flags[@]}" --build-tests
# The command itself, which the end-to-end tests start.
export CIYAO_COMMAND="$PWD/.build/tests/release/ciyao"
exec swift test "${flags[@]}" --skip-build
