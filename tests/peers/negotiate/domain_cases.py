"""In the domain of a Samba DC: GENSEC in both roles, and the DC's LDAP and SMB servers."""

import time

from kerberos import samba_cases
from kerberos.mit_realm import User
from kerberos.pair import sided
from kerberos.samba_dc import ADDRESS, DNS, HOST, WORKGROUP

from . import gensec, ldap, mit, ours, pair, smb, wire
from .pair import NTLM_ONLY, fails, same_keys
from .party import KERBEROS, NTLM, Wish

WORLD = samba_cases.__name__
CASES = []
ALICE, BASE = samba_cases.ALICE, "DC=ad,DC=test"
# As NTLM names her.
WALKER = User(ALICE.name, ALICE.password, realm=WORKGROUP)
DC = f"{HOST}.{DNS}"
BOTH = ((KERBEROS, Wish(), ALICE), (NTLM, NTLM_ONLY, WALKER))


def case(title, client, server, portable=True):
    """`portable`: MIT's side can take the place of ours."""
    return lambda function: CASES.append((title, client, server, portable, function))


def exchange_gensec(session, sealed=True):
    same_keys(session)
    for size in (1, 16, 100, 4000):
        data = (bytes(range(256)) * 16)[:size]
        for sender, receiver in session.directions():
            assert receiver.unwrap(sender.wrap(data, sealed))[0] == data
            if not sealed:
                receiver.verify(data, sender.sign(data))


# ---------------------------------------------------------------------------- GENSEC


@case("GENSEC's server knows the client, and messages both ways", ours, gensec)
def to_gensec(both):
    for mechanism, wish, user in BOTH:
        server = gensec.Server(both.place(), wish, both.realm.smb_conf)
        client = both.client(f"host/{DC}", wish, place=both.place(), user=user)
        session = both.join(client, server)
        domain, name, sids = server.account()
        assert (domain, name) == (WORKGROUP, "alice") and sids > 3, f"{domain}\\{name}, {sids}"
        assert client.mechanism() == mechanism
        exchange_gensec(session)


@case("GENSEC's client, and messages both ways", gensec, ours)
def from_gensec(both):
    accounts = both.accounts(pair.Account(WORKGROUP, ALICE.name, ALICE.password))
    for mechanism, wish, user in BOTH:
        client = gensec.Client(both.place(), wish, "svc/aes.ad.test", user, both.realm.smb_conf)
        server = both.server(Wish(), both.server_place(accounts=accounts))
        session = both.join(client, server)
        assert server.mechanism() == mechanism
        exchange_gensec(session)


@case("GENSEC's client where the server has NTLM only", gensec, ours)
def gensec_falls_back(both):
    # Where it asked for a ticket it keeps to Kerberos' name.
    accounts = both.accounts(pair.Account("", ALICE.principal, ALICE.password))
    client = gensec.Client(both.place(), Wish(), "svc/aes.ad.test", WALKER, both.realm.smb_conf)
    server = both.server(NTLM_ONLY, both.server_place(accounts=accounts))
    session = both.join(client, server)
    assert wire.read(session.tokens[0]).inside() == KERBEROS, "no optimistic token"
    pair.with_mics(session)
    assert server.mechanism() == NTLM
    exchange_gensec(session)


@case("GENSEC's server refuses a wrong password", ours, gensec)
def gensec_refuses(both):
    server = gensec.Server(both.place(), NTLM_ONLY, both.realm.smb_conf)
    user = User(ALICE.name, "Wonder-land-8", realm=WORKGROUP)
    with fails("server"):
        both.join(both.client(f"host/{DC}", NTLM_ONLY, place=both.place(), user=user), server)


# ---------------------------------------------------------------------------- LDAP


def takes_for(connection, name):
    """The DC takes the client for this account: the first of its SIDs."""
    [(_, root)] = connection.search("", ldap.BASE, ldap.PRESENT, "tokenGroups")
    [(_, account)] = [entry for entry in connection.search(
        BASE, ldap.SUBTREE, ldap.equals("sAMAccountName", name), "objectSid") if entry[1]]
    assert root["tokenGroups"][0] == account["objectSid"][0], f"the client is not {name}"


def look_up(connection):
    [(name, values)] = [entry for entry in connection.search(
        BASE, ldap.SUBTREE, ldap.equals("sAMAccountName", "bob"), "sAMAccountName", "objectSid")
        if entry[1]]
    assert name.lower() == f"cn=bob,cn=users,{BASE.lower()}", name
    assert values["sAMAccountName"] == [b"bob"], values
    # Many messages, and long ones.
    entries = connection.search(BASE, ldap.SUBTREE, ldap.PRESENT, "*")
    assert len(entries) > 100, f"{len(entries)} entries"


@case("the DC's LDAP by GSS-SPNEGO, sealed and only signed", ours, None)
def ldap_spnego(both):
    for mechanism, wish, user in BOTH:
        for sealed in (True, False):
            # MIT's client says that it can seal whether it was asked to or not, and the DC's LDAP
            # takes NTLM that was to be signed only for sealed.
            if not sealed and (both.client_class is not ours.Client or mechanism == NTLM):
                continue
            asks = Wish(mechanisms=wish.mechanisms, confidentiality=sealed)
            client = both.client(f"ldap/{DC}", asks, place=both.place(), user=user)
            with ldap.Connection(ADDRESS) as connection:
                connection.bind(client, sealed=sealed)
                assert client.mechanism() in (mechanism, None), client.mechanism()
                takes_for(connection, "alice")
                look_up(connection)


@case("the DC's LDAP under its address: NTLM with the same password", ours, None, portable=False)
def ldap_by_address(both):
    client = both.client(f"ldap/{ADDRESS}", place=both.place(), user=WALKER)
    with ldap.Connection(ADDRESS) as connection:
        connection.bind(client)
        assert client.mechanism() == NTLM
        takes_for(connection, "alice")


@case("the DC's LDAP refuses a wrong password", ours, None, portable=False)
def ldap_refuses(both):
    wrong = User(ALICE.name, "Wonder-land-8", realm=WORKGROUP)
    client = both.client(f"ldap/{DC}", NTLM_ONLY, place=both.place(), user=wrong)
    with ldap.Connection(ADDRESS) as connection:
        try:
            connection.bind(client)
            raise AssertionError("the DC let it in")
        except ldap.LdapError as refusal:
            assert str(refusal).startswith("49:"), refusal  # invalidCredentials
    with fails("client", "SEC_E_LOGON_DENIED"):
        both.client(f"ldap/{DC}", place=both.place(),
                    user=User(ALICE.name, "Wonder-land-8", realm=ALICE.realm)).step(None)


# ---------------------------------------------------------------------------- SMB


def connect_smb(style=smb.STYLES[0]):
    """The DC's smbd may come up later than its KDC."""
    end = time.monotonic() + 10
    while True:
        try:
            return smb.Connection(ADDRESS, style)
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)


@case("the DC's SMB: the session's key signs, with and without the server's hint", ours, None)
def smb_session(both):
    for mechanism, wish, user in BOTH:
        # MIT's client takes no hint.
        for with_hint in (True, False) if both.client_class is ours.Client else (False,):
            client = both.client(f"cifs/{DC}", wish, place=both.place(), user=user)
            with connect_smb() as connection:
                hint = connection.negotiate()
                assert wire.read(hint).form == "hints", wire.read(hint)
                connection.log_on(client, hint if with_hint else None)
                assert client.mechanism() in (mechanism, None), client.mechanism()
                connection.connect(f"\\\\{DC}\\IPC$")
                connection.log_off()


@case("the DC's SMB 2.1, 3.0, 3.1.1: the session's key signs (HMAC, CMAC, GMAC) and encrypts",
      ours, None)
def smb_protection(both):
    for mechanism, wish, user in BOTH:
        for style in smb.STYLES:
            client = both.client(f"cifs/{DC}", wish, place=both.place(), user=user)
            with connect_smb(style) as connection:
                connection.negotiate()
                connection.log_on(client)
                assert client.mechanism() in (mechanism, None), client.mechanism()
                for share in ("IPC$", "netlogon"):
                    connection.connect(f"\\\\{DC}\\{share}")
                connection.log_off()


@case("the DC's SMB refuses a wrong password", ours, None)
def smb_refuses(both):
    user = User(ALICE.name, "Wonder-land-8", realm=WORKGROUP)
    client = both.client(f"cifs/{DC}", NTLM_ONLY, place=both.place(), user=user)
    with connect_smb() as connection:
        connection.negotiate()
        try:
            connection.log_on(client)
        except smb.SmbError as refusal:
            # STATUS_LOGON_FAILURE
            assert refusal.status == 0xC000006D, refusal
            return
    raise AssertionError("the DC let it in")


def cases(among_peers):
    for title, sides, function in sided(CASES, among_peers, ours, mit):
        def run(directory, function=function, sides=sides):
            samba_cases.World.dc.enter()
            server = sides[1].Server if sides[1] else None
            both = pair.Pair(samba_cases.World.dc, directory, sides[0].Client, server)
            function(both)
            both.close()

        served = f" -> {sides[1].Server.implementation}" if sides[1] else ""
        yield (f"Negotiate in a Samba domain, {sides[0].Client.implementation}{served}: {title}",
               run)
