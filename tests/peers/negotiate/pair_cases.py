"""The cases of two implementations, over the MIT realms and with NTLM's accounts."""

from kerberos import mit_cases

from . import mit, ours, pyspnego, samba, scenarios, winpr
from .pair import Pair

WORLD = mit_cases.__name__
PEERS = (mit, pyspnego, samba)


def pairs(among_peers):
    if among_peers:
        return [(client, server) for client in PEERS for server in PEERS
                if (client, server) != (samba, pyspnego)]
    return [(ours, ours), *(pair for peer in PEERS for pair in ((ours, peer), (peer, ours)))]


def case(client, server, title, function):
    def run(directory):
        both = Pair(mit_cases.World.realm, directory, client, server)
        function(both)
        both.close()

    return f"Negotiate, {client.implementation} -> {server.implementation}: {title}", run


def cases(among_peers):
    for client_module, server_module in pairs(among_peers):
        client, server = client_module.Client, server_module.Server
        for title, fits, function in scenarios.SCENARIOS:
            if fits(client, server):
                yield case(client, server, title, function)
    if not among_peers:
        yield case(winpr.Client, ours.Server, "NTLM without SPNEGO around", scenarios.raw_ntlm)
