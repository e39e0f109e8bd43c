"""What is tried with each pair of a client and a server.

A scenario is a function of a `Pair`. Its decorator says with which pairs it makes sense: `client`
and `server` name limits of an implementation that rule it out, `when` is a further condition. A
scenario that is ruled out is not a case: nothing is skipped when the tests run.
"""

import random
from dataclasses import replace

import tokens
from pair import (
    OURS, exchange, flipped, names_right, ours_asks, ours_serves, pads_agree, refused, same_keys,
    scenario,
)
from party import TARGET_HOST, TARGET_SERVICE, Wish
from stage import ALICE, BOB, IVAN, LONG, NOBODY, ZOE

BINDINGS = b"tls-server-end-point:" + bytes(range(32))
SIGNING = {"client": {"no signatures"}, "server": {"no signatures"}}
V1 = {"client": {"NTLMv2 only"}, "server": {"NTLMv2 only"}}
OTHER_BINDINGS = b"tls-server-end-point:" + bytes(range(1, 33))

# ---------------------------------------------------------------------------- authentication


@scenario("right password: keys and names are the same, NTLMv2, sealed, 128 bits")
def right_password(pair):
    session = pair.meet()
    same_keys(session)
    names_right(session, ALICE)
    wanted = tokens.SIGN | tokens.SEAL | tokens.EXTENDED | tokens.BITS_128 | tokens.KEY_EXCHANGE
    assert tokens.flags(session.authenticate) & wanted == wanted, "protection is missing"
    assert len(tokens.nt_response(session.authenticate)) > 24, "not NTLMv2"


@scenario("other accounts: ASCII, Latin, Cyrillic, a long password", server={"ASCII names"})
def other_accounts(pair):
    for account in (BOB, ZOE, IVAN, LONG):
        session = pair.meet(account=account)
        same_keys(session)
        names_right(session, account)
        exchange(session, sizes=(20,))


@scenario("the user's and the domain's names in other case",
          server={"domain as in the file", "ASCII names"})
def other_case(pair):
    account = replace(ZOE, user=ZOE.user.upper(), domain=ZOE.domain.lower())
    session = pair.meet(account=account)
    same_keys(session)
    exchange(session, sizes=(20,))


@scenario("wrong password: the server refuses")
def wrong_password(pair):
    for password in ("Wonder-land-8", "wonder-land-7", "x"):
        with refused("server", "SEC_E_LOGON_DENIED"):
            pair.meet(account=ALICE.with_password(password))


@scenario("unknown user: the server refuses")
def unknown_user(pair):
    with refused("server", "SEC_E_LOGON_DENIED"):
        pair.meet(account=NOBODY)


@scenario("another user's password: the server refuses")
def others_password(pair):
    with refused("server", "SEC_E_LOGON_DENIED"):
        pair.meet(account=ALICE.with_password(BOB.password))


@scenario("every form of our identity", when=ours_asks)
def identity_forms(pair):
    account = LONG if "ASCII names" in pair.server_class.limits else ZOE
    for form in ("W", "A", "EXW", "file"):
        session = pair.meet(account=account, client_options={"form": form})
        same_keys(session)
        names_right(session, account)
        exchange(session, sizes=(20,))


@scenario("an account given to our inbound credential", when=ours_serves)
def inbound_identity(pair):
    session = pair.meet(server_options={"identity": ALICE})
    same_keys(session)
    names_right(session, ALICE)
    for account in (ALICE.with_password("x"), BOB):
        with refused("server", "SEC_E_LOGON_DENIED"):
            pair.meet(account=account, server_options={"identity": ALICE})


@scenario("no accounts at all: our server refuses", when=ours_serves)
def no_accounts(pair):
    with refused("server", "SEC_E_LOGON_DENIED"):
        pair.meet(accounts=())


@scenario("our function table and buffers of the program's own", when=lambda c, s: OURS in (
    c.implementation, s.implementation))
def function_table(pair):
    options = [
        {"by_table": True} if side.implementation == OURS else {}
        for side in (pair.client_class, pair.server_class)
    ]
    session = pair.meet(client_options=options[0], server_options=options[1])
    same_keys(session)
    exchange(session)
    with refused("server", "SEC_E_LOGON_DENIED"):
        pair.meet(account=BOB.with_password("x"), client_options=options[0],
                  server_options=options[1])


@scenario("our server sees the client's service name", when=ours_serves)
def service_name(pair):
    told = pair.meet().server.context.client_target()
    assert told.lower() == f"{TARGET_SERVICE}/{TARGET_HOST}".lower(), f"the target is {told!r}"


@scenario("what our context says of itself", when=lambda c, s: OURS in (c.implementation,
                                                                       s.implementation))
def attributes(pair):
    import secur32

    session = pair.meet()
    for side in (session.client, session.server):
        if side.implementation != OURS:
            continue
        context = side.context
        integrity = secur32.ISC_INTEGRITY if side.role == "client" else secur32.ASC_INTEGRITY
        assert context.flags & secur32.CONFIDENTIALITY and context.flags & integrity
        assert context.attribute_flags() == context.flags & ~secur32.ALLOCATE_MEMORY or (
            context.attribute_flags() == context.flags
        ), f"FLAGS are {context.attribute_flags():#x}, returned were {context.flags:#x}"
        assert context.key_info() == ("HMAC-MD5", "RSADSI RC4", 128), context.key_info()
        assert context.package() == "NTLM"
        sizes = context.sizes()
        assert (sizes.cbMaxSignature, sizes.cbBlockSize, sizes.cbSecurityTrailer) == (16, 0, 16)
        assert sizes.cbMaxToken == 2888


# ---------------------------------------------------------------------------- messages


@scenario("signed and sealed both ways, in turn")
def messages(pair):
    exchange(pair.meet())


@scenario("64 KiB, signed and sealed both ways")
def large_messages(pair):
    exchange(pair.meet(), sizes=(65536, 65536))


@scenario("empty messages", client={"no empty messages"}, server={"no empty messages"})
def empty_messages(pair):
    session = pair.meet()
    for sender, receiver in session.directions():
        for _ in range(2):
            if session.signs:
                receiver.verify(b"", sender.sign(b""))
            assert receiver.unseal(sender.seal(b"")) == b""


@scenario("two hundred messages in a random order of kinds and directions")
def many_messages(pair):
    session, chance = pair.meet(), random.Random(2)
    for _ in range(200):
        sender, receiver = chance.choice(session.directions())
        data = chance.randbytes(chance.randrange(1, 300))
        if session.signs and chance.random() < 0.5:
            receiver.verify(data, sender.sign(data))
        else:
            assert receiver.unseal(sender.seal(data)) == data


@scenario("several messages on their way at once, in both directions")
def messages_in_flight(pair):
    session = pair.meet()
    (a, b), (c, d) = session.directions()
    there = [a.seal(b"message %d" % n) for n in range(5)]
    back = [c.seal(b"answer %d" % n) for n in range(5)]
    assert [b.unseal(m) for m in there] == [b"message %d" % n for n in range(5)]
    assert [d.unseal(m) for m in back] == [b"answer %d" % n for n in range(5)]


@scenario("a sealed message changed in any part is refused")
def altered_sealed(pair):
    for at in (4, 11, 12, 15, 16, 40, -1):
        session = pair.meet()
        for sender, receiver in session.directions():
            message = sender.seal(bytes(range(100)))
            with refused(receiver.role, "SEC_E_MESSAGE_ALTERED"):
                receiver.unseal(flipped(message, at))


@scenario("a sealed message cut short or lengthened is refused")
def cut_sealed(pair):
    session = pair.meet()
    for sender, receiver in session.directions():
        with refused(receiver.role, "SEC_E_MESSAGE_ALTERED"):
            receiver.unseal(sender.seal(bytes(50))[:-1])
    session = pair.meet()
    for sender, receiver in session.directions():
        with refused(receiver.role, "SEC_E_MESSAGE_ALTERED"):
            receiver.unseal(sender.seal(bytes(50)) + b"\0")


@scenario("a signed message or its signature changed is refused", **SIGNING)
def altered_signed(pair):
    for at in (4, 11, 12, 15):
        session = pair.meet()
        for sender, receiver in session.directions():
            with refused(receiver.role, "SEC_E_MESSAGE_ALTERED"):
                receiver.verify(b"as it was", flipped(sender.sign(b"as it was"), at))
    session = pair.meet()
    for sender, receiver in session.directions():
        with refused(receiver.role, "SEC_E_MESSAGE_ALTERED"):
            receiver.verify(b"As it was", sender.sign(b"as it was"))


@scenario("a message out of its order is refused")
def out_of_order(pair):
    for signed in (False, True):
        session = pair.meet()
        for sender, receiver in session.directions():
            if signed and not session.signs:
                continue
            if signed:
                sender.sign(b"the first")
                with refused(receiver.role, "SEC_E_MESSAGE_ALTERED"):
                    receiver.verify(b"the second", sender.sign(b"the second"))
            else:
                sender.seal(b"the first")
                with refused(receiver.role, "SEC_E_MESSAGE_ALTERED"):
                    receiver.unseal(sender.seal(b"the second"))


@scenario("a message sent twice is refused")
def replayed(pair):
    session = pair.meet()
    for sender, receiver in session.directions():
        message = sender.seal(b"only once")
        assert receiver.unseal(message) == b"only once"
        with refused(receiver.role, "SEC_E_MESSAGE_ALTERED"):
            receiver.unseal(message)


@scenario("a message sent back to its sender is refused")
def reflected(pair):
    session = pair.meet()
    for sender, _ in session.directions():
        with refused(sender.role, "SEC_E_MESSAGE_ALTERED"):
            sender.unseal(sender.seal(b"an echo"))


@scenario("a message of another session is refused")
def other_session(pair):
    first, second = pair.meet(), pair.meet()
    for (sender, _), (_, receiver) in zip(first.directions(), second.directions()):
        with refused(receiver.role, "SEC_E_MESSAGE_ALTERED"):
            receiver.unseal(sender.seal(b"for the first session"))


@scenario("export and import of our context in the middle", when=lambda c, s: OURS in (
    c.implementation, s.implementation))
def moved_context(pair):
    session = pair.meet()
    exchange(session, sizes=(10, 20))
    for side in (session.client, session.server):
        if side.implementation == OURS:
            side.move_to_import()
    exchange(session, sizes=(30, 40))


# ---------------------------------------------------------------------------- less protection


@scenario("integrity only", **SIGNING)
def integrity_only(pair):
    session = pair.meet(Wish(confidentiality=False))
    same_keys(session)
    assert tokens.flags(session.authenticate) & tokens.SEAL == 0, "sealing was agreed"
    exchange(session, sealed=False)


@scenario("neither integrity nor confidentiality", client={"always signs"},
          when=lambda c, s: not ("dummy session key" in c.limits and
                                 "key exchange without messages" in s.limits))
def no_protection(pair):
    session = pair.meet(Wish(integrity=False, confidentiality=False))
    names_right(session, ALICE)
    assert tokens.flags(session.authenticate) & (tokens.SIGN | tokens.SEAL) == 0
    with refused("server", "SEC_E_LOGON_DENIED"):
        pair.meet(Wish(integrity=False, confidentiality=False), ALICE.with_password("x"))


def weaker(change, mask, what):
    """The client, then the server offers less; messages are protected as far as agreed."""

    def run(pair):
        lower = replace(Wish(lax=True), **change)
        tried = 0
        for side, wishes in (
            (pair.client_class, {"asks": lower, "serves": Wish(lax=True)}),
            (pair.server_class, {"asks": Wish(lax=True), "serves": lower}),
        ):
            if side.implementation == OURS or what in side.limits or "fixed flags" in side.limits:
                continue
            session = pair.meet(**wishes)
            assert tokens.flags(session.authenticate) & mask == 0, "the flag was agreed"
            same_keys(session)
            exchange(session)
            tried += 1
        assert tried, "neither side can offer less"

    return run


def can_offer_less(what):
    def when(client, server):
        if "strongest only" in client.limits | server.limits:
            return False
        if what == "NTLMv2 always extended" and not (
            pads_agree(client, server) and what not in client.limits | server.limits
        ):
            return False
        return any(
            side.implementation != OURS and not side.limits & {what, "fixed flags"}
            for side in (client, server)
        )

    return when


for title, change, mask, what in (
    ("56-bit keys", {"bits_128": False}, tokens.BITS_128, "always 128 bits"),
    ("40-bit keys", {"bits_128": False, "bits_56": False}, tokens.BITS_128 | tokens.BITS_56,
     "always 128 bits"),
    ("without key exchange", {"key_exchange": False}, tokens.KEY_EXCHANGE, "always key exchange"),
    ("without extended session security", {"extended": False}, tokens.EXTENDED,
     "NTLMv2 always extended"),
):
    scenario(title, when=can_offer_less(what))(weaker(change, mask, what))


@scenario("our default refuses 56-bit keys", when=can_offer_less("always 128 bits"))
def weak_refused(pair):
    lower = Wish(bits_128=False)
    if pair.client_class.implementation == OURS:
        with refused("client", "SEC_E_UNSUPPORTED_FUNCTION"):
            pair.meet(asks=Wish(), serves=lower)
    if pair.server_class.implementation == OURS:
        with refused("server", "SEC_E_UNSUPPORTED_FUNCTION"):
            pair.meet(asks=lower, serves=Wish())


# ---------------------------------------------------------------------------- NTLMv1


def v1_session(pair, level):
    lower = Wish(level=level, extended=level > 0, lax=True)
    session = pair.meet(lower)
    assert len(tokens.nt_response(session.authenticate)) == 24, "not NTLMv1"
    same_keys(session)
    names_right(session, ALICE)
    exchange(session)
    return session


@scenario("NTLMv1 with extended session security, where both sides are told to", **V1)
def v1_extended(pair):
    session = v1_session(pair, 2)
    assert tokens.flags(session.authenticate) & tokens.EXTENDED


@scenario("NTLMv1 and LM without extended session security, where both sides are told to",
          when=pads_agree, **V1)
def v1_plain(pair):
    session = v1_session(pair, 0)
    assert not tokens.flags(session.authenticate) & tokens.EXTENDED


@scenario("NTLMv1 with a wrong password: refused", **V1)
def v1_wrong_password(pair):
    for level in (0, 2):
        lower = Wish(level=level, extended=level > 0, lax=True)
        with refused("server", "SEC_E_LOGON_DENIED"):
            pair.meet(lower, ALICE.with_password("Wonder-land-8"))


@scenario("NTLMv1 is refused by our server as it is by default", when=ours_serves,
          client={"NTLMv2 only"})
def v1_refused(pair):
    with refused("server", "SEC_E_LOGON_DENIED"):
        pair.meet(asks=Wish(level=2, lax=True), serves=Wish())
    # Without extended session security it is already the weaker protection that is refused.
    with refused("server", ("SEC_E_LOGON_DENIED", "SEC_E_UNSUPPORTED_FUNCTION")):
        pair.meet(asks=Wish(level=0, extended=False, lax=True), serves=Wish())


# ---------------------------------------------------------------------------- integrity code


@scenario("the client sends a MIC, and the server needs it to be right")
def mic(pair):
    session = pair.meet()
    assert tokens.has_mic(session.authenticate), "no MIC"
    with refused("server", "SEC_E_MESSAGE_ALTERED"):
        pair.meet(on_the_way=lambda n, t: flipped(t, tokens.MIC.start + 5) if n == 3 else t)


@scenario("a client without MIC is served", client={"always MIC"},
          when=lambda c, s: c.implementation != OURS and s.implementation == OURS)
def no_mic(pair):
    session = pair.meet(asks=Wish(mic=False), serves=Wish())
    assert not tokens.has_mic(session.authenticate)
    same_keys(session)
    exchange(session, sizes=(20,))


@scenario("a handshake message changed on the way is refused")
def altered_handshake(pair):
    def other_build(message):
        """The version means nothing to anyone: the change is harmless but for the MIC."""
        at = {1: 34, 2: 50}[message]
        return lambda n, token: flipped(token, at) if n == message else token

    def other_proof(n, token):
        return flipped(token, tokens.nt_response_at(token)) if n == 3 else token

    for change, names in (
        (other_build(1), "SEC_E_MESSAGE_ALTERED"),
        (other_build(2), "SEC_E_MESSAGE_ALTERED"),
        (other_proof, "SEC_E_LOGON_DENIED"),
    ):
        with refused("server", names):
            pair.meet(on_the_way=change)


# ---------------------------------------------------------------------------- channel bindings


@scenario("the same channel bindings", client={"no bindings"}, server={"no bindings"})
def same_bindings(pair):
    session = pair.meet(Wish(bindings=BINDINGS))
    assert any(tokens.client_pairs(session.authenticate)[tokens.AV_BINDINGS])
    same_keys(session)
    exchange(session, sizes=(20,))


@scenario("other channel bindings: the server refuses", client={"no bindings"},
          server={"no bindings"})
def other_bindings(pair):
    with refused("server", "SEC_E_BAD_BINDINGS"):
        pair.meet(asks=Wish(bindings=OTHER_BINDINGS), serves=Wish(bindings=BINDINGS))


@scenario("the client is bound to no channel: the server refuses",
          server={"no bindings", "missing bindings pass"},
          when=lambda c, s: not (c.implementation in (OURS, "samba") and
                                 "zero bindings pass" in s.limits))
def missing_bindings(pair):
    with refused("server", "SEC_E_BAD_BINDINGS"):
        pair.meet(asks=Wish(), serves=Wish(bindings=BINDINGS))


@scenario("the client is bound to no channel and may be", when=ours_serves)
def missing_bindings_allowed(pair):
    session = pair.meet(asks=Wish(), serves=Wish(bindings=BINDINGS, bindings_may_miss=True))
    exchange(session, sizes=(20,))


@scenario("only the client is bound to a channel", client={"no bindings"})
def bindings_of_the_client_only(pair):
    exchange(pair.meet(asks=Wish(bindings=BINDINGS), serves=Wish()), sizes=(20,))


# ---------------------------------------------------------------------------- anonymous


@scenario("an anonymous client", when=lambda c, s: {c.implementation, s.implementation} == {
    OURS, "samba"})
def anonymous(pair):
    plain = Wish(integrity=False, confidentiality=False, anonymous=True)
    session = pair.meet(plain, None)
    assert session.server.complete
    with refused("server", "SEC_E_LOGON_DENIED"):
        pair.meet(replace(plain, anonymous=False), None)
