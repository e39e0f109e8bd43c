#!/bin/bash
# Every check: `make test`. Each step runs even when one before it failed; the end says which did.
# Usage: test.sh BUILD-DIRECTORY
set -uo pipefail
cd "$(dirname "$0")/.." || exit

build=${1:-build}
jobs=$(nproc)
summary=""
failed=0
# A peer that is not there is a failure here, never a skipped test.
export SECUR32_REQUIRE_PEERS=1
# Settings of whoever runs this are not the tests' settings.
unset NTLM_USER_FILE LM_COMPAT_LEVEL NETBIOS_COMPUTER_NAME NETBIOS_DOMAIN_NAME \
    SECUR32_CONFIG SECUR32_LOG SECUR32_LOG_FILE

main() {
    step "formatting" cargo fmt --check
    step "lints" cargo clippy --locked --all-targets -- -D warnings
    step "shell scripts" check_scripts
    step "release build" build_release
    step "Rust tests" rust_tests
    step "root, for the tests that act as other users" as_root
    step "documentation" documentation
    step "C tests, installation" ctest --test-dir "$build" -j "$jobs" --output-on-failure
    step "peers" peers --part other
    step "peers in a domain (needs root)" peers --part domain
    step "demo" scripts/demo.sh "$build/examples"
    step "sanitizers, quick part" scripts/sanitize.sh --quick
    printf '\n== %s\n%s' "what ran" "$summary"
    exit "$failed"
}

step() {
    name=$1
    shift
    printf '\n== %s\n' "$name"
    begin=$SECONDS
    "$@"
    case $? in
    0) verdict="ok     " ;;
    # Only outside CI: what needs root says so, and how much was left out.
    77) verdict="NOT RUN" ;;
    *)
        verdict="FAILED "
        failed=1
        ;;
    esac
    summary+=$(printf '%s %5d s  %s' "$verdict" $((SECONDS - begin)) "$name")$'\n'
}

check_scripts() {
    for script in .ci/run scripts/*.sh benches/run tests/peers/run; do
        [ ! -e "$script" ] || bash -n "$script" || return 1
    done
}

# The Rust and C tests of impersonation pass without root and have seen little then.
as_root() {
    [ "$(id -u)" = 0 ] && return
    echo "NOT RUN as root: tests/impersonation, c-tests/impersonation.c, l4_ of tests/attack_local"
    [ -z "${CI:-}" ] && return 77
}

build_release() {
    cmake -S . -B "$build" -DCMAKE_BUILD_TYPE=Release -DSECUR32_BUILD_TESTS=ON &&
        cmake --build "$build" -j "$jobs"
}

rust_tests() {
    if cargo nextest --version >/dev/null 2>&1; then
        cargo nextest run --locked --all-targets --no-fail-fast && cargo test --locked --doc -q
    else
        cargo test --locked --no-fail-fast
    fi
}

# Implementations by others, each in both roles.
peers() {
    SECUR32_LIB=$(realpath "$build")/lib/libsecur32.so \
        SECUR32_HTTP_SERVER=$(realpath "$build")/examples/http-server \
        SECUR32_SAMPLES=$(realpath "$build")/examples tests/peers/run --quiet "$@"
}

# Every public item is told of, and no link in the documentation is broken.
documentation() {
    RUSTDOCFLAGS="-D warnings -A rustdoc::private_intra_doc_links" cargo doc --locked --no-deps -q --document-private-items
}

main
