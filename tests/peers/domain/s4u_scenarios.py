"""Servers that go on in their clients' names: what must hold at every KDC that delegates.

With tickets of clients that came (S4U2Proxy), and with tickets for whomever the server says to have
before it (S4U2Self, `KERB_S4U_LOGON`). `Estate` says who is who in a realm.
"""

from dataclasses import dataclass

import secur32
from kerberos import mit, ours
from kerberos.lsa_cases import lsa, refused
from kerberos.mit_realm import User
from kerberos.pair import exchange, fails, same_keys
from kerberos.party import Wish
from negotiate import ours as negotiate_ours
from negotiate.party import Wish as Negotiation
from secur32_lsa import LOGON_FAILURE, LsaError, NO_SUCH_USER, S4U_IDENTIFY

CASES = []
NOT_DELEGATED = "SEC_E_DELEGATION_POLICY"


@dataclass(frozen=True)
class Estate:
    """The realm, whose name is `realm.REALM`, and who is in it."""

    realm: str
    domain: str
    alice: User
    # In whose name nobody may go on.
    guarded: User
    # Services: one that goes on for anybody, one that does for its clients, one that does for
    # nobody; where the first two go on to, and where they may not.
    transition: str
    clients_only: str
    nowhere: str
    back: str
    elsewhere: str
    # service -> the name that its account logs on by, where that is another (a domain).
    accounts: dict

    def whole(self, service):
        return f"{service}@{self.realm}"

    def principals(self, service):
        return [self.whole(name) for name in (service, *self.accounts.get(service, ()))]


def case(title, client=ours, server=ours):
    return lambda function: CASES.append((title, client, server, function))


def both_back_ends(title):
    """Ours and MIT's as the service that is gone on to."""
    def register(function):
        CASES.append((title, ours, ours, function))
        CASES.append((title, ours, mit, function))
    return register


def go_on(estate, pair, place, logon, service=None, client_class=ours.Client, wish=Wish()):
    """A client of the next service, with what a session has."""
    target = estate.whole(service or estate.back)
    client = client_class(place, wish, target, logon=logon)
    pair.open.append(client)
    return client


def arrive(estate, pair, place, logon, name=None):
    """Goes on to the back end, which must see alice and nobody else."""
    client = go_on(estate, pair, place, logon)
    session = pair.join(client, pair.server())
    seen = session.server.client_name()
    assert seen == (name or estate.alice.principal), f"{seen} arrived"
    same_keys(session)
    exchange(session, sizes=(1, 100))
    return session


def at_front(estate, pair, service, user=None, client_place=None, client=ours.Client):
    """A client came to a service of ours: that, and the place where the service lives."""
    place = pair.service_place(estate, service)
    user = user or estate.alice
    client_place = client_place or pair.client_place(user)
    front = ours.Server(place, Wish())
    pair.open.append(front)
    who = client(client_place, Wish(), estate.whole(service))
    pair.open.append(who)
    session = pair.join(who, front)
    assert front.client_name() == user.principal
    assert not front.context.flags & secur32.DELEGATE, "nothing was delegated, and it says so"
    with front.own():
        return session, place, front.context.logon_id()


# ---------------------------------------------------------------------------- clients that came


@both_back_ends("a client came with a ticket, and the server goes on in its name")
def by_evidence(estate, pair):
    for service in (estate.clients_only, estate.transition):
        _, place, logon = at_front(estate, pair, service)
        arrive(estate, pair, place, logon)


@case("an MIT client came", server=mit)
def by_evidence_of_mit(estate, pair):
    _, place, logon = at_front(estate, pair, estate.clients_only, client=mit.Client)
    arrive(estate, pair, place, logon)


@case("the session is the client's: its name, its tickets, its end")
def the_session(estate, pair):
    session, place, logon = at_front(estate, pair, estate.clients_only)
    with lsa(place) as calls:
        assert calls.list(logon) == []
    with secur32.Credential(secur32.OUTBOUND, None, "Kerberos", logon=logon) as credential:
        assert credential.name() == estate.alice.principal
        arrive(estate, pair, place, logon)
        with lsa(place) as calls:
            (ticket,) = calls.list(logon)
            assert ticket.client == estate.alice.principal
            assert ticket.server == estate.whole(estate.back)
        session.server.close()
        pair.open.remove(session.server)
        # The credential lives on, the session is over.
        assert credential.name() == estate.alice.principal
    try:
        secur32.Credential(secur32.OUTBOUND, None, "Kerberos", logon=logon)
    except secur32.SspiError as error:
        assert error.name == "SEC_E_UNKNOWN_CREDENTIALS", error
    else:
        raise AssertionError("the session is there without its context")


@case("by Negotiate, and with a credential for both uses")
def other_packages(estate, pair):
    _, place, logon = at_front(estate, pair, estate.clients_only)
    wish = Negotiation()
    client = go_on(estate, pair, place, logon, client_class=negotiate_ours.Client, wish=wish)
    server = negotiate_ours.Server(pair.server_place(), wish)
    pair.open.append(server)
    session = pair.join(client, server)
    assert "alice" in session.server.client_name()
    exchange(session, sizes=(20,))
    with session.client.own():
        both = secur32.Credential(secur32.BOTH, None, "Kerberos", logon=logon)
    with both:
        assert both.name() == estate.alice.principal


@case("to nobody but whom the KDC permits: not from there, not to there, not for them")
def not_permitted(estate, pair):
    for service, target in (
        (estate.nowhere, estate.back), (estate.clients_only, estate.elsewhere),
        (estate.transition, estate.elsewhere),
    ):
        _, place, logon = at_front(estate, pair, service)
        with fails("client", NOT_DELEGATED):
            go_on(estate, pair, place, logon, target).step(None)
    # Not the account, and not the ticket.
    homebody = pair.client_place(estate.alice, "-F")
    for user, place in ((estate.guarded, None), (estate.alice, homebody)):
        _, place, logon = at_front(estate, pair, estate.clients_only, user, place)
        with fails("client", NOT_DELEGATED):
            go_on(estate, pair, place, logon).step(None)


# ---------------------------------------------------------------------------- whom the server names


@both_back_ends("who proves nothing is logged on, and the server goes on in its name")
def by_name(estate, pair):
    place = pair.service_place(estate, estate.transition)
    user = estate.alice
    forms = [(user.name, ""), (user.name, estate.realm), (f"{user.name}@{estate.domain}", "")]
    for name, realm in forms:
        with lsa(place) as calls, calls.s4u_log_on(name, realm) as logon:
            arrive(estate, pair, place, logon.session)
    if estate.accounts:
        # A domain does not distinguish case.
        with lsa(place) as calls, calls.s4u_log_on("ALICE") as logon:
            arrive(estate, pair, place, logon.session, f"ALICE@{estate.realm}")


@case("without protocol transition the server goes nowhere for whom it names")
def no_transition(estate, pair):
    for service, user, target in (
        (estate.clients_only, estate.alice, estate.back),
        (estate.nowhere, estate.alice, estate.back),
        (estate.transition, estate.guarded, estate.back),
        (estate.transition, estate.alice, estate.elsewhere),
    ):
        place = pair.service_place(estate, service)
        with lsa(place) as calls, calls.s4u_log_on(user.name, user.realm) as logon:
            with secur32.Credential(secur32.OUTBOUND, None, "Kerberos", logon=logon.session) as own:
                assert own.name() == user.principal
            with fails("client", NOT_DELEGATED):
                go_on(estate, pair, place, logon.session, target).step(None)


@case("nobody is logged on whom the KDC does not know")
def nobody(estate, pair):
    place = pair.service_place(estate, estate.transition)
    with lsa(place) as calls:
        for name in ("nobody-here", f"nobody-here@{estate.realm}", ""):
            with refused(LOGON_FAILURE, NO_SUCH_USER):
                calls.s4u_log_on(name)


@case("a service by its own tickets, without a keytab")
def by_tickets(estate, pair):
    keys = pair.service_keys(estate, estate.transition)
    place = pair.place(cache=pair.fresh_cache())
    place.run("kinit", "-k", "-t", str(keys), estate.principals(estate.transition)[-1])
    if estate.accounts:
        # Nothing but the service's key tells whose ticket a KDC of Samba's gives.
        with lsa(place) as calls:
            try:
                calls.s4u_log_on(estate.alice.name)
            except LsaError as error:
                assert "prove" in str(error), error
            else:
                raise AssertionError("it was believed")
        return
    with lsa(place) as calls, calls.s4u_log_on(estate.alice.name) as logon:
        arrive(estate, pair, place, logon.session)


@case("a token of who proved nothing is to identify with, unless root is a logon process")
def levels(estate, pair):
    place = pair.service_place(estate, estate.transition)
    for trusted, flags in ((False, 0), (True, 0), (True, S4U_IDENTIFY)):
        with lsa(place, trusted=trusted) as calls:
            with calls.s4u_log_on(estate.alice.name, flags=flags) as logon:
                assert logon.session and logon.token
