"""User-to-user: alice asks, bob serves with nothing but his ticket."""

from . import mit_u2u, ours
from .mit_realm import ALICE, BOB, ENCTYPES
from .pair import exchange, fails, flipped, same_keys
from .party import Wish

CASES = []
WISH = Wish(user_to_user=True)
NEW = tuple(e for e in ENCTYPES if e.label != "rc4")


def case(title):
    return lambda function: CASES.append((title, function))


def cases(among_peers):
    """(client, server, title, function of a Pair)"""
    pairs = ((mit_u2u, mit_u2u),) if among_peers else (
        (ours, mit_u2u), (mit_u2u, ours), (ours, ours))
    for client, server in pairs:
        for title, function in CASES:
            yield client.Client, server.Server, title, function


def places(pair, enctype=None):
    """Alice's and bob's, with session keys of one enctype."""
    settings = {}
    if enctype:
        settings = {"permitted_enctypes": enctype.name}
    config = pair.realm.config(pair.directory / "u2u.conf", libdefaults=settings)
    alice, bob = (pair.place(config=config, cache=pair.fresh_cache()) for _ in range(2))
    return alice.kinit(ALICE), bob.kinit(BOB)


def meet(pair, enctype=None, on_the_way=lambda number, token: token):
    alice, bob = places(pair, enctype)
    return pair.meet(BOB.principal, WISH, place=alice, server_place=bob, on_the_way=on_the_way)


def with_enctype(enctype):
    @case(f"{enctype.label}, keys and names are the same, messages of all kinds")
    def run(pair):
        session = meet(pair, enctype)
        assert len(session.tokens) == 4, f"{len(session.tokens)} tokens"
        same_keys(session)
        for side in (session.client, session.server):
            if side.implementation == mit_u2u.Client.implementation:
                assert side.enctype() == enctype.number, f"the key's enctype is {side.enctype()}"
        told = session.server.client_name()
        assert told == ALICE.principal, f"the client is {told!r}"
        exchange(session)


for _enctype in NEW:
    with_enctype(_enctype)


@case("tokens changed on the way are refused")
def altered(pair):
    for number, at, side in ((3, -1, "server"), (3, -60, "server"), (4, -1, "client")):
        with fails(side):
            meet(pair, on_the_way=lambda n, t: flipped(t, at) if n == number else t)
    with fails("client"):
        meet(pair, on_the_way=lambda n, t: flipped(t, -1) if n == 2 else t)
