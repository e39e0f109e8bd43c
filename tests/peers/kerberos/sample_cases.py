"""Programs against programs over TCP: our samples, and MIT's gss-client and gss-server."""

import os
import pathlib
import re
import subprocess

from .mit_realm import ALICE, DELEGATED, HOPS, REALM, tool
from .processes import Server, free_port

CASES = []
SECONDS = 20
SERVICE, TARGET = f"svc@{HOPS}", f"svc/{HOPS}"


def case(title, needs_ours=True):
    return lambda function: CASES.append((title, needs_ours, function))


def sample(name):
    root = pathlib.Path(__file__).resolve().parents[3]
    return os.environ.get("SECUR32_SAMPLES", str(root / "build" / "examples")) + f"/{name}"


def settings(place):
    """The environment of a program in this place. Empty values would be names."""
    return {k: v for k, v in place.variables().items() if v is not None}


class Running:
    """A server program for one client."""

    def __init__(self, pair, command, port=None, place=None):
        self.log = pair.directory / f"server{len(list(pair.directory.iterdir()))}.log"
        self.server = Server(command, self.log, settings(place or pair.server_place()))
        if port:
            self.server.until_listening([port])
            self.port = port
        else:
            self.server.until(lambda: self._told(), "the server's port")
            self.port = int(self._told()[1])

    def _told(self):
        return re.search(r"^listening on .* port (\d+)$", self.log.read_text(), re.MULTILINE)

    def ends_with(self, status):
        code = self.server.process.wait(SECONDS)
        said = self.log.read_text()
        assert code == status, f"the server ended with {code}:\n{said}"
        return said

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.stop()


def gss_server(pair, service=SERVICE):
    port = free_port()
    return Running(pair, [tool("gss-server"), "-port", str(port), "-once", "-verbose", service],
                   port)


def sspi_server(pair, *options):
    return Running(pair, [sample("sspi-server"), "--package", "Kerberos", "--once", "--wait", "20",
                          *options])


def client(pair, command, status=0, place=None):
    done = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
        timeout=SECONDS, env={**os.environ, **settings(place or pair.client_place())},
    )
    assert done.returncode == status, f"{command[0]} ended with {done.returncode}:\n{done.stdout}"
    return done.stdout


def gss_client(pair, server, *options, service=SERVICE, text="from gss-client", **more):
    return client(pair, [tool("gss-client"), "-port", str(server.port), *options, "127.0.0.1",
                         service, text], **more)


def sspi_client(pair, server, *options, target=TARGET, **more):
    return client(pair, [sample("sspi-client"), "--package", "Kerberos", "--port",
                         str(server.port), "--target", target, *options], **more)


def expect(said, *patterns):
    for pattern in patterns:
        assert re.search(pattern, said, re.MULTILINE), f"no {pattern!r} in:\n{said}"


@case("gss-client -> gss-server: as the other cases expect them", needs_ours=False)
def mit_alone(pair):
    with gss_server(pair) as server:
        expect(gss_client(pair, server), "Signature verified")
        expect(server.ends_with(0), "Accepted connection: \"alice@MIT.TEST\"",
               "Received message: \"from gss-client\"")


@case("sspi-client -> gss-server")
def to_gss_server(pair):
    for options in ((), ("--no-mutual",)):
        with gss_server(pair) as server:
            said = sspi_client(pair, server, "--gss-sample", *options)
            expect(said, "^authenticated$", "^the server signed it", "^done$")
            expect(server.ends_with(0), f'Accepted connection: "{ALICE.principal}"',
                   'Received message: "a sealed hello from the client"')


@case("sspi-client -> gss-server: a ticket is delegated")
def delegates(pair):
    place = pair.client_place(ALICE, "-f")
    with gss_server(pair, f"svc@{DELEGATED}") as server:
        said = sspi_client(pair, server, "--gss-sample", "--delegate",
                           target=f"svc/{DELEGATED}", place=place)
        expect(said, "^flags: .*DELEGATE", "^done$")
        server.ends_with(0)


@case("gss-client -> sspi-server: mutual, one-way, and messages in several forms")
def from_gss_client(pair):
    for options in ((), ("-nomutual",), ("-nx",), ("-nw",), ("-nm",), ("-seq",), ("-d",),
                    ("-mcount", "5")):
        with sspi_server(pair, "--gss-sample") as server:
            said = gss_client(pair, server, *options)
            if "-nm" not in options:
                expect(said, "Signature verified")
            expect(server.ends_with(0), "^authenticated$", "^package: Kerberos$",
                   'received: "from gss-client"')


@case("gss-client -> sspi-server: a ticket for another service than the server's")
def wrong_service(pair):
    with sspi_server(pair, "--gss-sample", "--principal", f"HTTP/{HOPS}@{REALM}") as server:
        # What the client's status is when the connection ends is not the point.
        subprocess.run(
            [tool("gss-client"), "-port", str(server.port), "127.0.0.1", SERVICE, "x"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=SECONDS, check=False,
            env={**os.environ, **settings(pair.client_place())},
        )
        expect(server.ends_with(1), "AcceptSecurityContext: SEC_E_")


@case("sspi-client -> sspi-server: with a ticket, with a password")
def ours_alone(pair):
    for options, place in (
        ((), None),
        (("--user", f"{ALICE.name}@{REALM}", "--password", ALICE.password), pair.place()),
        (("--user", ALICE.name, "--domain", REALM, "--password", ALICE.password), pair.place()),
    ):
        with sspi_server(pair) as server:
            said = sspi_client(pair, server, *options, place=place)
            expect(said, "^authenticated$", "^done$", "MUTUAL_AUTH")
            expect(server.ends_with(0), "^package: Kerberos$")
