"""Against a Samba AD DC: its KDC is Heimdal's, its tickets carry PACs, its GENSEC is a peer."""

import contextlib
import pathlib

import secur32
from secur32_lsa import AS_KERB_CRED, LOGON_FAILURE, LsaError, USE_CACHE_ONLY

from . import gensec, mit, ours
from .lsa_cases import agree, lsa, refused
from .mit_realm import User
from .pair import Pair, exchange, fails, same_keys, sided
from .party import Wish
from .samba_people import OLD_SERVICE, SERVICES, USERS
from .samba_dc import ADMIN_PASSWORD, DNS, REALM, Dc

CASES = []
ALICE, BOB, CHANGER = (
    User(name, USERS[name], realm=REALM) for name in ("alice", "bob", "changer")
)


def case(title, client, server, portable=True):
    """`portable`: MIT's side can take the place of ours."""
    return lambda function: CASES.append((title, client, server, portable, function))


def both_roles(title):
    def register(function):
        CASES.append((title, ours, mit, True, function))
        CASES.append((title, mit, ours, True, function))

    return register


def service(name):
    return f"{name}@{REALM}"


@both_roles("a password, tickets with PACs, each enctype; an RC4 ticket with an AES session key")
def tickets(pair):
    for name in SERVICES:
        session = pair.meet(service(name), client_options={"user": ALICE})
        assert session.server.client_name() == ALICE.principal
        same_keys(session)
        if name == OLD_SERVICE:
            assert len(session.client.session_key()) == 32, "the session is not AES-256"
        exchange(session, sizes=(1, 16, 100))


@both_roles("DCE style, one-way")
def styles(pair):
    for wish in (Wish(dce=True), Wish(mutual=False)):
        session = pair.meet(service(OLD_SERVICE), wish, client_options={"user": ALICE})
        same_keys(session)
        if not wish.dce:
            exchange(session, sizes=(20,))


@both_roles("tickets of a cache that kinit filled")
def from_cache(pair):
    place = pair.client_place(ALICE)
    exchange(pair.meet(service(OLD_SERVICE), place=place), sizes=(20,))
    assert service(OLD_SERVICE) in place.services()


@case("GENSEC reads the PAC of the ticket, and messages both ways", ours, gensec)
def to_gensec(pair):
    # MIT's client says that it can seal whether it was asked to or not.
    sign_only = [Wish(confidentiality=False)] if pair.client_class is ours.Client else []
    for wish in (Wish(), *sign_only):
        server = gensec.Server(pair.place(), wish, pair.realm.smb_conf)
        client = pair.client(service(gensec.SERVICE), wish, user=ALICE)
        session = pair.join(client, server)
        domain, user, sids = server.account()
        assert (domain, user) == ("ADDOM", "alice") and sids > 3, f"{domain}\\{user}, {sids} SIDs"
        exchange_gensec(session, wish)


@case("GENSEC's client, and messages both ways", gensec, ours)
def from_gensec(pair):
    for wish in (Wish(), Wish(confidentiality=False)):
        for name in SERVICES:
            client = gensec.Client(pair.place(), wish, name, ALICE, pair.realm.smb_conf)
            session = pair.join(client, pair.server(wish))
            assert session.server.client_name() == ALICE.principal
            exchange_gensec(session, wish)


def exchange_gensec(session, wish):
    same_keys(session)
    for size in (1, 16, 100, 4000):
        data = bytes(range(256)) * 16
        data = data[:size]
        for sender, receiver in session.directions():
            token = sender.wrap(data, wish.confidentiality)
            assert receiver.unwrap(token) == (data, wish.confidentiality)
            if not wish.confidentiality:
                receiver.verify(data, sender.sign(data))


@case("wrong passwords, unknown users, accounts that may not log on", ours, mit)
def refused_logons(pair):
    for name, password in (
        ("alice", "Wonder-land-8"), ("nobody-here", "x"), ("locked", USERS["locked"]),
        ("mustchange", USERS["mustchange"]),
    ):
        with fails("client", "SEC_E_LOGON_DENIED"):
            user = User(name, password, realm=REALM)
            pair.meet(service(OLD_SERVICE), client_options={"user": user})


@case("an unknown service", ours, mit)
def unknown_service(pair):
    with fails("client", "SEC_E_TARGET_UNKNOWN"):
        pair.client(service(f"svc/nobody.{DNS}"), user=ALICE).step(None)


@case("names in other case, the domain's short name, user@realm", ours, mit, portable=False)
def name_forms(pair):
    for name, realm in (
        ("ALICE", REALM), ("alice", REALM.lower()), ("alice@ad.test", None),
    ):
        user = User(name, ALICE.password, realm=realm)
        session = pair.meet(service(OLD_SERVICE), client_options={"user": user})
        assert session.server.client_name().lower() == ALICE.principal.lower()


@case("changing a password", ours, mit, portable=False)
def change_password(pair):
    with ours.Client(pair.place(), Wish(), service(OLD_SERVICE), user=CHANGER).own():
        secur32.change_password("Kerberos", REALM, CHANGER.name, CHANGER.password, "Another-one-9")
    user = User(CHANGER.name, "Another-one-9", realm=REALM)
    exchange(pair.meet(service(OLD_SERVICE), client_options={"user": user}), sizes=(20,))
    with fails("client", "SEC_E_LOGON_DENIED"):
        pair.meet(service(OLD_SERVICE), client_options={"user": CHANGER})


@case("LSA's calls: tickets with PACs listed, submitted, purged; a password set by the "
      "administrator's ticket-granting ticket", ours, mit, portable=False)
def lsa_calls(pair):
    aes = service("svc/aes.ad.test")
    tgt = service(f"krbtgt/{REALM}")
    place = pair.client_place(ALICE)
    with lsa(place) as calls:
        assert calls.retrieve(aes).service == aes
        messages = [calls.retrieve(n, USE_CACHE_ONLY | AS_KERB_CRED).encoded for n in (tgt, aes)]
    assert agree(place) == sorted([tgt, aes])
    there = pair.place(cache=pair.fresh_cache())
    with lsa(there) as calls:
        for message in messages:
            calls.submit(message)
    assert agree(there) == sorted([tgt, aes])
    exchange(pair.meet(aes, place=there), sizes=(20,))
    with lsa(place) as calls:
        calls.purge()
    assert agree(place) == []

    forgetful = User("forgetful", "Second-one-2", realm=REALM)
    administrator = User("Administrator", ADMIN_PASSWORD, realm=REALM)
    with lsa(pair.client_place(administrator)) as calls:
        calls.set_password(forgetful.name, REALM, forgetful.password)
    pair.client_place(forgetful)
    with lsa(pair.client_place(ALICE)) as calls:
        try:
            calls.set_password(forgetful.name, REALM, "Third-one-3")
        except LsaError:
            pass
        else:
            raise AssertionError("alice may set passwords")
    pair.client_place(forgetful)


@case("LsaLogonUser with a key of the domain, and without one", ours, mit, portable=False)
def logons(pair):
    with lsa(pair.server_place()) as calls:
        calls.log_on(ALICE.name, REALM, ALICE.password)
        with refused(LOGON_FAILURE):
            calls.log_on(ALICE.name, REALM, "wrong")
    with lsa(pair.place()) as calls:
        try:
            calls.log_on(ALICE.name, REALM, ALICE.password)
        except LsaError as error:
            assert "prove" in str(error), error
        else:
            raise AssertionError("a KDC was believed that nothing proves genuine")


def cases(among_peers):
    for title, sides, function in sided(CASES, among_peers, ours, mit):
        def run(directory, function=function, sides=sides):
            World.dc.enter()
            both = Pair(World.dc, directory, sides[0].Client, sides[1].Server)
            function(both)
            both.close()

        names = f"{sides[0].Client.implementation} -> {sides[1].Server.implementation}"
        yield f"Kerberos in a Samba domain, {names}: {title}", run


class World:
    """The DC, which is started once for all cases."""

    dc = None


@contextlib.contextmanager
def world(root, prepared):
    """The DC, as long as cases run."""
    with Dc(pathlib.Path(prepared) / "dc" / "dc.tar", pathlib.Path(root) / "dc") as World.dc:
        yield
