#!/bin/sh
# Installs a build into a scratch folder, then configures, builds and runs consumers there that
# know nothing of the source tree: with pkg-config and with find_package, in C and in C++,
# against the shared library and the archive; and again after the folder has moved.
# Usage: check.sh BUILD-DIRECTORY
set -eu

build=$(cd "$1" && pwd)
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset LD_LIBRARY_PATH PKG_CONFIG_PATH DESTDIR || true

main() {
    staged
    cmake --install "$build" --prefix "$work/first" >/dev/null
    cp -r "$here/consumer" "$work/consumer"
    installed_tree "$work/first"
    with_pkg_config "$work/first"
    with_find_package "$work/first"
    # Nothing in the tree may know where it was.
    mv "$work/first" "$work/second"
    with_pkg_config "$work/second"
    with_find_package "$work/second"
    echo "installed, found, built and run from two places"
}

# DESTDIR and the configured prefix, as a packager uses them.
staged() {
    prefix=$(sed -n 's/^CMAKE_INSTALL_PREFIX:PATH=//p' "$build/CMakeCache.txt")
    DESTDIR="$work/staged" cmake --install "$build" >/dev/null
    [ -f "$work/staged$prefix/include/secur32/sspi.h" ] || fail "DESTDIR is not honoured"
}

installed_tree() {
    lib=$(dirname "$(find "$1" -name libsecur32.a)")
    [ -L "$lib/libsecur32.so" ] || fail "libsecur32.so is no link"
    [ "$(readlink "$lib/libsecur32.so")" = libsecur32.so.0 ] || fail "libsecur32.so"
    case $(readlink "$lib/libsecur32.so.0") in
    libsecur32.so.0.*.*) ;;
    *) fail "libsecur32.so.0 is no link to the version" ;;
    esac
    readelf -d "$lib/libsecur32.so.0" >"$work/dynamic"
    grep -q 'SONAME.*\[libsecur32.so.0\]' "$work/dynamic" || fail "SONAME"
    grep -q 'NODELETE' "$work/dynamic" || fail "the library may be unloaded"
    [ -f "$1/include/secur32/compat/windows.h" ] || fail "no compat folder"
    [ ! -e "$1/include/security.h" ] || fail "security.h is in the common folder"
    [ -n "$(find "$1" -name exports.txt)" ] || fail "no exports.txt"
    ! grep -rqF "$work" "$1" || fail "the prefix is written into the tree"
}

with_pkg_config() {
    PKG_CONFIG_PATH=$(dirname "$(find "$1" -name secur32.pc)")
    export PKG_CONFIG_PATH
    libdir=$(dirname "$PKG_CONFIG_PATH")
    out="$work/pkg-config"
    mkdir -p "$out"
    flags="-Wall -Wextra -Werror"
    # shellcheck disable=SC2046,SC2086
    {
        cc $flags -o "$out/c" "$work/consumer/consumer.c" \
            $(pkg-config --cflags --libs secur32) -Wl,-rpath,"$libdir"
        c++ $flags -std=c++11 -o "$out/cpp" "$work/consumer/consumer.cpp" \
            $(pkg-config --cflags --libs secur32) -Wl,-rpath,"$libdir"
        cc $flags -o "$out/compat" "$work/consumer/compat.c" \
            $(pkg-config --cflags --libs secur32-compat) -Wl,-rpath,"$libdir"
        cc $flags -o "$out/static" "$work/consumer/consumer.c" $(pkg-config --cflags secur32) \
            "$libdir/libsecur32.a" $(pkg-config --static --libs-only-l secur32 |
                sed 's/-lsecur32 //')
    }
    for program in c cpp compat static; do says_its_packages "$out/$program"; done
    ! readelf -d "$out/static" | grep -q secur32 || fail "the static program needs the library"
    rm -rf "$out"
}

with_find_package() {
    cmake -S "$work/consumer" -B "$work/cmake" -DCMAKE_PREFIX_PATH="$1" >"$work/log" 2>&1 &&
        cmake --build "$work/cmake" >>"$work/log" 2>&1 || {
        cat "$work/log"
        fail "find_package"
    }
    for program in c cpp compat static; do says_its_packages "$work/cmake/$program"; done
    rm -rf "$work/cmake"
}

says_its_packages() {
    said=$("$1") || fail "$1 ended with $?"
    case $said in
    *NTLM*) ;;
    *) fail "$1 says: $said" ;;
    esac
}

fail() {
    echo "install: $*" >&2
    exit 1
}

main
