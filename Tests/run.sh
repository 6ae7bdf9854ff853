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
# Release, because the suite simulates years; one configuration keeps the build short.
flags=(-c release -Xswiftc -enable-testing)
swift build "${flags[@]}" --build-tests
# The command itself, which the end-to-end tests start.
export CIYAO_COMMAND="$PWD/.build/release/ciyao"
exec swift test "${flags[@]}" --skip-build
