#!/usr/bin/env bash
# Sourced by quickstart.sh and Tests/run.sh: makes sure that what the build needs is installed. Says what it does, installs nothing twice.

# prepare PACKAGE…: installs the Debian packages that are missing. Needs root or sudo; without either it names the command and exits 69.
prepare() {
    if ! command -v swift >/dev/null 2>&1; then
        echo "A Swift toolchain (6.2 or later) is needed and not on PATH: https://www.swift.org/install/" >&2
        exit 69
    fi
    local missing=() package
    for package in "$@"; do
        dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
    done
    if [ "${#missing[@]}" -eq 0 ]; then
        echo "Everything needed is installed: $*"
        return
    fi
    local as=()
    if [ "$(id -u)" -ne 0 ]; then
        if command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
            as=(sudo)
        else
            echo "Not root, and no sudo without a password. Run this once, then start again:" >&2
            echo "    apt-get update && apt-get install -y --no-install-recommends ${missing[*]}" >&2
            exit 69
        fi
    fi
    echo "Installing: ${missing[*]}"
    "${as[@]}" apt-get update -qq
    "${as[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

# What the engine itself links: LAPACKE over OpenBLAS and netCDF-C, found through pkg-config.
engine_packages=(pkg-config liblapacke-dev libopenblas-dev libnetcdf-dev)

# What the plotting scripts and the tests in Python need beside Docs/plots/requirements.txt; the font is for Chinese labels.
plot_packages=(python3-venv fonts-noto-cjk)

# What the report needs beside: graphviz draws the chain; Python fetches plotly.min.js from PyPI.
report_packages=(graphviz python3-venv)
# What its tests in a browser need: one that runs without a screen, and Chinese letters.
browser_packages=(chromium fonts-noto-cjk)

# The chart library of the report, out of its wheel: pinned by version, and pip refuses a wheel with another hash.
plotly_version=7.1.0
plotly_sha256=dbb7fa18afce40d0a8e80d1bf162eceb3faa0ce5a77fe741ad09a74cf78f53f3

# prepare_plotly: puts plotly.min.js into .build/plotly, where `ciyao` finds it. Without network it says so and goes on: reports then have no charts.
prepare_plotly() {
    local root folder
    root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
    folder="$root/.build/plotly"
    if [ -f "$folder/plotly.min.js" ] && [ "$(cat "$folder/version" 2>/dev/null)" = "$plotly_version" ]; then
        echo "plotly.min.js of plotly $plotly_version is there"
        return
    fi
    echo "Fetching plotly.min.js (plotly $plotly_version, for the charts of report.html)"
    rm -rf "$folder.new"
    mkdir -p "$folder.new"
    printf 'plotly==%s --hash=sha256:%s\n' "$plotly_version" "$plotly_sha256" >"$folder.new/requirements.txt"
    if { [ -x "$root/.build/python/bin/pip" ] || /usr/bin/python3 -m venv "$root/.build/python"; } &&
        "$root/.build/python/bin/pip" --quiet --disable-pip-version-check download --no-deps --only-binary :all: --require-hashes \
            --dest "$folder.new" --requirement "$folder.new/requirements.txt" &&
        "$root/.build/python/bin/python" -c 'import sys, zipfile; zipfile.ZipFile(sys.argv[1]).extract("plotly/package_data/plotly.min.js", sys.argv[2])' \
            "$folder.new"/plotly-*.whl "$folder.new"; then
        mkdir -p "$folder"
        mv "$folder.new/plotly/package_data/plotly.min.js" "$folder/plotly.min.js"
        echo "$plotly_version" >"$folder/version"
    else
        echo "plotly.min.js could not be fetched; reports will have no charts until it is: bash -c 'source Scenarios/prepare.sh; prepare_plotly'" >&2
    fi
    rm -rf "$folder.new"
}
