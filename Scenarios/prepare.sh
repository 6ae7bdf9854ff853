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
