"""In an MIT realm whose KDC delegates: servers that go on in their clients' names."""

import contextlib
import pathlib

from kerberos.pair import Pair

from . import mit_ldap, s4u_scenarios
from .mit_ldap import LdapRealm

ESTATE = s4u_scenarios.Estate(
    realm=mit_ldap.REALM, domain=mit_ldap.DOMAIN, alice=mit_ldap.ALICE, guarded=mit_ldap.GUARDED,
    transition=mit_ldap.TRANSITION, clients_only=mit_ldap.CLIENTS_ONLY, nowhere=mit_ldap.NOWHERE,
    back=mit_ldap.BACK, elsewhere=mit_ldap.ELSEWHERE, accounts={},
)


class LdapPair(Pair):
    def service_keys(self, estate, service):
        return self.realm.keytab(service.partition("/")[2].partition(".")[0])

    def service_place(self, estate, service):
        """Where a service lives: with its own keys and no others."""
        return self.server_place(self.service_keys(estate, service))


def cases(among_peers):
    if among_peers:
        return
    for title, client, server, function in s4u_scenarios.CASES:
        def run(directory, sides=(client, server), function=function):
            pair = LdapPair(World.realm, directory, sides[0].Client, sides[1].Server)
            function(ESTATE, pair)
            pair.close()

        names = f"{client.Client.implementation} -> {server.Server.implementation}"
        yield f"Going on in a client's name, MIT with LDAP, {names}: {title}", run


class World:
    """The realm, which is started once for all cases."""

    realm = None


@contextlib.contextmanager
def world(root, prepared):
    """The realm, as long as cases run."""
    with LdapRealm(pathlib.Path(root) / "ldap-realm") as World.realm:
        yield
