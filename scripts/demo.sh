#!/bin/bash
# A server and a client, two processes: they authenticate with NTLM, sign and seal messages both
# ways; then the same client comes with a wrong password and is refused.
# Usage: demo.sh DIRECTORY-OF-THE-SAMPLES
set -euo pipefail

samples=$(cd "$1" && pwd)
work=$(mktemp -d)
server=""
trap cleanup EXIT

cleanup() {
    [ -z "$server" ] || kill "$server" 2>/dev/null || true
    rm -rf "$work"
}

main() {
    umask 077
    echo "TEST:alice:wonderland" >"$work/accounts"
    heading "The server starts; its accounts file has one line, TEST:alice:…"
    start_server
    shown server "$work/server.log"

    heading "The client logs on as TEST\\alice"
    status=0
    client wonderland || status=$?
    shown client "$work/client.log"
    [ "$status" = 0 ] || fail "the client ended with $status, not with 0"
    await "client 1: " "the end of the first client"

    heading "The same client with a wrong password"
    first=$(wc -l <"$work/server.log")
    mv "$work/client.log" "$work/client-1.log"
    status=0
    client tealand || status=$?
    shown client "$work/client.log"
    [ "$status" = 1 ] || fail "the client ended with $status, not with 1"
    status=0
    wait "$server" || status=$?
    server=""
    heading "What the server saw"
    shown server "$work/server.log"
    [ "$status" = 1 ] || fail "the server ended with $status; it refused one client, so 1 is right"

    check_success
    check_refusal
    heading "All as it should be: authenticated, signed and sealed both ways with the same key, and the wrong password refused."
}

start_server() {
    NTLM_USER_FILE="$work/accounts" "$samples/sspi-server" --count 2 --wait 30 \
        >"$work/server.log" 2>&1 &
    server=$!
    await "listening on " "the server's port"
    port=$(sed -n 's/^listening on .* port //p' "$work/server.log")
}

# The client knows the account only from its own arguments.
client() {
    env -u NTLM_USER_FILE SSPI_PASSWORD="$1" timeout 60 "$samples/sspi-client" --port "$port" \
        --user 'TEST\alice' --target host/demo.test >"$work/client.log" 2>&1
}

await() {
    for _ in $(seq 100); do
        ! grep -q "^$1" "$work/server.log" || return 0
        kill -0 "$server" 2>/dev/null || break
        sleep 0.1
    done
    shown server "$work/server.log"
    fail "$2 did not come"
}

check_success() {
    for side in server client; do
        if [ $side = server ]; then
            log="$work/server.log" other=client text=hello
        else
            log="$work/client-1.log" other=server text=answer
        fi
        expect "$log" "package: NTLM"
        expect "$log" "client: \"TEST\\alice\""
        expect "$log" "sizes: token 2888, signature 16, block 0, trailer 16"
        expect "$log" "received, signature good: \"a signed $text from the $other\""
        expect "$log" "received, decrypted: \"a sealed $text from the $other\""
        for flag in INTEGRITY CONFIDENTIALITY REPLAY_DETECT SEQUENCE_DETECT; do
            grep "^flags: " "$log" | grep -qw $flag || fail "$side: no $flag among the flags"
        done
    done
    expect "$work/client-1.log" "done"
    server_key=$(grep "^session key: " "$work/server.log")
    client_key=$(grep "^session key: " "$work/client-1.log")
    [ "$server_key" = "$client_key" ] || fail "the session keys differ"
}

check_refusal() {
    refused=$(tail -n "+$((first + 1))" "$work/server.log")
    case $refused in
    *"AcceptSecurityContext: SEC_E_LOGON_DENIED"*"client 2: refused"*) ;;
    *) fail "the server did not say SEC_E_LOGON_DENIED" ;;
    esac
    case $refused in
    *authenticated*) fail "the server let the second client in" ;;
    esac
    grep -q "the server refused: SEC_E_LOGON_DENIED" "$work/client.log" ||
        fail "the client was not told SEC_E_LOGON_DENIED"
    ! grep -q "authenticated" "$work/client.log" || fail "the client believes that it is in"
}

expect() {
    grep -qxF -- "$2" "$1" || fail "$(basename "$1" .log): no line \"$2\""
}

heading() {
    printf '\n== %s\n' "$1"
}

shown() {
    sed "s/^/$1 | /" "$2"
}

fail() {
    echo "demo failed: $1" >&2
    exit 1
}

main
