#!/usr/bin/env bash
# Installs what is missing, builds, and runs every test. Ends with the test runner's own summary.
#   --core   leaves out tests that need browsers, Python or clusters: those in Tests/PythonTests, and the report in Chromium
set -euo pipefail
cd "$(dirname "$0")/.."
source Scenarios/prepare.sh
python=yes
for argument in "$@"; do
    case "$argument" in
    --core)
        python=no
        echo "--core: Tests/PythonTests (results.nc in xarray, plotting scripts) and the report in a browser are left out"
        ;;
    *)
        echo "usage: Tests/run.sh [--core]" >&2
        exit 64
        ;;
    esac
done
packages=("${engine_packages[@]}" "${report_packages[@]}")
if [ "$python" = yes ]; then
    packages+=("${plot_packages[@]}" "${browser_packages[@]}")
    # The test that needs a browser looks for this.
    export CIYAO_BROWSER=chromium
fi
prepare "${packages[@]}"
prepare_plotly
echo "Building the tests (release, warnings are errors)"
export CIYAO_STRICT=1
# Release, because the suite simulates years. A folder of its own, because the command itself is built without `-enable-testing` and each
# would have to be compiled anew after the other.
flags=(-c release -Xswiftc -enable-testing --scratch-path .build/tests)
swift build "${flags[@]}" --build-tests
# The command itself, which the end-to-end tests start.
export CIYAO_COMMAND="$PWD/.build/tests/release/ciyao"
failed=0
if [ "$python" = yes ]; then
    echo "Testing in Python"
    [ -x .build/python/bin/python ] || /usr/bin/python3 -m venv .build/python
    .build/python/bin/python -m pip install --quiet --disable-pip-version-check -r Docs/plots/requirements.txt
    .build/python/bin/python -m unittest discover -s Tests/PythonTests || failed=1
fi
swift test "${flags[@]}" --skip-build || failed=1
[ "$failed" -eq 0 ] || echo "Some tests have failed" >&2
exit "$failed"
