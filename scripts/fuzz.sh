#!/bin/bash
# Runs each fuzz target for a while. Usage: fuzz.sh SECONDS-EACH
set -euo pipefail
cd "$(dirname "$0")/.."

if ! rustup toolchain list 2>/dev/null | grep -q '^nightly'; then
    echo "fuzzing needs a nightly toolchain: rustup toolchain install nightly" >&2
    exit 1
fi
if ! cargo fuzz --version >/dev/null 2>&1; then
    echo "fuzzing needs cargo-fuzz: cargo install cargo-fuzz" >&2
    exit 1
fi
for target in $(cargo +nightly fuzz list); do
    echo "== $target, $1 s"
    cargo +nightly fuzz run "$target" -- -max_total_time="$1" -timeout=10 -rss_limit_mb=2048
done
