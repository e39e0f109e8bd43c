#!/bin/bash
# The C tests and the demo under AddressSanitizer and UBSan, the C tests under valgrind, the Rust
# tests under the nightly's AddressSanitizer. `--quick`: a few of the C tests, no nightly.
set -euo pipefail
cd "$(dirname "$0")/.."

quick=${1:-}
jobs=$(nproc)
prebuilt=${CARGO_TARGET_DIR:-target}/release
few='^(packages|credentials|ntlm_loop|messages|identity)-shared$'

main() {
    cargo build --release --locked --lib
    prebuilt=$(cd "$prebuilt" && pwd)
    under_asan
    under_valgrind
    [ "$quick" = --quick ] || rust_under_asan
}

under_asan() {
    echo "-- C tests and demo under AddressSanitizer and UBSan"
    cmake -S . -B build-asan -DCMAKE_BUILD_TYPE=Debug -DSECUR32_PREBUILT="$prebuilt" \
        -DSECUR32_SANITIZE=address,undefined >/dev/null
    cmake --build build-asan -j "$jobs" >/dev/null
    # A sanitizer that is not there finds nothing: its functions must be in the programs.
    symbols=$(nm build-asan/examples/sspi-server)
    for symbol in __asan_init __ubsan_; do
        [[ $symbols == *$symbol* ]] || fail "the sanitizer is not on: no $symbol"
    done
    export ASAN_OPTIONS=detect_leaks=1:strict_string_checks=1 UBSAN_OPTIONS=print_stacktrace=1
    ctest --test-dir build-asan -j "$jobs" --output-on-failure --no-tests=error
    scripts/demo.sh build-asan/examples >build-asan/demo.log 2>&1 || {
        cat build-asan/demo.log
        fail "the demo under AddressSanitizer"
    }
}

under_valgrind() {
    echo "-- C tests under valgrind"
    launcher="valgrind;-q;--error-exitcode=99;--leak-check=full;--errors-for-leak-kinds=definite"
    cmake -S . -B build-valgrind -DCMAKE_BUILD_TYPE=Debug -DSECUR32_PREBUILT="$prebuilt" \
        -DSECUR32_BUILD_EXAMPLES=OFF -DSECUR32_TEST_LAUNCHER="$launcher" >/dev/null
    cmake --build build-valgrind -j "$jobs" >/dev/null
    selection=(-R "$few")
    [ "$quick" = --quick ] || selection=(-R '-(shared|static|dlopen)$' --timeout 900)
    ctest --test-dir build-valgrind -j "$jobs" --output-on-failure --no-tests=error \
        "${selection[@]}"
}

rust_under_asan() {
    echo "-- Rust tests under AddressSanitizer"
    if ! rustup toolchain list 2>/dev/null | grep -q '^nightly'; then
        echo "no nightly toolchain (rustup toolchain install nightly): left out"
        return
    fi
    # Left out: a test that loads the library anew, which does not find the sanitizer's functions;
    # one that measures memory, which the sanitizer keeps; one that runs C compilers only.
    RUSTFLAGS=-Zsanitizer=address CARGO_TARGET_DIR=target/asan \
        cargo +nightly test --locked --target x86_64-unknown-linux-gnu --lib --tests -- -q \
        --skip the_tables_hold_the_exports --skip b12_memory_stays_flat_over_failures \
        --skip the_headers_compile_everywhere
}

fail() {
    echo "sanitize: $*" >&2
    exit 1
}

main
