"""Programs against programs over TCP: our samples, and MIT's gss-client and gss-server."""

from kerberos import mit_cases
from kerberos.mit_realm import ALICE
from kerberos.sample_cases import expect, gss_client, gss_server, sspi_client, sspi_server

from .pair import Pair

WORLD = mit_cases.__name__
CASES = []
NEGOTIATE = ("--package", "Negotiate")


def case(title, needs_ours=True):
    return lambda function: CASES.append((title, needs_ours, function))


def with_ticket_or_not(pair):
    return (("Kerberos", pair.client_place()), ("NTLM", pair.client_place(None)))


@case("gss-client -> gss-server: as the other cases expect them", needs_ours=False)
def mit_alone(pair):
    with gss_server(pair) as server:
        expect(gss_client(pair, server, "-spnego"), "Signature verified")
        expect(server.ends_with(0), f'Accepted connection: "{ALICE.principal}"')


@case("sspi-client -> gss-server: with a ticket, without")
def to_gss_server(pair):
    for package, place in with_ticket_or_not(pair):
        with gss_server(pair) as server:
            said = sspi_client(pair, server, "--gss-sample", *NEGOTIATE, place=place)
            expect(said, "^authenticated$", f"^package: {package}$", "^the server signed it",
                   "^done$")
            name = ALICE.principal if package == "Kerberos" else "PEERS\\\\alice"
            expect(server.ends_with(0), f'Accepted connection: "{name}',
                   'Received message: "a sealed hello from the client"')


# With NTLM gss-client ends after the handshake: it wants to know more than the mechanism tells.
@case("gss-client -> sspi-server: messages in several forms")
def from_gss_client(pair):
    for options in ((), ("-nomutual",), ("-nx",), ("-mcount", "5")):
        with sspi_server(pair, "--gss-sample", *NEGOTIATE) as server:
            said = gss_client(pair, server, "-spnego", *options)
            expect(said, "Signature verified")
            expect(server.ends_with(0), "^authenticated$", "^package: Kerberos$",
                   'received: "from gss-client"')


@case("sspi-client -> sspi-server: with a ticket, with a password, without a ticket")
def ours_alone(pair):
    password = ("--user", f"{ALICE.name}@{ALICE.realm}", "--password", ALICE.password)
    for package, options, place in (
        ("Kerberos", (), None), ("Kerberos", password, pair.place()),
        ("NTLM", (), pair.client_place(None)),
    ):
        with sspi_server(pair, *NEGOTIATE) as server:
            said = sspi_client(pair, server, *NEGOTIATE, *options, place=place)
            expect(said, "^authenticated$", "^done$", f"^package: {package}$")
            expect(server.ends_with(0), f"^package: {package}$")


def cases(among_peers):
    for title, needs_ours, function in CASES:
        if needs_ours != among_peers:
            def run(directory, function=function):
                function(Pair(mit_cases.World.realm, directory, None, None))

            yield f"Negotiate, {title}", run
