"""In a Samba domain: servers that go on in their clients' names."""

import secur32
from kerberos import ours
from kerberos import samba_cases
from kerberos.mit_realm import User
from kerberos.pair import Pair, exchange
from kerberos.party import Wish
from kerberos.samba_cases import ALICE
from kerberos.samba_dc import DNS, REALM
from kerberos.samba_people import USERS

from . import keytabs, s4u_scenarios
from .s4u_scenarios import at_front

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


CASES = []


def case(title):
    return lambda function: CASES.append((title, ours, ours, function))


@case("a client forwards its ticket, and the server goes on with that, and from there on")
def unconstrained(estate, pair):
    service = f"svc/unc.{DNS}"
    place, wish = pair.service_place(estate, service), Wish(delegate=True)
    front = ours.Server(place, wish)
    client = ours.Client(pair.client_place(ALICE, "-f"), wish, estate.whole(service))
    pair.open += [front, client]
    session = pair.join(client, front)
    assert front.context.flags & secur32.DELEGATE, "nothing was delegated"
    # Where nobody may go on by S4U2Proxy, and once more to itself.
    for target in (f"svc/old.{DNS}", service):
        onward = session.server.delegated(place, estate.whole(target), wish)
        pair.open.append(onward)
        there = pair.join(onward, pair.server(wish))
        assert there.server.client_name() == ALICE.principal
        exchange(there, sizes=(20,))
    again = there.server.delegated(place, estate.whole(estate.back), Wish())
    pair.open.append(again)
    last = pair.join(again, pair.server())
    assert last.server.client_name() == ALICE.principal
    # To a service that is not trusted nothing is forwarded: its way is S4U2Proxy.
    at_front(estate, pair, estate.clients_only)


def cases(among_peers):
    if among_peers:
        return
    for title, client, server, function in (*s4u_scenarios.CASES, *CASES):
        def run(directory, sides=(client, server), function=function):
            samba_cases.World.dc.enter()
            pair = SambaPair(samba_cases.World.dc, directory, sides[0].Client, sides[1].Server)
            function(ESTATE, pair)
            pair.close()

        names = f"{client.Client.implementation} -> {server.Server.implementation}"
        yield f"Going on in a client's name, Samba domain, {names}: {title}", run
