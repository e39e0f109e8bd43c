"""A client and a server of a case brought together, and the list of scenarios."""

import contextlib
import random

import tokens
from party import Refused, Wish
from stage import ACCOUNTS, ALICE

SCENARIOS = []
OURS = "secur32"


def scenario(title, client=(), server=(), when=lambda client, server: True):
    def register(function):
        def fits(client_class, server_class):
            return (
                not client_class.limits & set(client)
                and not server_class.limits & set(server)
                and when(client_class, server_class)
            )

        SCENARIOS.append((title, fits, function))
        return function

    return register


def ours_serves(client, server):
    return server.implementation == OURS


def ours_asks(client, server):
    return client.implementation == OURS


def pads_agree(client, server):
    """Without extended session security a signature begins with a pad, which [MS-NLMP] 3.4.4.1
    sets to zero and its example (4.2.2.4) leaves as RC4 made it. Some compare it."""
    both = client.limits | server.limits
    return not {"random pads", "zero pads only"} <= both


class Session:
    """A finished authentication: both sides and what went over the wire."""

    def __init__(self, client, server, messages):
        self.client = client
        self.server = server
        self.negotiate, self.challenge, self.authenticate = messages
        limits = client.limits | server.limits
        self.signs = "no signatures" not in limits
        self.tells_key = "no session key" not in limits

    def directions(self):
        return ((self.client, self.server), (self.server, self.client))


class Pair:
    """The two implementations of a case, and how to bring them together."""

    def __init__(self, stage, client_class, server_class):
        self.stage = stage
        self.client_class = client_class
        self.server_class = server_class
        self.open = []

    def meet(self, wish=Wish(), account=ALICE, *, asks=None, serves=None, accounts=ACCOUNTS,
             on_the_way=lambda number, token: token, client_options=None, server_options=None):
        """Authenticates. `on_the_way` may change the messages 1, 2 and 3."""
        client = self.client_class(self.stage, asks or wish, account, **(client_options or {}))
        self.open.append(client)
        server = self.server_class(self.stage, serves or wish, accounts, **(server_options or {}))
        self.open.append(server)
        sent, token = [], None
        for side in (client, server, client):
            token = side.step(token)
            assert token, f"the {side.role} sent nothing as message {len(sent) + 1}"
            token = on_the_way(len(sent) + 1, token)
            sent.append(token)
            assert tokens.kind(token) == len(sent), "a message of another type"
        last = server.step(token)
        assert not last, "the server sent a token after the last one"
        assert client.complete and server.complete, "one side wants more"
        return Session(client, server, sent)

    def close(self):
        for party in reversed(self.open):
            party.close()


@contextlib.contextmanager
def refused(side, ours=None):
    """The block must end in a refusal of this side; if it is ours, with one of these names."""
    names = (ours,) if isinstance(ours, str) else ours
    try:
        yield
    except Refused as refusal:
        assert refusal.side == side, f"{refusal}, not the {side}"
        if names and refusal.reason.startswith("SEC_"):
            assert refusal.reason in names, f"{refusal}, not with {' or '.join(names)}"
        return
    raise AssertionError(f"the {side} accepted it")


def exchange(session, sealed=True, sizes=(1, 2, 15, 16, 17, 100, 1000)):
    """Messages both ways, signed and sealed in turn."""
    for size in sizes:
        data = random.Random(size).randbytes(size)
        for sender, receiver in session.directions():
            if session.signs:
                receiver.verify(data, sender.sign(data))
            if sealed:
                message = sender.seal(data)
                assert len(message) == size + 16, "signature and ciphertext are not 16 bytes more"
                assert size < 15 or data not in message, "the plaintext is on the wire"
                assert receiver.unseal(message) == data, "another plaintext"


def same_keys(session):
    if not session.tells_key:
        # Then it is the messages that tell.
        return exchange(session, sizes=(33,))
    client, server = session.client.session_key(), session.server.session_key()
    assert len(client) == 16 and any(client), "no session key"
    assert client == server, "the session keys differ"


def names_right(session, account):
    told = session.server.client_name()
    if told is None:
        return
    domain = getattr(session.server, "domain", account.domain)
    assert told[0].upper() == domain.upper(), f"the domain is {told[0]!r}"
    assert told[1].upper() == account.user.upper(), f"the user is {told[1]!r}"
    if session.client.client_name():
        told = session.client.client_name()
        assert told == (account.domain, account.user), f"the client is {told} to itself"


def flipped(data, at, bit=1):
    changed = bytearray(data)
    changed[at] ^= bit
    return bytes(changed)
