#!/usr/bin/env python3
"""Records SPNEGO exchanges of MIT (with Kerberos and with gss-ntlmssp), pyspnego and Samba, and
messages after them.

    tests/peers/run --help >/dev/null      # makes target/peers once
    target/peers/venv/bin/python tests/spnego_golden/capture.py target/peers/samba \
        > tests/spnego_golden/recorded.txt

The lines are `exchange-what hexadecimal`: the tokens in their order (client-1, server-1, …), the
session key, and after the handshake a sealed and a signed message of each side. Names and keys
are of accounts that no longer exist.
"""

import os
import pathlib
import sys
import tempfile

PEERS = pathlib.Path(__file__).resolve().parent.parent / "peers"
sys.path.insert(0, str(PEERS))
import gssapi  # noqa: E402
import spnego  # noqa: E402
from kerberos import mit_realm  # noqa: E402
from kerberos.processes import run  # noqa: E402
from party import TARGET_HOST, TARGET_SERVICE, Stage, Wish  # noqa: E402
from spnego.exceptions import NegotiateOptions  # noqa: E402
from stage import ACCOUNTS, ALICE  # noqa: E402

SPNEGO = gssapi.OID.from_int_seq("1.3.6.1.5.5.2")
NTLMSSP = gssapi.OID.from_int_seq("1.3.6.1.4.1.311.2.2.10")
TEXTS = [b"sealed by the client", b"signed by the client",
         b"sealed by the server", b"signed by the server"]


def record(name, client, server, key, seal, sign):
    token, sides, number = None, [("client", client), ("server", server)], 0
    while True:
        side, step = sides[number % 2]
        token = step(token)
        if not token:
            break
        print(f"{name}-{side}-{number // 2 + 1}", token.hex())
        number += 1
    print(f"{name}-key", key().hex())
    for side in 0, 1:
        print(f"{name}-sealed-{sides[side][0]}", seal(side, TEXTS[2 * side]).hex())
        print(f"{name}-signed-{sides[side][0]}", sign(side, TEXTS[2 * side + 1]).hex())


def gss(name, client, server):
    sides = [client, server]

    def key():
        from gssapi.raw import inquire_sec_context_by_oid
        oid = gssapi.OID.from_int_seq("1.2.840.113554.1.2.2.5.5")
        return inquire_sec_context_by_oid(client, oid)[0]

    record(name, client.step, lambda token: server.step(token), key,
           lambda side, text: sides[side].wrap(text, True).message,
           lambda side, text: sides[side].get_signature(text))


WANTED = [gssapi.RequirementFlag.integrity, gssapi.RequirementFlag.confidentiality,
          gssapi.RequirementFlag.mutual_authentication,
          gssapi.RequirementFlag.replay_detection, gssapi.RequirementFlag.out_of_sequence_detection]


def mit_kerberos(directory):
    with mit_realm.Realm(directory) as realm:
        os.environ.update({
            "KRB5_CONFIG": str(realm.krb5_conf), "KRB5CCNAME": f"FILE:{directory}/cache",
            "KRB5_KTNAME": f"FILE:{realm.keytab()}", "KRB5RCACHEDIR": directory,
        })
        run(["kinit", mit_realm.ALICE.name], dict(os.environ), mit_realm.ALICE.password + "\n")
        service = f"HTTP/{mit_realm.HOPS}"
        target = gssapi.Name(service, gssapi.NameType.kerberos_principal)
        gss("mit", gssapi.SecurityContext(name=target, mech=SPNEGO, flags=WANTED, usage="initiate"),
            gssapi.SecurityContext(usage="accept"))


def gss_ntlmssp(stage):
    os.environ.update({"NTLM_USER_FILE": stage.user_file([ALICE]),
                       "NETBIOS_COMPUTER_NAME": "SERVERPC"})
    name = gssapi.Name(f"{ALICE.domain}\\{ALICE.user}", gssapi.NameType.user)
    target = gssapi.Name(f"{TARGET_SERVICE}@{TARGET_HOST}", gssapi.NameType.hostbased_service)
    own = gssapi.Credentials(name=name, mechs=[NTLMSSP], usage="initiate")
    theirs = gssapi.Credentials(mechs=[SPNEGO], usage="accept")
    gss("gss-ntlmssp",
        gssapi.SecurityContext(name=target, creds=own, mech=SPNEGO, flags=WANTED,
                               usage="initiate"),
        gssapi.SecurityContext(creds=theirs, usage="accept"))


def pyspnego(stage):
    os.environ["NTLM_USER_FILE"] = stage.user_file([ALICE])
    request = spnego.ContextReq.default
    options = {"protocol": "negotiate", "options": NegotiateOptions.use_negotiate,
               "context_req": request}
    client = spnego.client(username=f"{ALICE.domain}\\{ALICE.user}", password=ALICE.password,
                           hostname=TARGET_HOST, service=TARGET_SERVICE, **options)
    server = spnego.server(**options)
    sides = [client, server]
    record("pyspnego", client.step, server.step, lambda: client.session_key,
           lambda side, text: sides[side].wrap(text).data,
           lambda side, text: sides[side].sign(text))


def samba(stage):
    from party_samba import Client, Server
    from samba import gensec

    def negotiating(made):
        # The tests' own classes make objects for NTLM; this makes one for SPNEGO of the same.
        options = {"lp_ctx": made.settings, "target_hostname": TARGET_HOST}
        if made.role == "client":
            security = gensec.Security.start_client(options)
            security.set_target_service(TARGET_SERVICE)
            security.set_target_hostname(TARGET_HOST)
        else:
            security = gensec.Security.start_server(options, made.accounts)
        security.set_credentials(made.credential)
        for feature in (gensec.FEATURE_SIGN, gensec.FEATURE_SEAL, gensec.FEATURE_SESSION_KEY):
            security.want_feature(feature)
        security.start_mech_by_name("spnego")
        return security

    made = Client(stage, Wish(), ALICE), Server(stage, Wish(), ACCOUNTS)
    sides = [negotiating(made[0]), negotiating(made[1])]
    done = [False, False]

    def step(side):
        def go_on(token):
            if done[side] and not token:
                return None
            done[side], out = sides[side].update(token or b"")
            return out or None
        return go_on

    record("samba", step(0), step(1), lambda: sides[0].session_key(),
           lambda side, text: sides[side].wrap(text),
           lambda side, text: sides[side].sign_packet(text, text))


def main():
    with tempfile.TemporaryDirectory() as directory:
        root = pathlib.Path(directory)
        stage = Stage(root, ACCOUNTS, pathlib.Path(sys.argv[1]))
        which = sys.argv[2:] or ["mit", "gss-ntlmssp", "pyspnego", "samba"]
        if "gss-ntlmssp" in which:
            gss_ntlmssp(stage)
        if "pyspnego" in which:
            pyspnego(stage)
        if "samba" in which:
            samba(stage)
        if "mit" in which:
            mit_kerberos(str(root / "realm"))


if __name__ == "__main__":
    main()
