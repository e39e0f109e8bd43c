#!/bin/bash
# The C tests and the demo under AddressSanitizer and UBSan, the C tests under valgrind; then, with
# a nightly toolchain, the C tests on a library that is instrumented itself, and the Rust tests.
# `--quick`: one compiler, a few of the C tests under valgrind, no nightly.
set -euo pipefail
cd "$(dirname "$0")/.."

quick=${1:-}
jobs=$(nproc)
prebuilt=${CARGO_TARGET_DIR:-target}/release
few='^(packages|credentials|ntlm_loop|messages|handles|identity)-shared$'
# Settings of whoever runs this are not the tests' settings.
unset NTLM_USER_FILE LM_COMPAT_LEVEL NETBIOS_COMPUTER_NAME NETBIOS_DOMAIN_NAME \
    SECUR32_CONFIG SECUR32_LOG SECUR32_LOG_FILE

main() {
    cargo build --release --locked --lib
    prebuilt=$(cd "$prebuilt" && pwd)
    under_asan gcc
    [ "$quick" = --quick ] || under_asan clang
    under_valgrind
    [ "$quick" = --quick ] || with_nightly
}

# The programs are instrumented: what the library does to their buffers, and every block that it
# allocates, is watched.
under_asan() {
    compiler=$1
    build=build-asan-$compiler
    echo "-- C tests and demo, $compiler with AddressSanitizer and UBSan"
    cxx=g++
    [ "$compiler" = gcc ] || cxx=clang++
    CC=$compiler CXX=$cxx cmake -S . -B "$build" -DCMAKE_BUILD_TYPE=Debug \
        -DSECUR32_PREBUILT="$prebuilt" -DSECUR32_SANITIZE=address,undefined >/dev/null
    cmake --build "$build" -j "$jobs" >/dev/null
    sanitizer_is_on "$build" "$compiler"
    export ASAN_OPTIONS=detect_leaks=1:strict_string_checks=1 UBSAN_OPTIONS=print_stacktrace=1
    run_ctest "$build"
    scripts/demo.sh "$build/examples" >"$build/demo.log" 2>&1 || {
        cat "$build/demo.log"
        fail "the demo under AddressSanitizer"
    }
    unset ASAN_OPTIONS UBSAN_OPTIONS
}

# A sanitizer that is not there finds nothing: its functions must be in the programs, and a
# program that is wrong must die of it.
sanitizer_is_on() {
    has_symbol "$1/c-tests/messages-shared" __asan_init
    has_symbol "$1/c-tests/messages-shared" __ubsan_
    printf '%s\n' '#include <stdlib.h>' \
        'int main(int n, char **a) { char *p = malloc(4); p[3 + n] = **a; free(p); return 0; }' |
        $2 -x c -fsanitize=address,undefined - -o "$1/overflow"
    ! "$1/overflow" 2>/dev/null || fail "AddressSanitizer overlooks an overflow"
}

has_symbol() {
    # Not by a pipe: grep would close it before nm has written all.
    symbols=$(nm "$1" 2>/dev/null)
    [[ $symbols == *$2* ]] || fail "the sanitizer is not on: no $2 in $1"
}

under_valgrind() {
    echo "-- C tests under valgrind"
    launcher="valgrind;-q;--error-exitcode=99;--leak-check=full;--errors-for-leak-kinds=definite"
    cmake -S . -B build-valgrind -DCMAKE_BUILD_TYPE=Debug -DSECUR32_PREBUILT="$prebuilt" \
        -DSECUR32_BUILD_EXAMPLES=OFF -DSECUR32_TEST_LAUNCHER="$launcher" >/dev/null
    cmake --build build-valgrind -j "$jobs" >/dev/null
    selection=(-R "$few")
    [ "$quick" = --quick ] || selection=(-R '-(shared|static|dlopen)$' --timeout 900)
    run_ctest build-valgrind "${selection[@]}"
}

run_ctest() {
    folder=$1
    shift
    ctest --test-dir "$folder" -j "$jobs" --output-on-failure --no-tests=error "$@" \
        >"$folder/ctest.log" 2>&1 || {
        cat "$folder/ctest.log"
        fail "C tests in $folder"
    }
    grep 'tests passed' "$folder/ctest.log"
}

with_nightly() {
    if ! rustup toolchain list 2>/dev/null | grep -q '^nightly'; then
        echo "no nightly toolchain (rustup toolchain install nightly): what needs it is left out"
        return
    fi
    target=$(rustc +nightly -vV | sed -n 's/^host: //p')
    export RUSTFLAGS=-Zsanitizer=address CARGO_TARGET_DIR=$PWD/target/asan
    on_an_instrumented_library
    echo "-- Rust tests under AddressSanitizer"
    # Left out: a test that loads the library anew, which does not find the sanitizer's functions;
    # one that measures memory and one that reads it, which the sanitizer keeps; one that runs C
    # compilers only.
    cargo +nightly test --locked --target "$target" --lib --tests -- -q \
        --skip the_tables_hold_the_exports --skip b12_memory_stays_flat_over_failures \
        --skip the_headers_compile_everywhere --skip b10_nothing_of_a_password_is_left_in_memory
}

# The library as it is built for release but for link-time optimisation, with checks inside.
on_an_instrumented_library() {
    echo "-- C tests on an instrumented library"
    cargo +nightly build --release --locked --lib --target "$target" \
        --config 'profile.release.strip="none"' --config 'profile.release.lto=false'
    archive=$CARGO_TARGET_DIR/$target/release/libsecur32.a
    has_symbol "$archive" __asan_report_load
    runtime=$(find "$(rustc +nightly --print sysroot)/lib/rustlib/$target" -name '*rt.asan.a')
    for source in c-tests/*.c; do
        name=$(basename "$source" .c)
        case $name in layout* | prototypes | dlopen_stubs) continue ;; esac
        program=$CARGO_TARGET_DIR/c-$name
        gcc -std=gnu11 -g -I include -I include/compat "$source" -o "$program" \
            -Wl,--whole-archive "$runtime" -Wl,--no-whole-archive "$archive" \
            -Wl,--export-dynamic -lgcc_s -lutil -lrt -lpthread -lm -ldl
        "$program" >"$program.log" 2>&1 || {
            cat "$program.log"
            fail "$name on an instrumented library"
        }
    done
}

fail() {
    echo "sanitize: $*" >&2
    exit 1
}

main
