"""What is tried with each pair of a client and a server.

A scenario is a function of a `Pair`; its decorator tells with which pairs it is a case. `needs` are
the mechanisms that both must have.
"""

import contextlib
import random
import time

import secur32
from kerberos.mit_realm import ALICE, DELEGATED, DOMAIN, ENCTYPES, User
from kerberos.pair import Session
from party import Refused
from stage import BOB

from . import mit, wire
from .pair import (
    KERBEROS_ONLY, NAMES, NTLM_ONLY, TARGET, WALKER, chosen, exchange, fails, legs, with_mics,
    without_mics,
)
from .party import KERBEROS, NTLM, Wish

SCENARIOS = []
OURS = "secur32"
BINDINGS = b"tls-server-end-point:" + bytes(range(32))
OTHER_BINDINGS = b"tls-server-end-point:" + bytes(range(1, 33))
UNKNOWN, ADDRESS = f"svc/nobody.{DOMAIN}", "svc/127.0.0.1"


def scenario(title, needs=(KERBEROS, NTLM), when=lambda client, server: True, lacks=()):
    """`lacks` names limits of an implementation that rule a pair out."""
    def register(function):
        def fits(client, server):
            limits = client.limits | server.limits
            without = KERBEROS in needs and "no Kerberos" in limits
            return not without and not limits & set(lacks) and when(client, server)

        SCENARIOS.append((title, fits, function))
        return function

    return register


def ours_serves(client, server):
    return server.implementation == OURS


def ours_asks(client, server):
    return client.implementation == OURS


# ---------------------------------------------------------------------------- Kerberos


@scenario("Kerberos from a cache: keys and names are the same, messages of all kinds")
def kerberos(pair):
    session = pair.meet()
    first, second = legs(session)
    assert first.form == "init" and wire.kinds(first.mechanisms)[0] == KERBEROS, first
    assert first.inside() == KERBEROS and second.state == "completed", (first, second)
    assert second.chosen in (None, first.mechanisms[0]), "an OID that was not the client's first"
    without_mics(session)
    chosen(session, KERBEROS)
    exchange(session, KERBEROS)


@scenario("Kerberos: each enctype")
def enctypes(pair):
    for enctype in ENCTYPES:
        session = pair.meet(f"svc/{enctype.host}")
        chosen(session, KERBEROS)
        exchange(session, KERBEROS, sizes=(1, 16, 100))


@scenario("Kerberos one-way", when=lambda client, server: "no one-way" not in client.limits)
def one_way(pair):
    session = pair.meet(wish=Wish(mutual=False))
    chosen(session, KERBEROS)
    exchange(session, KERBEROS, sizes=(20,))


@scenario("Kerberos in DCE style")
def dce_style(pair):
    session = pair.meet(wish=Wish(dce=True))
    chosen(session, KERBEROS)


@scenario("Kerberos: integrity only; neither integrity nor confidentiality")
def less_kerberos(pair):
    session = pair.meet(wish=Wish(confidentiality=False))
    chosen(session, KERBEROS)
    plain = Wish(confidentiality=False, integrity=False, replay=False, sequence=False)
    chosen(pair.meet(wish=plain), KERBEROS)


@scenario("Kerberos with a password", lacks=("no passwords for Kerberos",),
          when=lambda client, server: "no passwords for Kerberos" not in client.limits)
def password(pair):
    session = pair.meet(client_options={"user": ALICE})
    chosen(session, KERBEROS)
    exchange(session, KERBEROS, sizes=(20,))


@scenario("Kerberos: a delegated ticket is used for a second hop",
          lacks=("nothing delegated",))
def delegation(pair):
    session = pair.meet(f"svc/{DELEGATED}", Wish(delegate=True))
    chosen(session, KERBEROS)
    if not ours_serves(None, session.server):
        # MIT's SPNEGO does not take the credential that it gives; Kerberos' own cases use it.
        told = str(session.server.context.delegated_creds.name)
        assert told == ALICE.principal, f"delegated is {told!r}"
        return
    onward = session.server.delegated(pair.place(), TARGET, Wish())
    pair.open.append(onward)
    second = pair.join(onward, pair.server())
    chosen(second, KERBEROS)
    exchange(second, KERBEROS, sizes=(20,))


@scenario("Kerberos: channel bindings equal; others are refused")
def kerberos_bindings(pair):
    exchange(pair.meet(wish=Wish(bindings=BINDINGS)), KERBEROS, sizes=(20,))
    with fails("server", "SEC_E_BAD_BINDINGS"):
        pair.meet(asks=Wish(bindings=OTHER_BINDINGS), serves=Wish(bindings=BINDINGS))


@scenario("Kerberos: a request that comes late is refused with the server's time",
          when=lambda c, s: "pyspnego" not in (c.implementation, s.implementation))
def late(pair):
    strict = pair.realm.config(pair.directory / "skew.conf", libdefaults={"clockskew": "1"})
    wish = Wish(extended_error=True)
    client = pair.client(wish=wish)
    server = pair.server(wish, pair.server_place().but(config=strict))
    token = client.step(None)
    time.sleep(3)
    try:
        # Ours says so with a token, and waits for another request.
        told = server.step(token)
    except Refused as refusal:
        assert refusal.side == "server" and "skew" in refusal.reason.lower(), refusal
        told = refusal.token
    assert told and not server.complete, "the server accepted it"
    leg = wire.read(told)
    assert leg.inside() == KERBEROS and leg.token, f"no word of Kerberos in {leg}"
    if server.implementation == OURS and client.implementation == OURS:
        token = told
        while token:
            token = server.step(client.step(token))
            token = client.step(token) if token and not client.complete else None
        exchange(Session(client, server, []), KERBEROS, sizes=(20,))
    else:
        # MIT's server rejects with it, and is done.
        with fails("client", "SEC_E_TIME_SKEW"):
            client.step(told)


# ---------------------------------------------------------------------------- NTLM


@scenario("NTLM alone: keys and names are the same, messages of all kinds", needs=(NTLM,))
def ntlm(pair):
    session = pair.with_ntlm()
    first, challenge, proof, last = legs(session)
    assert first.form == "init" and wire.kinds(first.mechanisms) == [NTLM], first
    assert first.inside() == NTLM and challenge.inside() == NTLM and proof.inside() == NTLM
    assert challenge.chosen in (None, wire.NTLM) and last.state == "completed", (challenge, last)
    chosen(session, NTLM)
    with_mics(session)
    exchange(session, NTLM)


@scenario("NTLM: two hundred messages in a random order of kinds and directions", needs=(NTLM,))
def many(pair):
    session, chance = pair.with_ntlm(), random.Random(4)
    for _ in range(200):
        sender, receiver = chance.choice(session.directions())
        data = chance.randbytes(chance.randrange(1, 300))
        if chance.random() < 0.4:
            receiver.verify(data, sender.sign(data))
        else:
            assert receiver.unwrap(sender.wrap(data))[0] == data


@scenario("NTLM: altered, repeated and reflected messages are refused", needs=(NTLM,))
def bad_messages(pair):
    session = pair.with_ntlm()
    for sender, receiver in session.directions():
        message = sender.wrap(b"only once")
        assert receiver.unwrap(message)[0] == b"only once"
        with fails(receiver.role, "SEC_E_MESSAGE_ALTERED"):
            receiver.unwrap(message)
    session = pair.with_ntlm()
    for sender, _ in session.directions():
        with fails(sender.role, "SEC_E_MESSAGE_ALTERED"):
            sender.unwrap(sender.wrap(b"an echo"))


@scenario("NTLM: integrity only", needs=(NTLM,))
def signed_ntlm(pair):
    session = pair.with_ntlm(wish=Wish(mechanisms=(NTLM,), confidentiality=False))
    chosen(session, NTLM)
    for sender, receiver in session.directions():
        for data in (b"a", b"a message"):
            receiver.verify(data, sender.sign(data))


@scenario("NTLM: neither integrity nor confidentiality", needs=(NTLM,),
          when=lambda client, server: "dummy session key" not in client.limits or
          ours_serves(client, server))
def plain_ntlm(pair):
    plain = Wish(mechanisms=(NTLM,), confidentiality=False, integrity=False, replay=False,
                 sequence=False, mutual=False)
    session = pair.with_ntlm(wish=plain)
    assert session.server.client_name().lower() == NAMES[NTLM].lower()


@scenario("NTLM: wrong password, unknown user: the server refuses", needs=(NTLM,))
def wrong_ntlm_password(pair):
    for user in (User("alice", "Wonder-land-8", realm="PEERS"),
                 User("nobody-here", "x", realm="PEERS")):
        with fails("server", "SEC_E_LOGON_DENIED"):
            pair.with_ntlm(user=user)


@scenario("NTLM: channel bindings equal; others are refused", needs=(NTLM,), lacks=(
    "no bindings",))
def ntlm_bindings(pair):
    bound = Wish(mechanisms=(NTLM,), bindings=BINDINGS)
    exchange(pair.with_ntlm(wish=bound), NTLM, sizes=(20,))
    with fails("server", "SEC_E_BAD_BINDINGS"):
        pair.with_ntlm(asks=Wish(mechanisms=(NTLM,), bindings=OTHER_BINDINGS), serves=bound)


# ---------------------------------------------------------------------------- the choice


@scenario("the client prefers Kerberos, the server has NTLM only",
          when=lambda client, server: "takes any first token" not in server.limits)
def server_chooses(pair):
    no_key = pair.server_place("/nonexistent")
    for serves, place in ((Wish(), no_key), (NTLM_ONLY, None)):
        session = pair.meet(asks=Wish(), serves=serves, server_place=place)
        first, answer, *_ = legs(session)
        assert wire.kinds(first.mechanisms) == [KERBEROS, NTLM], first
        assert first.inside() == KERBEROS, "no optimistic token"
        assert answer.state == "request-mic" and answer.chosen == wire.NTLM, answer
        chosen(session, NTLM)
        with_mics(session)
        exchange(session, NTLM, sizes=(1, 20, 100))


@scenario("the client has NTLM only, the server prefers Kerberos")
def client_has_one(pair):
    session = pair.with_ntlm(asks=NTLM_ONLY, serves=Wish())
    chosen(session, NTLM)
    with_mics(session)
    exchange(session, NTLM, sizes=(20,))


@scenario("the client has Kerberos only, the server both")
def kerberos_only(pair):
    session = pair.meet(asks=KERBEROS_ONLY, serves=Wish())
    assert wire.kinds(legs(session)[0].mechanisms) == [KERBEROS]
    chosen(session, KERBEROS)
    exchange(session, KERBEROS, sizes=(20,))


@scenario("nothing in common", when=lambda c, s: "takes any first token" not in s.limits)
def nothing_in_common(pair):
    for asks, serves, options in (
        (KERBEROS_ONLY, NTLM_ONLY, {}), (NTLM_ONLY, KERBEROS_ONLY, {"user": WALKER}),
    ):
        with fails("server"):
            pair.meet(asks=asks, serves=serves, client_options=options)


@scenario("no ticket can be had, and it is NTLM: nobody has logged on", when=lambda c, s: True)
def no_ticket(pair):
    place = pair.client_place(None)
    session = pair.meet(place=place)
    assert wire.kinds(legs(session)[0].mechanisms) == [NTLM]
    chosen(session, NTLM)
    exchange(session, NTLM, sizes=(20,))


@scenario("no ticket can be had, and it is NTLM: an unknown service, an address, no KDC")
def no_ticket_for_target(pair):
    place = pair.client_place()
    dead = pair.realm.config(pair.directory / "dead.conf",
                             kdcs=[pair.realm.address(pair.realm.dead_port)])
    for target, from_place in ((UNKNOWN, place), (ADDRESS, place),
                               (TARGET, place.but(config=dead))):
        session = pair.meet(target, place=from_place)
        assert legs(session)[0].inside() == NTLM, f"{target}: not NTLM from the start"
        chosen(session, NTLM)
        with_mics(session)
        exchange(session, NTLM, sizes=(20,))


@scenario("no ticket can be had with a password, and it is NTLM", when=ours_asks)
def password_without_ticket(pair):
    dead = pair.realm.config(pair.directory / "dead.conf",
                             kdcs=[pair.realm.address(pair.realm.dead_port)])
    for target, changes in ((UNKNOWN, {}), (ADDRESS, {}), (TARGET, {"config": dead})):
        session = pair.meet(target, place=pair.place(**changes), client_options={"user": ALICE})
        chosen(session, NTLM, f"{ALICE.realm}\\{ALICE.name}")
        exchange(session, NTLM, sizes=(20,))


@scenario("an identity for each mechanism: a ticket, and an account that is added",
          when=ours_asks)
def added_identity(pair):
    for target, mechanism, name in (
        (TARGET, KERBEROS, ALICE.principal), (ADDRESS, NTLM, f"{BOB.domain}\\{BOB.user}"),
    ):
        client = pair.client(target, KERBEROS_ONLY)
        with client.own():
            client.credential.add("NTLM", secur32.Identity(BOB.user, BOB.domain, BOB.password))
        session = pair.join(client, pair.server())
        assert wire.kinds(legs(session)[0].mechanisms)[-1] == NTLM, "NTLM is not offered"
        chosen(session, mechanism, name)


@scenario("a wrong password is not tried again with NTLM", when=ours_asks)
def wrong_password(pair):
    wrong = User(ALICE.name, "Wonder-land-8")
    with fails("client", "SEC_E_LOGON_DENIED"):
        pair.client(place=pair.place(), user=wrong).step(None)


@scenario("where NTLM is forbidden there is no falling back to it", when=ours_asks)
def forbidden_client(pair):
    for target, name in ((UNKNOWN, "SEC_E_TARGET_UNKNOWN"), (ADDRESS, "SEC_E_TARGET_UNKNOWN")):
        with fails("client", name):
            pair.client(target, KERBEROS_ONLY).step(None)
    with fails("client", "SEC_E_NO_CREDENTIALS"):
        pair.client(TARGET, KERBEROS_ONLY, place=pair.client_place(None)).step(None)


@scenario("policy forbids NTLM to our client, but for the servers that it names", when=ours_asks)
def policy_of_client(pair):
    forbids = pair.policy(RestrictSendingNTLMTraffic=2)
    place = pair.client_place().but(settings=forbids)
    session = pair.meet(place=place)
    assert wire.kinds(legs(session)[0].mechanisms) == [KERBEROS], "NTLM is offered"
    for target in (ADDRESS, UNKNOWN):
        with fails("client", "SEC_E_DOWNGRADE_DETECTED"):
            pair.client(target, place=place).step(None)
    excepts = pair.policy(RestrictSendingNTLMTraffic=2,
                          ClientAllowedNTLMServers=[f"*.{DOMAIN}"])
    chosen(pair.meet(UNKNOWN, place=place.but(settings=excepts)), NTLM)


@scenario("policy forbids NTLM to our server", when=ours_serves)
def policy_of_server(pair):
    place = pair.server_place(settings=pair.policy(RestrictReceivingNTLMTraffic=2))
    chosen(pair.meet(server_place=place), KERBEROS)
    with fails("server"):
        pair.with_ntlm(serves=Wish(), server_place=place)


@scenario("a client that is told of a refusal refuses too", needs=(NTLM,))
def told_of_refusal(pair):
    wish = Wish(mechanisms=(NTLM,), extended_error=True)
    client = pair.client(wish=wish, user=User("alice", "Wonder-land-8", realm="PEERS"))
    server = pair.server(wish)
    token = client.step(server.step(client.step(None)))
    try:
        server.step(token)
        raise AssertionError("the server accepted it")
    except Refused as refusal:
        told = refusal.token
    assert told or server.implementation != OURS, "our server says nothing"
    if told:
        assert wire.read(told).state == "reject", wire.read(told)
        with fails("client", "SEC_E_LOGON_DENIED"):
            client.step(told)


# ---------------------------------------------------------------------------- forms


@scenario("the server speaks first, and the client heeds its hint", needs=(NTLM,),
          lacks=("no hints",))
def hint(pair):
    kerberos = "no Kerberos" not in pair.client_class.limits | pair.server_class.limits
    wishes = [Wish()] if kerberos else []
    if "takes any first token" not in pair.server_class.limits:
        wishes.append(NTLM_ONLY)
    for serves in wishes:
        server = pair.server(serves)
        told = server.step(b"")
        hints = wire.read(told)
        assert hints.form == "hints" and not hints.mic, hints
        assert wire.kinds(hints.mechanisms) == list(serves.mechanisms), hints
        user = {} if kerberos else {"user": WALKER}
        client = pair.client(wish=Wish() if kerberos else NTLM_ONLY, **user)
        tokens, sides = [client.step(told)], (server, client)
        while tokens[-1]:
            tokens.append(sides[len(tokens) % 2 - 1].step(tokens[-1]))
        session = Session(client, server, tokens[:-1])
        chosen(session, serves.mechanisms[0])
        exchange(session, serves.mechanisms[0], sizes=(20,))


@scenario("Kerberos' and NTLM's tokens without SPNEGO around",
          when=lambda c, s: ours_serves(c, s) and c.implementation == "mit")
def raw(pair):
    for mechanism in (KERBEROS, NTLM):
        place = pair.client_place() if mechanism == KERBEROS else pair.client_place(None)
        client = mit.Raw(place, Wish(mechanisms=(mechanism,)), TARGET)
        pair.open.append(client)
        session = pair.join(client, pair.server())
        assert all(leg.form == "raw" for leg in legs(session)), "SPNEGO around raw tokens"
        chosen(session, mechanism)
        exchange(session, mechanism, sizes=(20,))


def raw_ntlm(pair):
    """Of a client whose Negotiate does without SPNEGO when it has NTLM only, as Windows'."""
    session = pair.with_ntlm(asks=NTLM_ONLY, serves=Wish())
    assert all(leg.form == "raw" for leg in legs(session)), "SPNEGO around raw tokens"
    assert session.server.mechanism() == NTLM
    assert session.server.client_name() == NAMES[NTLM]
    for sender, receiver in session.directions():
        assert receiver.unwrap(sender.wrap(b"a message"))[0] == b"a message"
    with fails("server", "SEC_E_LOGON_DENIED"):
        pair.with_ntlm(asks=NTLM_ONLY, serves=Wish(), user=User("alice", "x", realm="PEERS"))


# ---------------------------------------------------------------------------- a third party


def at(number, change):
    return lambda n, token: change(token) if n == number else token


@contextlib.contextmanager
def noticed(*names):
    """One of the sides refuses; ours with one of these names."""
    try:
        yield
    except Refused as refusal:
        assert not refusal.reason.startswith("SEC_") or refusal.reason in names, refusal
        return
    raise AssertionError("nobody noticed")


def without_kerberos(token):
    return wire.changed(token, mechanisms=(wire.NTLM,), token=b"", has_token=False)


@scenario("Kerberos taken out of the client's list is noticed")
def list_cut(pair):
    with fails("server", "SEC_E_MESSAGE_ALTERED"):
        pair.meet(on_the_way=at(1, without_kerberos))


@scenario("the client's list turned round is noticed")
def list_turned(pair):
    with noticed("SEC_E_MESSAGE_ALTERED"):
        pair.meet(on_the_way=at(1, lambda token: wire.changed(
            token, mechanisms=tuple(reversed(wire.read(token).mechanisms)), token=b"",
            has_token=False)))


@scenario("a mechListMIC that was changed or taken away is noticed", needs=(NTLM,))
def mic_changed(pair):
    def flip(token):
        mic = bytearray(wire.read(token).mic)
        mic[5] ^= 1
        return wire.changed(token, mic=bytes(mic))

    def drop(token):
        return wire.changed(token, mic=b"")

    for side, number in (("server", 3), ("client", 4)):
        with fails(side, "SEC_E_MESSAGE_ALTERED"):
            pair.with_ntlm(on_the_way=at(number, flip))
    # Others leave it to the other side to notice that it is missing.
    for side, number, who in (("server", 3, pair.server_class), ("client", 4, pair.client_class)):
        if who.implementation == OURS:
            with fails(side, "SEC_E_MESSAGE_ALTERED", "SEC_E_INVALID_TOKEN"):
                pair.with_ntlm(on_the_way=at(number, drop))


# ---------------------------------------------------------------------------- life


@scenario("export and import of our context in the middle", needs=(NTLM,),
          when=lambda c, s: OURS in (c.implementation, s.implementation))
def moved(pair):
    mechanisms = [NTLM]
    if "no Kerberos" not in pair.client_class.limits | pair.server_class.limits:
        mechanisms.append(KERBEROS)
    for mechanism in mechanisms:
        session = pair.meet() if mechanism == KERBEROS else pair.with_ntlm()
        exchange(session, mechanism, sizes=(10, 20))
        for side in (session.client, session.server):
            if side.implementation == OURS:
                side.move_to_import()
        exchange(session, mechanism, sizes=(30, 40))
