#!/bin/bash
# A server and a client, two processes. With NTLM they authenticate, sign and seal messages both
# ways; then the same client comes with a wrong password and is refused. With Kerberos they do it
# in a realm of MIT's that is started for it: with the tickets that kinit got, with a password, with
# a wrong one. With Negotiate the same two find out by themselves which of the two it is to be.
# Usage: demo.sh DIRECTORY-OF-THE-SAMPLES
set -euo pipefail
cd "$(dirname "$0")/.."

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
    if [ -n "${REALM_DIRECTORY:-}" ]; then
        demo_kerberos
        demo_negotiate
        return
    fi
    demo_ntlm
    heading "Kerberos: a realm MIT.TEST of Debian's krb5kdc comes up on 127.0.0.1, only for this"
    env -u KRB5_TRACE -u KRB5RCACHENAME -u KRB5_CLIENT_KTNAME PYTHONDONTWRITEBYTECODE=1 \
        PYTHONPATH=tests/peers python3 -m kerberos.mit_realm run scripts/demo.sh "$samples"
}

# ---- NTLM

demo_ntlm() {
    echo "TEST:alice:wonderland" >"$work/accounts"
    heading "NTLM: the server starts; its accounts file has one line, TEST:alice:…"
    start_server 2
    shown server "$work/server.log"

    heading "The client logs on as TEST\\alice"
    client wonderland --user 'TEST\alice' --target host/demo.test || true
    ended_with 0
    await "client 1: " "the end of the first client"

    heading "The same client with a wrong password"
    first=$(wc -l <"$work/server.log")
    mv "$work/client.log" "$work/client-1.log"
    client tealand --user 'TEST\alice' --target host/demo.test || true
    ended_with 1
    end_server 1

    check_success NTLM "$work/client-1.log" 'client: "TEST\\alice"'
    expect "$work/server.log" "sizes: token 2888, signature 16, block 0, trailer 16"
    check_refusal
    heading "As it should be: authenticated, signed and sealed both ways with the same key, and the wrong password refused."
}

# ---- Kerberos, inside the realm

demo_kerberos() {
    service=host/demo.mit.test
    sed -n 's/^    kdc = /its KDC listens on /p' "$KRB5_CONFIG" | sort -u
    echo "its users: alice, whose password is Wonder-land-7, and others; its service: $service"
    heading "alice logs on to the realm, with MIT's kinit"
    echo Wonder-land-7 | kinit alice@MIT.TEST >"$work/kinit.log" || fail "kinit failed"
    klist | sed 's/^/klist  | /'

    heading "The server starts; the key of $service is in the keytab that KRB5_KTNAME names"
    start_server 3 --package Kerberos
    shown server "$work/server.log"

    heading "The client comes with what kinit left in the cache: no password"
    client "" --package Kerberos --target "$service" || true
    ended_with 0
    await "client 1: " "the end of the first client"
    mv "$work/client.log" "$work/client-1.log"
    echo
    klist | sed 's/^/klist  | /'
    klist | grep -q "$service@MIT.TEST" || fail "klist does not show the ticket that the client got"

    heading "The client comes with a password, and no cache"
    client Wonder-land-7 --package Kerberos --target "$service" --user alice@MIT.TEST || true
    ended_with 0
    await "client 2: " "the end of the second client"
    mv "$work/client.log" "$work/client-2.log"

    heading "The same client with a wrong password: the KDC refuses it, so the server hears nothing"
    client Tea-land-8 --package Kerberos --target "$service" --user alice@MIT.TEST || true
    ended_with 1
    end_server 1

    for number in 1 2; do
        check_success Kerberos "$work/client-$number.log" 'client: ".*alice.*"'
    done
    grep -q "InitializeSecurityContext: SEC_E_LOGON_DENIED" "$work/client.log" ||
        fail "the client was not told SEC_E_LOGON_DENIED"
    ! grep -q "authenticated" "$work/client.log" || fail "the client believes that it is in"
    [ "$(grep -c "^authenticated" "$work/server.log")" = 2 ] ||
        fail "the server did not let in two clients"
    heading "As it should be: with a ticket and with a password let in, signed and sealed both ways, and the wrong password refused."
}

# ---- Negotiate, inside the realm: an accounts file and a keytab are there

demo_negotiate() {
    rm -f "$work"/client*.log
    echo "TEST:alice:wonderland" >"$work/accounts"
    heading "Negotiate: the server starts, with the same keytab and the accounts file of the beginning"
    start_server 3 --package Negotiate
    shown server "$work/server.log"

    heading "Who has a ticket comes in by Kerberos"
    client "" --package Negotiate --target "$service" || true
    ended_with 0
    await "client 1: " "the end of the first client"
    mv "$work/client.log" "$work/client-1.log"

    heading "Who is an account of that server and not of the realm comes in by NTLM"
    client wonderland --package Negotiate --target "$service" --user 'TEST\alice' || true
    ended_with 0
    await "client 2: " "the end of the second client"
    mv "$work/client.log" "$work/client-2.log"

    heading "A wrong password of the realm is refused by the KDC, and is no reason to try NTLM with it"
    client Tea-land-8 --package Negotiate --target "$service" --user alice@MIT.TEST || true
    ended_with 1
    end_server 1

    chose Kerberos 1 'client: ".*alice.*"'
    chose NTLM 2 'client: "TEST\\alice"'
    grep -q "InitializeSecurityContext: SEC_E_LOGON_DENIED" "$work/client.log" ||
        fail "the client was not told SEC_E_LOGON_DENIED"
    ! grep -q "authenticated" "$work/client.log" || fail "the client believes that it is in"
    [ "$(grep -c "^authenticated" "$work/server.log")" = 2 ] ||
        fail "the server did not let in two clients"
    heading "As it should be: Negotiate chose Kerberos for the first and NTLM for the second, and let the third one nowhere."
}

# chose PACKAGE CLIENT NAME: what was chosen for this client, by the word of both sides.
chose() {
    check_success "$1" "$work/client-$2.log" "$3"
    echo "Negotiate chose for client $2: $(sed -n 's/^package: //p' "$work/client-$2.log")"
}

# ---- what all use

start_server() {
    count=$1
    shift
    NTLM_USER_FILE="$work/accounts" "$samples/sspi-server" --count "$count" --wait 30 "$@" \
        >"$work/server.log" 2>&1 &
    server=$!
    await "listening on " "the server's port"
    port=$(sed -n 's/^listening on .* port //p' "$work/server.log")
}

# client PASSWORD OPTION…: it knows the account only from its own arguments.
client() {
    password=$1
    shift
    status=0
    env -u NTLM_USER_FILE SSPI_PASSWORD="$password" timeout 60 "$samples/sspi-client" \
        --port "$port" "$@" >"$work/client.log" 2>&1 || status=$?
    shown client "$work/client.log"
}

ended_with() {
    [ "$status" = "$1" ] || fail "the client ended with $status, not with $1"
}

end_server() {
    status=0
    wait "$server" || status=$?
    server=""
    heading "What the server saw"
    shown server "$work/server.log"
    [ "$status" = "$1" ] || fail "the server ended with $status; it refused one client, so $1 is right"
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

# check_success PACKAGE CLIENT-LOG NAME: what both sides say of a client that was let in.
check_success() {
    for log in "$work/server.log" "$2"; do
        if [ "$log" = "$2" ]; then
            other=server text=answer
        else
            other=client text=hello
        fi
        expect "$log" "package: $1"
        grep -qx -- "$3" "$log" || fail "$(basename "$log" .log): no line like $3"
        expect "$log" "received, signature good: \"a signed $text from the $other\""
        expect "$log" "received, decrypted: \"a sealed $text from the $other\""
        for flag in INTEGRITY CONFIDENTIALITY REPLAY_DETECT SEQUENCE_DETECT; do
            grep "^flags: " "$log" | grep -qw $flag || fail "$(basename "$log"): no $flag among the flags"
        done
    done
    expect "$2" "done"
    grep -qxF -- "$(grep "^session key: " "$2")" "$work/server.log" || fail "the session keys differ"
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
