"""A client and a server of a case brought together over the realm of the run."""

import contextlib
import random

from pair import flipped, refused  # noqa: F401  (the same words as for NTLM)
from party import Refused

from .mit_realm import ALICE
from .party import Place, Wish


class Session:
    """A finished authentication, and the tokens of it."""

    def __init__(self, client, server, tokens):
        self.client, self.server, self.tokens = client, server, tokens

    def directions(self):
        return ((self.client, self.server), (self.server, self.client))


class Pair:
    """The implementations of a case, the realm, and a directory for what the case needs."""

    def __init__(self, realm, directory, client_class, server_class):
        self.realm, self.directory = realm, directory
        self.client_class, self.server_class = client_class, server_class
        self.open = []
        self.caches = 0
        # The one enctype that clients permit, or None. Without it the two sides agree on the best.
        self.enctype = None

    def place(self, **changes):
        """A place with the realm's krb5.conf; its directory is the case's."""
        return Place(self.directory, **{"config": self.realm.krb5_conf, **changes})

    def fresh_cache(self):
        self.caches += 1
        return f"FILE:{self.directory}/cache{self.caches}"

    def client_place(self, user=ALICE, *options):
        """Where a user has logged on with kinit."""
        place = self.place(cache=self.fresh_cache())
        if self.enctype:
            only = {"permitted_enctypes": self.enctype.name}
            path = self.directory / "one-enctype.conf"
            place = place.but(config=self.realm.config(path, libdefaults=only))
        return place.kinit(user, *options)

    def server_place(self, keytab=None, **changes):
        return self.place(keytab=f"FILE:{keytab or self.realm.keytab()}", **changes)

    def client(self, target, wish=Wish(), place=None, **options):
        if place is None:
            place = self.place() if options.get("user") else self.client_place()
        party = self.client_class(place, wish, target, **options)
        self.open.append(party)
        return party

    def server(self, wish=Wish(), place=None, **options):
        party = self.server_class(place or self.server_place(), wish, **options)
        self.open.append(party)
        return party

    def meet(self, target, wish=Wish(), *, asks=None, serves=None, place=None, server_place=None,
             on_the_way=lambda number, token: token, client_options=None, server_options=None):
        client = self.client(target, asks or wish, place, **(client_options or {}))
        server = self.server(serves or wish, server_place, **(server_options or {}))
        return self.join(client, server, on_the_way)

    def join(self, client, server, on_the_way=lambda number, token: token):
        """Passes tokens until both sides are content."""
        tokens, token = [], None
        sides = (client, server)
        for leg in range(8):
            side = sides[leg % 2]
            if leg and not token:
                break
            token = side.step(token)
            if token:
                token = on_the_way(len(tokens) + 1, token)
                tokens.append(token)
        assert client.complete, "the client wants more"
        assert server.complete, "the server wants more"
        return Session(client, server, tokens)

    def close(self):
        for party in reversed(self.open):
            party.close()


SIZES = (1, 2, 15, 16, 17, 31, 32, 33, 100, 1000)


def exchange(session, sizes=SIZES, sealed=(True, False)):
    """Wrapped messages, sealed and only signed, and MICs, both ways."""
    for size in sizes:
        data = random.Random(size).randbytes(size)
        for sender, receiver in session.directions():
            for seal in sealed:
                token = sender.wrap(data, seal)
                assert size < 15 or (data in token) != seal, "not protected as asked"
                assert receiver.unwrap(token) == (data, seal), "another plaintext"
            receiver.verify(data, sender.sign(data))


def exchange_parts(session, sizes=SIZES, sealed=(True, False), around=((b"", b""),)):
    """Messages as header and data, with and without signed bytes around them."""
    for size in sizes:
        data = random.Random(size).randbytes(size)
        for sender, receiver in session.directions():
            for before, after in around:
                for seal in sealed:
                    header, body = sender.wrap_parts(data, seal, before, after)
                    assert len(body) == size, "the data changed their length"
                    assert size < 15 or (data == body) != seal, "not protected as asked"
                    opened = receiver.unwrap_parts(header, body, before, after)
                    assert opened == (data, seal), "another plaintext"


def sided(table, among_peers, ours, mit):
    """Title, sides and function of the cases of a table. Among the peers MIT takes our place where
    the case is portable, and there is no case where it is not."""
    for title, client, server, portable, function in table:
        if not among_peers:
            yield title, (client, server), function
        elif portable:
            yield title, tuple(mit if side is ours else side for side in (client, server)), function


def same_keys(session):
    client, server = session.client.session_key(), session.server.session_key()
    assert any(client), "no session key"
    assert client == server, "the session keys differ"


@contextlib.contextmanager
def fails(side, *names):
    """The block ends in a refusal of this side. Ours gives one of the names `SEC_…`; another
    implementation's words must hold one of the other names."""
    try:
        yield
    except Refused as refusal:
        assert refusal.side == side, f"{refusal}, not the {side}"
        ours = refusal.reason.startswith("SEC_")
        wanted = [n for n in names if n.startswith("SEC_") == ours]
        right = any(n == refusal.reason if ours else n.lower() in refusal.reason.lower()
                    for n in wanted)
        assert right or not wanted, f"{refusal}, not with {' or '.join(wanted)}"
        return
    raise AssertionError(f"the {side} accepted it")
