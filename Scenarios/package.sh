#!/usr/bin/env bash
# Makes a tarball that runs on any Linux with a glibc as new as this machine's: unpack anywhere, start bin/ciyao, nothing to install.
#   Scenarios/package.sh [FOLDER]     writes FOLDER/ciyao-VERSION-linux-ARCH.tar.gz (FOLDER: .build/package)
# It holds the command with Swift's libraries inside, the shared libraries that it needs beside glibc (with the names of their licences and
# their texts), plotly.min.js, the scenarios, the documentation. The same build gives the same bytes: files are sorted, times are those of the
# last commit (or SOURCE_DATE_EPOCH). Tests/package.sh tries the tarball in a bare Debian.
set -euo pipefail
export LC_ALL=C
cd "$(dirname "$0")/.."
root="$PWD"
source Scenarios/prepare.sh
prepare "${engine_packages[@]}" "${report_packages[@]}" patchelf binutils
prepare_plotly
folder="${1:-.build/package}"
mkdir -p "$folder"
folder="$(cd "$folder" && pwd)"
version="$(sed -n 's/^public let engineVersion = "\(.*\)"$/\1/p' Sources/Ciyao/Version.swift)"
name="ciyao-$version-linux-$(uname -m)"
[ -n "$version" ] || { echo "Sources/Ciyao/Version.swift: states no version" >&2; exit 70; }
epoch="${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || stat -c %Y CHANGELOG.md)}"

echo "Building the command with Swift's libraries inside"
# A folder of its own: other flags would have everything compiled anew.
build=(-c release --product ciyao --static-swift-stdlib --scratch-path .build/static)
swift build "${build[@]}"
binary="$(swift build "${build[@]}" --show-bin-path)/ciyao"

stage="$folder/.stage.$$"
trap 'rm -rf "$stage"' EXIT
place="$stage/$name"
mkdir -p "$place/bin" "$place/lib" "$place/share/ciyao" "$place/share/licences"
cp "$binary" "$place/bin/ciyao"
strip "$place/bin/ciyao"
patchelf --set-rpath '$ORIGIN/../lib' "$place/bin/ciyao"

echo "Collecting shared libraries"
# glibc stays the system's own: its parts belong together, and to the kernel.
own='^(ld-linux.*|libc|libm|libdl|libpthread|librt|libresolv|libutil|libanl|libmvec|libnsl|linux-vdso|libBrokenLocale|libnss_.*)\.so'
ldd "$binary" | awk '$2 == "=>" { print $1, $3 }' | sort -u >"$stage/libraries"
if grep -q 'not$' "$stage/libraries"; then
    echo "A library is not found: $(grep 'not$' "$stage/libraries")" >&2
    exit 70
fi
list="$place/share/licences/README.txt"
{
    echo "ciyao itself: Apache-2.0 (LICENSE). Swift's libraries are inside bin/ciyao: Apache-2.0 with Runtime Library Exception; ICU in them: Unicode-3.0."
    echo "plotly.min.js: MIT. Libraries in lib/ are those of Debian packages, unchanged but for where they look for each other; any may be replaced. Their sources"
    echo "stand at https://snapshot.debian.org by package and version. Library (package, version): licences in Debian's names for them, of the whole package."
    echo
} >"$list"
packages=()
while read -r soname path; do
    [[ "$soname" =~ $own ]] && continue
    file="$(readlink -f "$path")"
    cp "$file" "$place/lib/$soname"
    chmod u+w "$place/lib/$soname"
    patchelf --set-rpath '$ORIGIN' "$place/lib/$soname"
    # /lib is a link to /usr/lib: packages know either name.
    package="$({ dpkg-query -S "$file" || dpkg-query -S "${file#/usr}"; } 2>/dev/null | head -n 1 | cut -d: -f1 || true)"
    if [ -z "$package" ]; then
        echo "$file belongs to no Debian package: its licence is unknown, and it is not packed" >&2
        exit 70
    fi
    copyright="/usr/share/doc/$package/copyright"
    cp -L "$copyright" "$place/share/licences/$package.txt"
    # Machine-readable files say it in fields; of older ones the text itself must be read.
    licences="$(sed -n 's/^License:[[:space:]]*//p' "$copyright" | sed 's/[[:space:]]*$//' | sort -u | grep -v '^$' | paste -sd ';' | sed 's/;/; /g' || true)"
    printf '%s (%s %s): %s\n' "$soname" "$package" "$(dpkg-query -W -f='${Version}' "$package")" "${licences:-see $package.txt}" >>"$list"
    packages+=("$package")
done <"$stage/libraries"
cp .build/plotly/plotly.min.js "$place/share/ciyao/"
for part in bsm1 ciyao textbook; do
    mkdir -p "$place/Scenarios/$part"
    cp -R "Scenarios/$part/." "$place/Scenarios/$part/"
done
cp -R Docs "$place/Docs"
cp README.md CHANGELOG.md LICENSE "$place/"
# The newest of glibc's versions that anything asks for.
least="$(find "$place/bin" "$place/lib" -type f -exec objdump -T {} + 2>/dev/null | grep -o 'GLIBC_2\.[0-9]*' | sort -t. -k2 -n -u | tail -n 1 | tr _ ' ')"
printf '%s for %s, needs %s or later. Start: bin/ciyao --help\n' "$name" "Linux on $(uname -m)" "${least/GLIBC/glibc}" >"$place/VERSION.txt"

archive="$folder/$name.tar.gz"
tar -C "$stage" --sort=name --mtime="@$epoch" --owner=0 --group=0 --numeric-owner --mode='u=rwX,go=rX' --format=gnu -cf - "$name" | gzip -n -9 >"$archive.new"
mv "$archive.new" "$archive"
(cd "$folder" && sha256sum "$name.tar.gz" >"$name.tar.gz.sha256")
echo "$archive: $(du -h "$archive" | cut -f1), ${#packages[@]} libraries, ${least/GLIBC/glibc} or later"
cat "$folder/$name.tar.gz.sha256"
