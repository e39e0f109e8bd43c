#!/usr/bin/env python3
"""Records messages of MIT's client, KDC, acceptor and password server, and the keys that open them.

    /usr/bin/python3 tests/kerberos_golden/capture.py > tests/kerberos_golden/mit.txt

It starts a throw-away realm, puts a relay before its servers and runs kinit, kvno, kpasswd and a
GSS handshake with delegation. The lines are `name hexadecimal`; `key-…` lines are
`name enctype hexadecimal`. Names and keys are of a realm that no longer exists.
"""

import os
import pathlib
import socket
import struct
import subprocess
import sys
import tempfile
import threading

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "peers"))
from kerberos import mit_realm  # noqa: E402
from kerberos.processes import free_port  # noqa: E402

SERVICE = "svc/deleg.mit.test"


class Relay:
    """Hands on datagrams and keeps them."""

    def __init__(self, server):
        self.server, self.port, self.seen = server, free_port(), []
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", self.port))
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        while True:
            request, client = self.socket.recvfrom(65536)
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
                out.settimeout(5)
                out.sendto(request, ("127.0.0.1", self.server))
                reply = out.recv(65536)
            self.seen += [request, reply]
            self.socket.sendto(reply, client)

    def take(self):
        seen, self.seen = self.seen, []
        return seen


def line(name, message):
    print(name, message.hex())


def cached_keys(path):
    """Server and session key of each ticket of a FILE cache, version 4."""
    data = pathlib.Path(path).read_bytes()
    at = 4 + struct.unpack(">H", data[2:4])[0]

    def take(form):
        nonlocal at
        values = struct.unpack_from(">" + form, data, at)
        at += struct.calcsize(">" + form)
        return values[0] if len(values) == 1 else values

    def octets():
        nonlocal at
        length = take("I")
        at += length
        return data[at - length:at]

    def principal():
        _, count = take("II")
        realm = octets()
        return b"/".join(octets() for _ in range(count)) + b"@" + realm

    principal()
    while at < len(data):
        principal()
        server, enctype, key = principal(), take("H"), octets()
        take("IIIIBI")
        for _ in range(2):
            for _ in range(take("I")):
                take("H")
                octets()
        octets(), octets()
        yield server.decode(), enctype, key


def main():
    with tempfile.TemporaryDirectory() as directory, mit_realm.Realm(directory) as realm:
        kdc, kpasswd = Relay(realm.port), Relay(realm.kpasswd_port)
        config = realm.config(f"{directory}/relay.conf", [f"127.0.0.1:{kdc.port}"],
                              {"udp_preference_limit": "32000"})
        text = config.read_text().replace(f":{realm.kpasswd_port}", f":{kpasswd.port}")
        config.write_text(text)
        cache = f"{directory}/cache"
        os.environ.update({
            "KRB5_CONFIG": str(config), "KRB5CCNAME": f"FILE:{cache}",
            "KRB5_KTNAME": f"FILE:{realm.keytab()}", "KRB5RCACHEDIR": directory,
        })

        def run(*command, said="", fails=False):
            done = subprocess.run(command, input=said, text=True, capture_output=True)
            if (done.returncode != 0) != fails:
                raise SystemExit(f"{command}: {done.stdout}{done.stderr}")
            return done.stdout

        alice = mit_realm.ALICE
        run("kinit", "-f", alice.name, said=alice.password + "\n")
        for name, message in zip(
            ("as-req-first", "krb-error-preauth-required", "as-req", "as-rep"), kdc.take()
        ):
            line(name, message)
        run("kvno", SERVICE)
        for name, message in zip(("tgs-req", "tgs-rep"), kdc.take()):
            line(name, message)
        run("kvno", "no/such@MIT.TEST", fails=True)
        line("krb-error-unknown-service", kdc.take()[1])

        import gssapi

        flags = gssapi.RequirementFlag
        wanted = (flags.mutual_authentication | flags.delegate_to_peer | flags.replay_detection
                  | flags.out_of_sequence_detection | flags.confidentiality | flags.integrity)
        target = gssapi.Name(SERVICE, gssapi.NameType.kerberos_principal)
        client = gssapi.SecurityContext(name=target, flags=wanted, usage="initiate")
        server = gssapi.SecurityContext(usage="accept")
        token = client.step()
        line("gss-ap-req", token)
        answer = server.step(token)
        line("gss-ap-rep", answer)
        client.step(answer)
        changed = token[:-1] + bytes([token[-1] ^ 1])
        # The error itself would come with the next step.
        line("gss-krb-error", gssapi.SecurityContext(usage="accept").step(changed))

        for server_name, enctype, key in cached_keys(cache):
            if not server_name.startswith(("krb5_ccache_conf_data", "X-")):
                print("key-session-" + server_name.partition("/")[0], enctype, key.hex())
        listed = run("klist", "-kKe", str(realm.keytab()))
        for entry in listed.splitlines():
            if SERVICE in entry and "aes256-cts-hmac-sha1-96" in entry:
                print("key-service 18", entry.partition("(0x")[2].rstrip(")"))
        listed = run("klist", "-kKe", str(realm.keytab("alice")))
        for entry in listed.splitlines():
            if "aes256-cts-hmac-sha1-96" in entry:
                print("key-alice 18", entry.partition("(0x")[2].rstrip(")"))

        # With a cache kpasswd would take its ticket for FAST.
        os.environ["KRB5CCNAME"] = f"FILE:{directory}/none"
        changer = mit_realm.CHANGER
        run("kpasswd", changer.name, said=f"{changer.password}\nAfter-it-2\nAfter-it-2\n")
        line("kpasswd-as-rep", kdc.take()[-1])
        request, reply = kpasswd.take()[-2:]
        line("kpasswd-request", request)
        line("kpasswd-reply", reply)


if __name__ == "__main__":
    main()
