#!/usr/bin/env bash
# Tries the tarball of Scenarios/package.sh in a bare Debian that holds nothing but what `debootstrap --variant=minbase` puts there, and holds
# its results against those of the ordinary build, byte for byte. Needs root (chroot) and Debian's mirror; takes some minutes.
#   Tests/package.sh [TARBALL]        default: the one in .build/package
#   CIYAO_COMMAND=…  the ordinary build (default: .build/release/ciyao);  CIYAO_SUITE=…  Debian's release (default: this machine's)
set -euo pipefail
cd "$(dirname "$0")/.."
[ "$(id -u)" -eq 0 ] || { echo "Tests/package.sh needs root, for debootstrap and chroot" >&2; exit 77; }
source Scenarios/prepare.sh
prepare debootstrap debian-archive-keyring
archives=(.build/package/ciyao-*-linux-"$(uname -m)".tar.gz)
archive="${1:-${archives[0]}}"
[ -f "$archive" ] || { echo "$archive: is not there; Scenarios/package.sh makes it" >&2; exit 66; }
ordinary="${CIYAO_COMMAND:-$PWD/.build/release/ciyao}"
[ -x "$ordinary" ] || { echo "$ordinary: is not there; swift build -c release --product ciyao makes it" >&2; exit 66; }
suite="${CIYAO_SUITE:-$(. /etc/os-release && echo "$VERSION_CODENAME")}"
name="$(basename "$archive" .tar.gz)"
bare="$PWD/.build/bare-$suite"
if [ ! -f "$bare/etc/debian_version" ]; then
    echo "Making a bare Debian ($suite) in $bare"
    rm -rf "$bare" "$bare.new"
    debootstrap --variant=minbase "$suite" "$bare.new" "${CIYAO_MIRROR:-http://deb.debian.org/debian}" >"$bare.log" 2>&1 || { tail -n 20 "$bare.log" >&2; exit 70; }
    mv "$bare.new" "$bare"
fi
chroot "$bare" true || { echo "chroot is not permitted here; the tarball is not tried" >&2; exit 77; }
# The loader asks /proc where a program lies.
if ! mountpoint -q "$bare/proc"; then mount -t proc proc "$bare/proc"; fi
trap 'umount "$bare/proc"' EXIT
rm -rf "$bare/opt" "$bare/root/results" .build/bare-results
mkdir -p "$bare/opt"
tar -C "$bare/opt" --no-same-owner -xzf "$archive"
# Moved after unpacking: no path may be built in.
mv "$bare/opt/$name" "$bare/opt/a place of its own"
place="/opt/a place of its own"
inside() { chroot "$bare" /usr/bin/env -i PATH=/usr/bin:/bin HOME=/root "$@"; }
failed=0
check() { if "${@:2}"; then echo "ok    $1"; else echo "FAILS $1"; failed=1; fi; }

version="$(inside "$place/bin/ciyao" --version)"
check "states its version, $version" [ "$name" = "ciyao-$version-linux-$(uname -m)" ]
missing="$(inside /usr/bin/ldd "$place/bin/ciyao" | grep -e 'not found' || true)"
check "finds every library $missing" [ -z "$missing" ]
strangers="$(inside /usr/bin/ldd "$place/bin/ciyao" | awk '$2 == "=>" { print $3 }' | grep -v -e '^/opt/' || true)"
echo "      the system's own: $(echo "$strangers" | xargs -r -n1 basename | sort | paste -sd ' ')"
for scenario in Scenarios/ciyao/near-term.yaml Scenarios/bsm1/open-loop-constant.yaml; do
    told="$(inside "$place/bin/ciyao" validate "$place/$scenario" || true)"
    check "validates $scenario" grep -q 'states' <<<"$told"
done
for run in textbook/combined-overflow bsm1/open-loop-constant textbook/pond; do
    result="$(basename "$run")"
    inside "$place/bin/ciyao" run "$place/Scenarios/$run.yaml" --quiet --output "/root/results/$result" 2>"$bare/root/errors" || { cat "$bare/root/errors" >&2; failed=1; }
    "$ordinary" run "Scenarios/$run.yaml" --quiet --output ".build/bare-results/$result" 2>/dev/null
    count=0
    for file in ".build/bare-results/$result"/*; do
        file="$(basename "$file")"
        # What depends on the moment; and the report, whose drawing needs graphviz, which a bare system has not.
        case "$file" in performance.json | report.html) continue ;; esac
        count=$((count + 1))
        cmp -s ".build/bare-results/$result/$file" "$bare/root/results/$result/$file" || { echo "FAILS $result/$file differs from the ordinary build's"; failed=1; }
    done
    check "$run: $count files equal those of the ordinary build, byte for byte" [ "$count" -ge 6 ]
done
check "the report has its charts inside" grep -q 'plotly.js v' "$bare/root/results/pond/report.html"
check "makes a first scenario and runs it" inside /bin/sh -c 'cd /root && rm -rf first && "$1" new first >/dev/null && "$1" run first/*.yaml --quiet --output results/first 2>/dev/null' sh "$place/bin/ciyao"
[ "$failed" -eq 0 ] && echo "The tarball holds"
exit "$failed"
