"""A client in a Samba domain: what it is called, whom it asks for, and its passwords."""

import samba.dckeytab  # noqa: F401  (adds export_keytab to Net)
import secur32
from kerberos import mit, mit_u2u, ours, samba_cases
from kerberos.lsa_cases import lsa, refused
from kerberos.mit_realm import User
from kerberos.pair import exchange, fails, same_keys
from kerberos.party import Wish
from kerberos.samba_dc import DNS, HOST, REALM, WORKGROUP
from kerberos.samba_people import STRICT_LENGTH, UPNS, USERS
from negotiate import ours as negotiate
from negotiate import pair as negotiated
from negotiate.party import KERBEROS
from samba import credentials, param
from samba.net import Net
from secur32_lsa import NO_SUCH_USER, PASSWORD_RESTRICTION, WRONG_PASSWORD

from .pair import Pair

WORLD = samba_cases.__name__
CASES = []
ALICE, SERVICE, RENEWER, KEEPER, RABBIT = (
    User(name, USERS[name], realm=REALM)
    for name in ("alice", "svcaes", "renewer", "keeper", "rabbit")
)
AES = f"svc/aes.{DNS}"
# Names of the DC that its account has not: the KDC knows them for host/'s (sPNMappings).
ALIASES = (f"cifs/{HOST}.{DNS}", f"http/{HOST}.{DNS}", f"rpcss/{HOST}.{DNS}", f"cifs/{HOST}")
OWN_NAMES = (f"HOST/{HOST}.{DNS}", f"HOST/{HOST}", f"ldap/{HOST}.{DNS}", f"ldap/{HOST}.{DNS}/{DNS}")


def case(title, client=ours, server=ours):
    def register(function):
        CASES.append((title, client, server, function))
        return function

    return register


def both_servers(title):
    def register(function):
        for server in (ours, mit):
            CASES.append((title, ours, server, function))

    return register


def dc_keytab(pair):
    """The DC's own account, which has one name and serves many."""
    settings = param.LoadParm()
    settings.load(str(pair.realm.smb_conf))
    own = credentials.Credentials()
    own.guess(settings)
    path = pair.directory / "dc.keytab"
    Net(own, settings).export_keytab(keytab=str(path), principal=f"{HOST.upper()}$@{REALM}")
    return path


@case("default credentials of kinit, by Negotiate and by Kerberos", negotiate, negotiate)
def default_credentials(pair):
    for form in (ALICE, User("Alice", ALICE.password, realm=REALM)):
        place = pair.client_place(form, "-C")
        session = pair.meet(AES, place=place)
        negotiated.chosen(session, KERBEROS, ALICE.principal)
        exchange(session, sizes=(20,))
        assert f"{AES}@{REALM}" in place.services()


@both_servers("service names of a computer, and those that they stand for")
def aliases(pair):
    server_place = pair.server_place(dc_keytab(pair))
    place = pair.client_place(ALICE)
    for target in (*OWN_NAMES, *ALIASES):
        session = pair.meet(f"{target}@{REALM}", place=place, server_place=server_place)
        assert session.server.client_name() == ALICE.principal
        same_keys(session)
    # Without a realm the host's domain, or the KDC, tells it.
    for target in (ALIASES[0], ALIASES[-1]):
        session = pair.meet(target, place=place, server_place=server_place) \
            if pair.client_class is ours.Client else session
        exchange(session, sizes=(20,))


@both_servers("service names in any case")
def any_case(pair):
    for target in (AES.upper(), "Svc/aEs.Ad.TeSt"):
        session = pair.meet(target, client_options={"user": ALICE})
        assert session.server.client_name() == ALICE.principal
        exchange(session, sizes=(20,))


@case("a service without a name there is unknown", ours, ours)
def no_alias(pair):
    for target in (f"svc/{HOST}.{DNS}", f"cifs/nobody.{DNS}", "cifs/aes.ad.test"):
        with fails("client", "SEC_E_TARGET_UNKNOWN"):
            pair.client(target, user=ALICE).step(None)


@both_servers("names of users: the domain's short name, a UPN of another suffix, any case")
def users(pair):
    for name, domain, user in (
        ("alice", WORKGROUP, ALICE), ("ALICE", WORKGROUP.lower(), ALICE),
        ("alice", DNS, ALICE), (f"alice@{DNS}", None, ALICE), (f"Alice@{WORKGROUP}", None, ALICE),
        (UPNS["rabbit"], None, RABBIT), (UPNS["rabbit"].upper(), None, RABBIT),
        ("rabbit", WORKGROUP, RABBIT), (f"rabbit@{DNS}", None, RABBIT),
    ):
        said = User(name, user.password, realm=domain)
        session = pair.meet(AES, place=pair.place(), client_options={"user": said})
        told = session.server.client_name()
        assert told.lower() == user.principal.lower(), f"{domain}\\{name} is {told}"
        exchange(session, sizes=(20,))


# ---------------------------------------------------------------------------- user-to-user


@case("user-to-user with a user by account name and by UPN")
def user_to_user(pair):
    wish = Wish(user_to_user=True)
    for user, targets in (
        (SERVICE, ("svcaes", f"svcaes@{REALM}", f"svcaes@{DNS}", f"SVCAES@{DNS}")),
        (RABBIT, ("rabbit", UPNS["rabbit"], UPNS["rabbit"].upper())),
    ):
        there = pair.client_place(user)
        for target in targets:
            session = pair.meet(target, wish, place=pair.client_place(ALICE), server_place=there)
            assert session.server.client_name() == ALICE.principal, target
            same_keys(session)
            exchange(session, sizes=(20,))
    # Its name is another's than that of the ticket that the server gave.
    with fails("client"):
        pair.meet(SERVICE.principal, wish, place=pair.client_place(ALICE), server_place=there)


@case("user-to-user", ours, mit_u2u)
@case("user-to-user", mit_u2u, ours)
def with_mit(pair):
    session = pair.meet(SERVICE.principal, Wish(user_to_user=True), place=pair.client_place(ALICE),
                        server_place=pair.client_place(SERVICE))
    same_keys(session)
    exchange(session, sizes=(20,))


# ---------------------------------------------------------------------------- passwords


def logs_on(pair, user):
    exchange(pair.meet(AES, client_options={"user": user}), sizes=(20,))


@case("what the domain demands of a password is told")
def policy(pair):
    with pair.client(AES, user=KEEPER).own():
        try:
            secur32.change_password("Kerberos", REALM, KEEPER.name, KEEPER.password, "Short-1")
            raise AssertionError("a password was taken that is too short")
        except secur32.SspiError as error:
            # Samba's server tells it in words, and not in the structure of Windows'.
            assert error.name == "SEC_E_LOGON_DENIED", error
            assert f"at least {STRICT_LENGTH} characters" in str(error), error
        try:
            secur32.change_password("Kerberos", REALM, "nobody-here", "x", "y")
            raise AssertionError("nobody's password was changed")
        except secur32.SspiError as error:
            assert error.name == "SEC_E_LOGON_DENIED", error


@case("a password that must be changed is changed with the old one, by ChangeAccountPassword")
def must_change(pair):
    def denied(user):
        with fails("client", "SEC_E_LOGON_DENIED"):
            pair.client(AES, user=user).step(None)

    new = User(RENEWER.name, "Renewed-one-2", realm=REALM)
    denied(RENEWER)
    with pair.client(AES, user=RENEWER).own():
        for package, name, domain in (("Kerberos", RENEWER.name, WORKGROUP),
                                      ("Negotiate", f"{RENEWER.name}@{DNS}", "")):
            try:
                secur32.change_password(package, domain, name, "Not-the-old-1", new.password)
                raise AssertionError("it was changed with a wrong password")
            except secur32.SspiError as error:
                assert error.name == "SEC_E_LOGON_DENIED", error
        secur32.change_password("Negotiate", WORKGROUP, RENEWER.name, RENEWER.password,
                                new.password)
    denied(RENEWER)
    logs_on(pair, new)


@case("passwords changed by LSA's calls, with the reasons why not")
def by_lsa(pair):
    new = User(KEEPER.name, "Kept-longer-2", realm=REALM)
    with lsa(pair.place()) as calls:
        with refused(WRONG_PASSWORD):
            calls.change_password(KEEPER.name, WORKGROUP, "Not-the-old-1", new.password)
        with refused(PASSWORD_RESTRICTION):
            calls.change_password(KEEPER.name, REALM, KEEPER.password, "Short-1")
        with refused(NO_SUCH_USER):
            calls.change_password("nobody-here", REALM, "x", "y")
        calls.change_password(KEEPER.name, REALM, KEEPER.password, new.password)
    logs_on(pair, new)
    with fails("client", "SEC_E_LOGON_DENIED"):
        pair.client(AES, user=KEEPER).step(None)


def cases(among_peers):
    if among_peers:
        return
    for title, client_module, server_module, function in CASES:
        def run(directory, function=function, sides=(client_module, server_module)):
            samba_cases.World.dc.enter()
            both = Pair(samba_cases.World.dc, directory, sides[0].Client, sides[1].Server)
            function(both)
            both.close()

        names = f"{client_module.Client.implementation} -> {server_module.Server.implementation}"
        yield f"A client in a Samba domain, {names}: {title}", run
