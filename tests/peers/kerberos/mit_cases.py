"""The cases over MIT's realms: each pair of implementations, and each side with the machine."""

import contextlib
import pathlib

from . import lsa_cases, machine_cases, matrix, mit, ours, sample_cases, u2u_cases
from .mit_realm import Realm
from .pair import Pair

PREFIX = "Kerberos"


def pairs(among_peers):
    if among_peers:
        return ((mit, mit),)
    return ((ours, mit), (mit, ours), (ours, ours))


class World:
    """What is started once for all cases: they are forked when it is there."""

    realm = None
    # target/peers, where things lie that are made once.
    prepared = None


def case(client, server, title, function):
    def run(directory):
        both = Pair(World.realm, directory, client, server)
        function(both)
        both.close()

    return f"{PREFIX}, {client.implementation} -> {server.implementation}: {title}", run


def pair_cases(client_module, server_module):
    client, server = client_module.Client, server_module.Server
    for title, fits, function in matrix.SCENARIOS:
        if fits(client, server):
            yield case(client, server, title, function)


def machine(list_of_cases, client_module, server_module):
    """One side with the machine's Kerberos."""
    client, server = client_module.Client, server_module.Server
    for title, ours_only, function in list_of_cases:
        if not ours_only or ours in (client_module, server_module):
            yield case(client, server, title, function)


def cases(among_peers):
    for client, server in pairs(among_peers):
        yield from pair_cases(client, server)
    for client, server, title, function in u2u_cases.cases(among_peers):
        yield case(client, server, f"user-to-user, {title}", function)
    yield from machine(machine_cases.ASKING, mit if among_peers else ours, mit)
    yield from machine(machine_cases.SERVING, mit, mit if among_peers else ours)
    for title, needs_ours, function in (*sample_cases.CASES, *lsa_cases.CASES):
        if needs_ours != among_peers:
            yield f"{PREFIX}, {title}", lambda d, f=function: f(Pair(World.realm, d, None, None))


@contextlib.contextmanager
def world(root, prepared):
    """The MIT realms, as long as cases run."""
    World.prepared = pathlib.Path(prepared)
    with Realm(pathlib.Path(root) / "realm") as World.realm:
        yield
