#!/bin/sh
# Installs what is missing of the groups named: rust, build, demo, test, bench.
# When all is there it does nothing; when it may not install, it says what is missing.
set -eu

# Needed to build the library, the samples and the demo: looked for as commands, because they
# may have come from elsewhere than apt.
build_commands="gcc make cmake pkg-config"
build_packages="gcc libc6-dev make cmake pkg-config"

# A Kerberos realm to log on to; its starter is in Python.
demo_packages="krb5-kdc krb5-admin-server krb5-user python3"

# C++ and a second compiler for the headers, Windows' own headers to compare with, the peers that
# the library is tested against, and the tools that watch the memory.
test_packages="g++ clang libclang-rt-dev binutils file gcc-mingw-w64-x86-64 valgrind curl
    python3-venv python3-cryptography python3-gssapi gss-ntlmssp libwinpr2-2
    python3-samba samba-dsdb-modules samba-ad-provision
    krb5-gss-samples libkrb5-dev heimdal-kcm samba samba-ad-dc samba-vfs-modules winbind iproute2 keyutils
    apache2-bin libapache2-mod-auth-gssapi slapd libsasl2-modules-gssapi-mit
    krb5-kdc-ldap ldap-utils"

# The libraries that the benchmark runs beside ours.
bench_packages="libwinpr2-dev gss-ntlmssp libkrb5-dev"

# The lists are meant to fall into words.
# shellcheck disable=SC2086
main() {
    for group in "$@"; do
        case $group in
        rust) check_rust ;;
        build) want_commands ;;
        demo) want_packages $demo_packages ;;
        test) want_packages $demo_packages $test_packages ;;
        bench) want_packages $demo_packages $bench_packages ;;
        *)
            echo "usage: $0 [rust] [build] [demo] [test] [bench]" >&2
            exit 2
            ;;
        esac
    done
    [ -z "$missing" ] || install_packages $missing
}

missing=""

check_rust() {
    wanted=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' "$(dirname "$0")/../Cargo.toml")
    if ! command -v cargo >/dev/null || ! command -v rustc >/dev/null; then
        echo "Rust is missing. Install it from https://rustup.rs (Rust $wanted or newer)," >&2
        echo "open a new shell so that cargo is found, and run this again." >&2
        exit 1
    fi
    found=$(rustc --version | cut -d' ' -f2)
    oldest=$(printf '%s\n%s\n' "$wanted" "$found" | sort -V | head -n1)
    if [ "$oldest" != "$wanted" ]; then
        echo "Rust $found is too old, $wanted or newer is needed:" >&2
        echo "run \"rustup update\", or install Rust from https://rustup.rs" >&2
        exit 1
    fi
}

want_commands() {
    for command in $build_commands; do
        if ! command -v "$command" >/dev/null; then
            missing="$missing $build_packages"
            return
        fi
    done
}

want_packages() {
    for package in "$@"; do
        installed "$package" || missing="$missing $package"
    done
}

installed() {
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

install_packages() {
    if ! command -v apt-get >/dev/null; then
        echo "These are missing, and there is no apt-get to install them: $*" >&2
        exit 1
    fi
    if [ "$(id -u)" = 0 ]; then
        as_root=""
    elif command -v sudo >/dev/null && { [ -t 0 ] || sudo -n true 2>/dev/null; }; then
        as_root=sudo
    else
        echo "These packages are missing, and installing them takes root: $*" >&2
        echo "As root: apt-get install --no-install-recommends $*" >&2
        exit 1
    fi
    echo "installing: $*"
    hold_services
    $as_root apt-get update -q
    $as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -q --no-install-recommends "$@"
}

# The tests start the servers that they need themselves; none is to run because of us.
hold_services() {
    policy=/usr/sbin/policy-rc.d
    if [ ! -e $policy ]; then
        trap '$as_root rm -f $policy' EXIT
        trap 'exit 130' INT TERM HUP
        printf '#!/bin/sh\nexit 101\n' | $as_root tee $policy >/dev/null
        $as_root chmod 755 $policy
    fi
}

main "$@"
