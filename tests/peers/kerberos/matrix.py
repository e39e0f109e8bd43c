"""What is tried with each pair of a client and a server, over one MIT realm.

A scenario is a function of a `Pair`; where its decorator names enctypes it is tried with a service
of each, whose name it gets. Nothing is skipped when the tests run: what a pair cannot do is no
case.
"""

import random
import time
from dataclasses import replace

import secur32
from party import Refused

from .mit_realm import (
    ALICE, CAROL, DELEGATED, DOMAIN, ENCTYPES, HOPS, NOT_FORWARDED, OTHER_HOST, OTHER_REALM, REALM,
)
from .pair import Session, exchange, exchange_parts, fails, flipped, same_keys
from .party import Wish

SCENARIOS = []
OURS = "secur32"
STYLES = (("mutual", Wish()), ("one-way", Wish(mutual=False)), ("DCE style", Wish(dce=True)))
HOPS_SERVICE = f"svc/{HOPS}@{REALM}"
BINDINGS = b"tls-server-end-point:" + bytes(range(32))
OTHER_BINDINGS = b"tls-server-end-point:" + bytes(range(1, 33))


def scenario(title, enctypes=(None,), when=lambda client, server: True):
    def register(function):
        for enctype in enctypes:
            if enctype is None:
                SCENARIOS.append((title, when, function))
            else:
                def run(pair, enctype=enctype):
                    pair.enctype = enctype
                    function(pair, f"svc/{enctype.host}@{REALM}")

                SCENARIOS.append((f"{enctype.label}, {title}", when, run))
        return function

    return register


def ours_serves(client, server):
    return server.implementation == OURS


def ours_asks(client, server):
    return client.implementation == OURS


# ---------------------------------------------------------------------------- authentication


def styled(style, wish):
    @scenario(f"{style}: keys and names are the same, messages of all kinds", ENCTYPES)
    def run(pair, service):
        session = pair.meet(service, wish)
        legs = {"mutual": 2, "one-way": 1, "DCE style": 3}[style]
        assert len(session.tokens) == legs, f"{len(session.tokens)} tokens"
        same_keys(session)
        for side in (session.client, session.server):
            if side.implementation != OURS:
                assert side.enctype() == pair.enctype.number, f"a key of {side.enctype()}"
            assert side.client_name() == ALICE.principal, f"the client is {side.client_name()!r}"
        if not wish.dce:
            exchange(session)
        if wish.dce or "rc4" not in service:
            around = ((b"", b""), (b"before", b""), (b"", b"after"), (b"a header", b"a trailer"))
            exchange_parts(session, sizes=(1, 16, 100), around=around)


for _style in STYLES:
    styled(*_style)


@scenario("what our context says of itself", ENCTYPES, when=lambda c, s: OURS in (
    c.implementation, s.implementation))
def attributes(pair, service):
    session = pair.meet(service)
    ends = time.time() + session.client.lifetime()
    for side in (session.client, session.server):
        if side.implementation != OURS:
            continue
        context = side.context
        integrity = secur32.ISC_INTEGRITY if side.role == "client" else secur32.ASC_INTEGRITY
        wanted = (integrity | secur32.CONFIDENTIALITY | secur32.MUTUAL_AUTH
                  | secur32.REPLAY_DETECT | secur32.SEQUENCE_DETECT)
        assert context.flags & wanted == wanted, f"the flags are {context.flags:#x}"
        assert context.package() == "Kerberos"
        assert context.native_names() == (ALICE.principal, service), context.native_names()
        assert context.user_name() == ALICE.principal, context.user_name()
        assert context.authority() == REALM, context.authority()
        signing, sealing, bits = context.key_info()
        assert signing and sealing and bits == 8 * len(side.session_key()), context.key_info()
        assert context.sizes().cbMaxToken == 48000
        # In local time, as SSPI has it.
        local = time.mktime(time.gmtime(ends)) - time.mktime(time.localtime(ends))
        assert abs(context.lifespan()[1] + local - ends) < 10, context.lifespan()


@scenario("64 KiB both ways, and empty messages", ENCTYPES)
def large(pair, service):
    exchange(pair.meet(service), sizes=(0, 65536))


@scenario("two hundred messages in a random order of kinds and directions", ENCTYPES)
def many(pair, service):
    session, chance = pair.meet(service), random.Random(3)
    for _ in range(200):
        sender, receiver = chance.choice(session.directions())
        data = chance.randbytes(chance.randrange(0, 300))
        if chance.random() < 0.4:
            receiver.verify(data, sender.sign(data))
        else:
            seal = chance.random() < 0.7
            assert receiver.unwrap(sender.wrap(data, seal)) == (data, seal)


@scenario("changed, cut and lengthened messages are refused", ENCTYPES)
def altered(pair, service):
    session = pair.meet(service, Wish(replay=False, sequence=False))
    for sender, receiver in session.directions():
        for seal in (True, False):
            length = len(sender.wrap(bytes(range(100)), seal))
            for change in (
                *(lambda m, at=at: flipped(m, at) for at in (0, 1, length // 3, -30, -1)),
                lambda m: m[:-1], lambda m: m[:12], lambda m: m + b"\0", lambda m: b"",
            ):
                with fails(receiver.role):
                    receiver.unwrap(change(sender.wrap(bytes(range(100)), seal)))
        mic = sender.sign(b"as it was")
        for at in (0, 1, 8, -1):
            with fails(receiver.role):
                receiver.verify(b"as it was", flipped(mic, at))
        with fails(receiver.role, "SEC_E_MESSAGE_ALTERED"):
            receiver.verify(b"As it was", mic)
        with fails(receiver.role):
            receiver.verify(b"as it was", mic[:-1])


@scenario("messages sent back to their sender, or of another session, are refused", ENCTYPES)
def reflected(pair, service):
    first, second = pair.meet(service), pair.meet(service)
    for sender, _ in first.directions():
        with fails(sender.role):
            sender.unwrap(sender.wrap(b"an echo"))
        with fails(sender.role):
            sender.verify(b"an echo", sender.sign(b"an echo"))
    for (sender, _), (_, receiver) in zip(first.directions(), second.directions()):
        with fails(receiver.role):
            receiver.unwrap(sender.wrap(b"for the first"))


@scenario("repeated and late messages are refused where sequence is asked for", ENCTYPES)
def out_of_sequence(pair, service):
    for sender, receiver in pair.meet(service).directions():
        first, second, third = (sender.wrap(b"message %d" % n) for n in range(3))
        assert receiver.unwrap(first)[0] == b"message 0"
        with fails(receiver.role, "SEC_E_OUT_OF_SEQUENCE", "duplicate"):
            receiver.unwrap(first)
        with fails(receiver.role, "SEC_E_OUT_OF_SEQUENCE", "expected", "skipped"):
            receiver.unwrap(third)
        if receiver.implementation == OURS:
            # The third was refused, so the second is still the next.
            assert receiver.unwrap(second)[0] == b"message 1"
            continue
        with fails(receiver.role, "earlier", "later"):
            receiver.unwrap(second)


@scenario("without sequence, but with replay detection: any order, nothing twice", ENCTYPES)
def replay_only(pair, service):
    session = pair.meet(service, Wish(sequence=False))
    for sender, receiver in session.directions():
        tokens = [sender.wrap(b"message %d" % n) for n in range(6)]
        for n in (3, 0, 5, 1, 4, 2):
            assert receiver.unwrap(tokens[n])[0] == b"message %d" % n
        for n in (0, 5):
            with fails(receiver.role, "SEC_E_OUT_OF_SEQUENCE", "duplicate"):
                receiver.unwrap(tokens[n])


@scenario("neither sequence nor replay detection: anything goes", ENCTYPES)
def nothing_detected(pair, service):
    session = pair.meet(service, Wish(sequence=False, replay=False))
    for sender, receiver in session.directions():
        tokens = [sender.wrap(b"message %d" % n) for n in range(3)]
        for n in (2, 0, 0, 1):
            assert receiver.unwrap(tokens[n])[0] == b"message %d" % n


@scenario("integrity only; neither integrity nor confidentiality")
def less_protection(pair):
    session = pair.meet(HOPS_SERVICE, Wish(confidentiality=False))
    same_keys(session)
    exchange(session, sealed=(False,), sizes=(1, 100))
    plain = Wish(confidentiality=False, integrity=False, replay=False, sequence=False)
    session = pair.meet(HOPS_SERVICE, plain)
    same_keys(session)


@scenario("export and import of both contexts in the middle")
def moved(pair):
    session = pair.meet(HOPS_SERVICE)
    exchange(session, sizes=(10, 20))
    for side in (session.client, session.server):
        side.move_to_import()
    exchange(session, sizes=(30, 40))


# ---------------------------------------------------------------------------- the handshake


@scenario("an AP-REQ or AP-REP changed on the way is refused")
def altered_handshake(pair):
    for at in (-1, -40, 300, 500):
        with fails("server"):
            pair.meet(HOPS_SERVICE, on_the_way=lambda n, t: flipped(t, at) if n == 1 else t)
    for at in (-1, -20, 60):
        with fails("client"):
            pair.meet(HOPS_SERVICE, on_the_way=lambda n, t: flipped(t, at) if n == 2 else t)


@scenario("a DCE third leg changed on the way is refused")
def altered_third_leg(pair):
    for at in (-1, -20):
        with fails("server"):
            pair.meet(HOPS_SERVICE, Wish(dce=True),
                      on_the_way=lambda n, t: flipped(t, at) if n == 3 else t)


@scenario("the AP-REP of another session is refused")
def other_reply(pair):
    earlier = pair.meet(HOPS_SERVICE).tokens[1]
    with fails("client", "SEC_E_MUTUAL_AUTH_FAILED"):
        pair.meet(HOPS_SERVICE, on_the_way=lambda n, t: earlier if n == 2 else t)


@scenario("an AP-REQ that comes twice is refused")
def replayed_request(pair):
    token = pair.meet(HOPS_SERVICE).tokens[0]
    with fails("server", "SEC_E_LOGON_DENIED", "SEC_E_INVALID_TOKEN", "SEC_E_MESSAGE_ALTERED",
               "replay"):
        pair.server().step(token)


@scenario("a ticket for another service than the server's is refused")
def other_service(pair):
    with fails("server", "SEC_E_WRONG_PRINCIPAL", "SEC_E_LOGON_DENIED", "No key", "Wrong principal",
               "keytab", "not found"):
        pair.meet(HOPS_SERVICE, server_options={"service": f"HTTP/{HOPS}@{REALM}"})


@scenario("a server without the service's key refuses")
def no_key(pair):
    server_place = pair.server_place(pair.realm.keytab("other"))
    with fails("server", "SEC_E_WRONG_PRINCIPAL", "SEC_E_NO_KERB_KEY", "keytab"):
        pair.meet(HOPS_SERVICE, server_place=server_place)


@scenario("a server under any of its names, and under one of them")
def server_names(pair):
    for name in (f"svc/{HOPS}", f"HTTP/{HOPS}", f"host/{HOPS}"):
        exchange(pair.meet(f"{name}@{REALM}"), sizes=(20,))
        options = {"service": f"{name}@{REALM}"}
        exchange(pair.meet(f"{name}@{REALM}", server_options=options), sizes=(20,))


# ---------------------------------------------------------------------------- channel bindings


@scenario("channel bindings: the same, and the client's only")
def same_bindings(pair):
    exchange(pair.meet(HOPS_SERVICE, Wish(bindings=BINDINGS)), sizes=(20,))
    exchange(pair.meet(HOPS_SERVICE, asks=Wish(bindings=BINDINGS), serves=Wish()), sizes=(20,))


@scenario("channel bindings: others are refused")
def other_bindings(pair):
    with fails("server", "SEC_E_BAD_BINDINGS", "binding"):
        pair.meet(HOPS_SERVICE, asks=Wish(bindings=OTHER_BINDINGS), serves=Wish(bindings=BINDINGS))


@scenario("channel bindings: none of the client's, refused by ours unless they may miss",
          when=ours_serves)
def missing_bindings(pair):
    with fails("server", "SEC_E_BAD_BINDINGS"):
        pair.meet(HOPS_SERVICE, asks=Wish(), serves=Wish(bindings=BINDINGS))
    lenient = Wish(bindings=BINDINGS, bindings_may_miss=True)
    exchange(pair.meet(HOPS_SERVICE, asks=Wish(), serves=lenient), sizes=(20,))


@scenario("channel bindings: none of the client's, which MIT's server serves",
          when=lambda c, s: not ours_serves(c, s))
def missing_bindings_at_mit(pair):
    exchange(pair.meet(HOPS_SERVICE, asks=Wish(), serves=Wish(bindings=BINDINGS)), sizes=(20,))


# ---------------------------------------------------------------------------- delegation, realms


@scenario("a delegated ticket is used for a second hop", ENCTYPES)
def second_hop(pair, service):
    session = pair.meet(service, Wish(delegate=True))
    exchange(session, sizes=(20,))
    onward = session.server.delegated(pair.place(), HOPS_SERVICE, Wish())
    pair.open.append(onward)
    second = pair.join(onward, pair.server())
    assert second.server.client_name() == ALICE.principal
    exchange(second, sizes=(20,))


def use_delegated(pair, session):
    onward = session.server.delegated(pair.place(), HOPS_SERVICE, Wish())
    pair.open.append(onward)
    assert pair.join(onward, pair.server()).server.client_name() == ALICE.principal


@scenario("delegation in DCE style", when=ours_serves)
def delegation_dce(pair):
    use_delegated(pair, pair.meet(f"svc/{DELEGATED}@{REALM}", Wish(delegate=True, dce=True)))


@scenario("delegation one-way: MIT's client does, ours wants to know the server")
def delegation_one_way(pair):
    wish = Wish(delegate=True, mutual=False)
    session = pair.meet(f"svc/{DELEGATED}@{REALM}", wish)
    if session.client.implementation == OURS:
        assert not session.client.context.flags & secur32.DELEGATE, "the client says it delegated"
    else:
        use_delegated(pair, session)


@scenario("a delegated ticket is delegated again")
def delegated_twice(pair):
    first = pair.meet(f"svc/{DELEGATED}@{REALM}", Wish(delegate=True))
    target = f"svc/{DELEGATED}@{REALM}"
    onward = first.server.delegated(pair.place(), target, Wish(delegate=True))
    pair.open.append(onward)
    second = pair.join(onward, pair.server())
    use_delegated(pair, second)


@scenario("what may not be delegated is not: to a service without OK-AS-DELEGATE", when=ours_asks)
def not_ok_as_delegate(pair):
    session = pair.meet(HOPS_SERVICE, Wish(delegate=True))
    exchange(session, sizes=(20,))
    assert not session.client.context.flags & secur32.DELEGATE, "the client says it delegated"


@scenario("what may not be delegated is not: a ticket that is not forwardable")
def not_forwardable(pair):
    place = pair.client_place(NOT_FORWARDED)
    try:
        session = pair.meet(f"svc/{DELEGATED}@{REALM}", Wish(delegate=True), place=place)
    except Exception as refusal:  # a client may also say that it cannot
        assert "client" in str(refusal)
        return
    exchange(session, sizes=(20,))


@scenario("from one realm to the other, both ways")
def two_realms(pair):
    theirs = pair.server_place(pair.realm.keytab("other"))
    session = pair.meet(f"svc/{OTHER_HOST}@{OTHER_REALM}", server_place=theirs)
    assert session.server.client_name() == ALICE.principal
    exchange(session, sizes=(20,))
    session = pair.meet(HOPS_SERVICE, place=pair.client_place(CAROL))
    assert session.server.client_name() == CAROL.principal
    exchange(session, sizes=(20,))


@scenario("a request that comes late: refused with the server's time, and made anew by ours")
def late(pair):
    strict = pair.realm.config(pair.directory / "skew.conf", libdefaults={"clockskew": "1"})
    client = pair.client(HOPS_SERVICE, Wish(extended_error=True))
    server = pair.server(Wish(extended_error=True), replace(pair.server_place(), config=strict))
    token = client.step(None)
    time.sleep(3)
    try:
        # Ours says so with a token, and waits for another request.
        told = server.step(token)
    except Refused as refusal:
        assert refusal.side == "server" and "skew" in refusal.reason.lower(), refusal
        told = refusal.token
    assert told and not server.complete, "the server accepted it"
    if client.implementation != OURS:
        with fails("client", "skew"):
            client.step(told)
    elif server.implementation == OURS:
        assert client.step(server.step(client.step(told))) is None
        exchange(Session(client, server, []), sizes=(20,))
    else:
        # MIT's server is done: what the client makes now is for another.
        second = pair.server()
        assert client.step(second.step(client.step(told))) is None
        exchange(Session(client, second, []), sizes=(20,))


@scenario("rc4, where krb5.conf forbids it, is refused by the server")
def rc4_forbidden(pair):
    strict = pair.realm.config(pair.directory / "strict.conf", rc4=False)
    with fails("server", "SEC_E_KDC_UNKNOWN_ETYPE", "enc", "etype"):
        pair.meet(f"svc/rc4.{DOMAIN}@{REALM}",
                  server_place=replace(pair.server_place(), config=strict))
