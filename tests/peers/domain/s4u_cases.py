"""In a Samba domain: servers that go on in their clients' names."""

from kerberos import samba_cases
from kerberos.mit_realm import User
from kerberos.pair import Pair
from kerberos.samba_cases import ALICE
from kerberos.samba_dc import DNS, REALM
from kerberos.samba_people import USERS

from . import keytabs, s4u_scenarios

WORLD = samba_cases.__name__
ESTATE = s4u_scenarios.Estate(
    realm=REALM, domain=DNS, alice=ALICE, guarded=User("guarded", USERS["guarded"], realm=REALM),
    transition="svc/s4u.ad.test", clients_only="svc/kcd.ad.test", nowhere="svc/unc.ad.test",
    back="svc/aes.ad.test", elsewhere="svc/old.ad.test",
    accounts={"svc/s4u.ad.test": ("svcs4u",), "svc/kcd.ad.test": ("svckcd",),
              "svc/unc.ad.test": ("svcunc",)},
)


class SambaPair(Pair):
    def service_keys(self, estate, service):
        target = self.directory / f"{service.replace('/', '-')}.keytab"
        return keytabs.extract(self.realm.keytab(), target, *estate.principals(service))

    def service_place(self, estate, service):
        """Where a service lives: with its own keys and no others."""
        return self.server_place(self.service_keys(estate, service))


def cases(among_peers):
    if among_peers:
        return
    for title, client, server, function in s4u_scenarios.CASES:
        def run(directory, sides=(client, server), function=function):
            samba_cases.World.dc.enter()
            pair = SambaPair(samba_cases.World.dc, directory, sides[0].Client, sides[1].Server)
            function(ESTATE, pair)
            pair.close()

        names = f"{client.Client.implementation} -> {server.Server.implementation}"
        yield f"Going on in a client's name, Samba domain, {names}: {title}", run
