"""In a Samba domain: threads that act as a client, and what they go on with."""

import pathlib
from dataclasses import replace

import secur32
from kerberos import ours, samba_cases
from kerberos.lsa_cases import lsa
from kerberos.pair import exchange, fails
from kerberos.party import Wish
from kerberos.samba_cases import ALICE, BOB
from kerberos.samba_dc import REALM
from secur32_lsa import LsaError, S4U_IDENTIFY

from . import impersonation_cases
from .s4u_cases import ESTATE, SambaPair
from .s4u_scenarios import NOT_DELEGATED, go_on

WORLD = samba_cases.__name__
CASES = []


def case(title):
    return lambda function: CASES.append((title, function))


def open_cache(pair, user):
    """A cache of the process's own that everybody can read."""
    place = pair.client_place(user)
    pathlib.Path(place.cache.removeprefix("FILE:")).chmod(0o644)
    return place.cache


def credential(place, package="Kerberos", use=secur32.OUTBOUND, **options):
    with lsa(place):
        return secur32.Credential(use, None, package, **options)


@case("l12: a thread that acts as its client has its client's credential, and not the process's")
def as_the_thread(estate, pair):
    machine = impersonation_cases.Machine(pair)
    keytab = pair.service_keys(estate, estate.clients_only)
    place = replace(machine.server_place, keytab=f"FILE:{keytab}",
                    cache=open_cache(pair, BOB))
    front = ours.Server(place, Wish())
    client = ours.Client(pair.client_place(ALICE), Wish(), estate.whole(estate.clients_only))
    pair.open += [front, client]
    pair.join(client, front)
    before = credential(place)
    for package in ("Kerberos", "Negotiate"):
        for use in (secur32.OUTBOUND, secur32.BOTH):
            with machine.acting(front):
                assert impersonation_cases.refused(keytab), "the thread is not the client"
                own = credential(place, package, use)
                assert own.name() == ALICE.principal, f"{own.name()} by {package}"
                # What was acquired before stays whose it is.
                assert before.name() == BOB.principal
            assert own.name() == ALICE.principal and own.close() is None
    with machine.acting(front):
        onward = ours.Client(place, Wish(), estate.whole(estate.back))
        pair.open.append(onward)
        session = pair.join(onward, pair.server())
        assert session.server.client_name() == ALICE.principal
        exchange(session, sizes=(20,))
        with fails("client", NOT_DELEGATED):
            go_on(estate, pair, place, None, estate.elsewhere).step(None)
        with lsa(place) as calls:
            (ticket,) = calls.list()
            assert ticket.server == estate.whole(estate.back), ticket
        for options in ({"principal": BOB.principal}, {"package": "NTLM"}):
            nothing(place, **options)
    own = credential(place)
    assert own.name() == BOB.principal


def nothing(place, **options):
    try:
        credential(place, **options)
    except secur32.SspiError as error:
        assert error.name == "SEC_E_NO_CREDENTIALS", error
    else:
        raise AssertionError(f"there are credentials: {options}")


@case("l12: a client that left nothing leaves its thread nothing, whoever's tickets are there")
def nothing_left(estate, pair):
    machine = impersonation_cases.Machine(pair)
    place = replace(machine.server_place, cache=open_cache(pair, BOB))
    with lsa(pair.client_place(ALICE)) as calls:
        ticket = calls.retrieve(estate.whole(estate.back)).encoded
    with lsa(place) as calls, calls.ticket_log_on(ticket) as logon, logon.impersonating():
        nothing(place)
        nothing(place, package="Negotiate")
        bob = secur32.Identity("bob", REALM, BOB.password)
        secur32.Credential(secur32.OUTBOUND, bob, "Kerberos").close()
    assert credential(place).name() == BOB.principal


@case("root may act as whom it names, and goes on as that; others may know it only")
def named(estate, pair):
    machine = impersonation_cases.Machine(pair)
    keytab = pair.service_keys(estate, estate.transition)
    place = replace(machine.server_place, keytab=f"FILE:{keytab}")
    with lsa(place, trusted=True) as calls, calls.s4u_log_on("alice") as logon:
        with logon.impersonating():
            assert impersonation_cases.identity()[0][1] == impersonation_cases.UIDS["alice"]
            onward = ours.Client(place, Wish(), estate.whole(estate.back))
            pair.open.append(onward)
            session = pair.join(onward, pair.server())
        assert session.server.client_name() == ALICE.principal
    for trusted, flags in ((False, 0), (True, S4U_IDENTIFY)):
        with lsa(place, trusted=trusted) as calls, calls.s4u_log_on("alice", flags=flags) as logon:
            try:
                with logon.impersonating():
                    raise AssertionError("the thread acts as somebody who proved nothing")
            except LsaError as error:
                assert "identified" in str(error), error


def cases(among_peers):
    if among_peers:
        return
    for title, function in CASES:
        def run(directory, function=function):
            samba_cases.World.dc.enter()
            pair = SambaPair(samba_cases.World.dc, directory, ours.Client, ours.Server)
            function(ESTATE, pair)
            pair.close()

        yield f"Going on in a client's name, Samba domain, as the client: {title}", run
