"""SASL at the LDAP server of a Samba DC, which wants its messages protected, as Windows' does."""

from kerberos import samba_cases
from kerberos.pair import Pair
from kerberos.samba_dc import ADDRESS, DNS, HOST
from negotiate import ldap
from negotiate.domain_cases import takes_for

from . import ours
from .cases import Directory

WORLD = samba_cases.__name__
DC = f"{HOST}.{DNS}"
BASE = "DC=ad,DC=test"
CASES = []


def case(title):
    return lambda function: CASES.append((title, function))


def client(pair, mechanism, layer):
    side = ours.Client(pair.client_place(samba_cases.ALICE), "ldap", DC, mechanism, layer)
    pair.open.append(side)
    return side


def look_up(connection):
    """Who the server takes us for, one entry, and more than one message of the layer holds."""
    takes_for(connection, "alice")
    everything = connection.search(BASE, ldap.SUBTREE, ldap.PRESENT, "*")
    assert len(everything) > 100, f"{len(everything)} entries"


@case("GSSAPI and GSS-SPNEGO, integrity and confidentiality")
def layers(pair):
    for mechanism in ("GSSAPI", "GSS-SPNEGO"):
        for layer in ("integrity", "confidentiality"):
            side = client(pair, mechanism, layer)
            with Directory(ADDRESS) as connection:
                connection.bind(side, mechanism)
                assert side.layer() == layer, f"{mechanism}: {side.layer()}"
                look_up(connection)


@case("GSSAPI without a wish: what the server demands, and no less")
def demanded(pair):
    side = client(pair, "GSSAPI", "none")
    with Directory(ADDRESS) as connection:
        try:
            connection.bind(side, "GSSAPI")
        except ldap.LdapError as refusal:
            assert str(refusal).startswith("8:"), refusal  # strongerAuthRequired
            return
        assert side.layer() == "integrity", side.layer()
        look_up(connection)


def cases(among_peers):
    if among_peers:
        return
    for title, function in CASES:
        def run(directory, function=function):
            samba_cases.World.dc.enter()
            pair = Pair(samba_cases.World.dc, directory, None, None)
            function(pair)
            pair.close()

        yield f"SASL in a Samba domain: {title}", run
