"""Our side alone with the machine's Kerberos: KDCs, logons, caches, keytabs, the replay cache.

The other side is MIT's libgssapi wherever tokens go to one, and MIT's tools look at the caches.
"""

import os
import shutil
import socket
import time

import secur32
from party import Refused

from . import mit, ours
from .mit_realm import (
    ALICE, BOB, BRIEF, CHANGER, DISABLED, DOMAIN, ENCTYPES, EXPIRED, GONE, HOPS, KEYED,
    MUST_CHANGE, NO_PREAUTH, REALM, User,
)
from .pair import exchange, fails
from .party import Wish

ASKING, SERVING = [], []
SERVICE = f"svc/{HOPS}@{REALM}"
TGT = f"krbtgt/{REALM}@{REALM}"


def asking(title, ours_only=False):
    """Our client at MIT's server; unless `ours_only` MIT's client can be tried likewise."""
    return lambda function: ASKING.append((title, ours_only, function))


def serving(title, ours_only=False):
    """MIT's client at our server."""
    return lambda function: SERVING.append((title, ours_only, function))


def configured(pair, **changes):
    """The client's place with another krb5.conf."""
    path = pair.directory / f"krb5-{len(list(pair.directory.iterdir()))}.conf"
    return pair.place(config=pair.realm.config(path, **changes))


# ---------------------------------------------------------------------------- KDCs


@asking("a KDC by UDP only, by TCP only, whose answers are too big for UDP")
def transports(pair):
    realm = pair.realm
    for port in (realm.udp_port, realm.tcp_port, realm.small_port):
        place = configured(pair, kdcs=[realm.address(port)])
        exchange(pair.meet(SERVICE, place=place, client_options={"user": ALICE}), sizes=(20,))
    # TCP at once, because krb5.conf says so.
    place = configured(pair, kdcs=[realm.address(realm.tcp_port)],
                       libdefaults={"udp_preference_limit": "1"})
    exchange(pair.meet(SERVICE, place=place, client_options={"user": ALICE}), sizes=(20,))


@asking("the first KDC is down, or does not answer")
def failover(pair):
    realm = pair.realm
    alive = realm.address(realm.port)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent, \
            socket.socket(socket.AF_INET, socket.SOCK_STREAM) as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(1)
        silent.bind(deaf.getsockname())
        mute = realm.address(deaf.getsockname()[1])
        for first in (realm.address(realm.dead_port), mute):
            place = configured(pair, kdcs=[first, alive])
            exchange(pair.meet(SERVICE, place=place, client_options={"user": ALICE}), sizes=(20,))


@asking("all KDCs are down")
def no_kdc(pair):
    place = configured(pair, kdcs=[pair.realm.address(pair.realm.dead_port)])
    began = time.monotonic()
    with fails("client", "SEC_E_NO_AUTHENTICATING_AUTHORITY"):
        pair.meet(SERVICE, place=place, client_options={"user": ALICE})
    assert time.monotonic() - began < 50, "it took too long to give up"
    with fails("client", "SEC_E_NO_AUTHENTICATING_AUTHORITY"):
        pair.meet("svc/nowhere.invalid@UNKNOWN.REALM", place=place,
                  client_options={"user": User("eve", "x", realm="UNKNOWN.REALM")})


@asking("no KDC is asked when the ticket is in the cache")
def cached_ticket(pair):
    place = pair.client_place().kvno(SERVICE)
    dead = configured(pair, kdcs=[pair.realm.address(pair.realm.dead_port)])
    exchange(pair.meet(SERVICE, place=place.but(config=dead.config)), sizes=(20,))


# ---------------------------------------------------------------------------- logons


@asking("a password of each enctype's key, and without preauthentication")
def passwords(pair):
    for user in (ALICE, BOB, NO_PREAUTH, *KEYED.values()):
        session = pair.meet(SERVICE, client_options={"user": user})
        assert session.server.client_name() == user.principal
        exchange(session, sizes=(20,))


@asking("every form of the identity", ours_only=True)
def identity_forms(pair):
    for user, form in (
        (ALICE, "W"), (ALICE, "A"), (ALICE, "EXW"),
        # user@realm, and no domain.
        (User(ALICE.principal, ALICE.password, realm=None), "W"),
        # The domain in other case is another realm to MIT's KDC; ours asks as Windows does.
    ):
        session = pair.meet(SERVICE, client_options={"user": user, "form": form})
        assert session.server.client_name() == ALICE.principal


@asking("wrong passwords, unknown users, accounts that may not log on")
def refused_logons(pair):
    denied = ("SEC_E_LOGON_DENIED",)
    for user, names in (
        (User("alice", "Wonder-land-8"), denied),
        (User("alice", "wonder-land-7"), denied),
        (User("nopreauth", "wrong", "-requires_preauth"), denied),
        (User("nobody-here", "x"), denied),
        (DISABLED, denied), (GONE, denied), (EXPIRED, denied), (MUST_CHANGE, denied),
    ):
        with fails("client", *names):
            pair.meet(SERVICE, client_options={"user": user})


@asking("an unknown service", ours_only=True)
def unknown_service(pair):
    with fails("client", "SEC_E_TARGET_UNKNOWN"):
        pair.client(f"svc/nobody.{DOMAIN}@{REALM}", user=ALICE).step(None)
    with fails("client", "SEC_E_TARGET_UNKNOWN"):
        pair.client(f"svc/nobody.{DOMAIN}", place=pair.client_place()).step(None)


@asking("no credentials at all")
def no_credentials(pair):
    with fails("client", "SEC_E_NO_CREDENTIALS"):
        pair.client(SERVICE, place=pair.place()).step(None)


@asking("service names without a realm, with one, in other case", ours_only=True)
def service_names(pair):
    for name in (f"svc/{HOPS}", f"svc/{HOPS}@{REALM}", f"svc/{HOPS.upper()}"):
        place = pair.client_place()
        try:
            exchange(pair.meet(name, place=place), sizes=(20,))
        except Refused as refusal:
            # MIT's database minds the case of names; then it is the KDC that does not know it.
            assert HOPS.upper() in name and refusal.reason == "SEC_E_TARGET_UNKNOWN", refusal


@asking("a ticket that ends: refused by its client, got anew with a password", ours_only=True)
def short_tickets(pair):
    place = pair.client_place(BRIEF)
    keeper = pair.client(SERVICE, user=BRIEF)
    exchange(pair.join(keeper, pair.server()), sizes=(20,))
    time.sleep(4)
    # Past its end and past the skew that a client allows.
    strict = configured(pair, libdefaults={"clockskew": "0"})
    with fails("client", "SEC_E_NO_CREDENTIALS", "SEC_E_CONTEXT_EXPIRED"):
        pair.client(SERVICE, place=place.but(config=strict.config)).step(None)
    with keeper.own():
        again = secur32.Client(keeper.credential, SERVICE,
                               secur32.MUTUAL_AUTH | secur32.ISC_INTEGRITY)
        token = again.step(None)
        again.close()
    pair.server().step(token)


def change(place, user, new):
    """As the user itself, by ChangeAccountPassword."""
    client = ours.Client(place, Wish(), SERVICE)
    with client.own():
        secur32.change_password("Kerberos", user.realm, user.name, user.password, new)
    client.close()
    return User(user.name, new)


@asking("changing the password, and logging on with the new one", ours_only=True)
def change_password(pair):
    place = pair.client_place()
    new = change(place, CHANGER, "After-it-2")
    with fails("client", "SEC_E_LOGON_DENIED"):
        pair.meet(SERVICE, client_options={"user": CHANGER})
    exchange(pair.meet(SERVICE, client_options={"user": new}), sizes=(20,))
    place.but(cache=pair.fresh_cache()).kinit(new)
    with fails("client", "SEC_E_LOGON_DENIED"):
        change(place, CHANGER, "Third-one-3")


@asking("a password that must be changed can be", ours_only=True)
def must_change(pair):
    user = User(f"must-{pair.directory.name.lower()}", "Old-pass-1")
    pair.realm.admin(f"addprinc +needchange -pw {user.password} {user.name}")
    with fails("client", "SEC_E_LOGON_DENIED"):
        pair.meet(SERVICE, client_options={"user": user})
    new = change(pair.client_place(), user, "New-pass-2")
    exchange(pair.meet(SERVICE, client_options={"user": new}), sizes=(20,))


# ---------------------------------------------------------------------------- caches


def own_services(pair, count):
    """Services that no other case asks for, so that the KDC's log tells of this one alone."""
    stem = pair.directory.name.lower()
    names = [f"svc{n}/{stem}.{DOMAIN}" for n in range(count)]
    keytab = pair.directory / "own.keytab"
    pair.realm.admin(
        *(f"addprinc -randkey -requires_preauth {name}" for name in names),
        *(f"ktadd -norandkey -k {keytab} {name}" for name in names),
    )
    return [f"{name}@{REALM}" for name in names], pair.server_place(keytab)


def shared_cache(pair, cache):
    """kinit's tickets are used, ours are seen by klist and used by MIT."""
    (ours_first, theirs_first), keys = own_services(pair, 2)
    place = pair.place(cache=cache).kinit(ALICE)
    try:
        exchange(pair.meet(ours_first, place=place, server_place=keys), sizes=(20,))
        assert ours_first in place.services(), f"klist shows {place.tickets()}"
        client = mit.Client(place, Wish(), ours_first)
        exchange(pair.join(client, pair.server(place=keys)), sizes=(20,))
        # And the other way round: what kvno fetched we do not ask for.
        place.kvno(theirs_first)
        exchange(pair.meet(theirs_first, place=place, server_place=keys), sizes=(20,))
        for service in (ours_first, theirs_first):
            asked = pair.realm.log().count(f"for {service}")
            assert asked == 1, f"{service} was asked for {asked} times"
    finally:
        place.run("kdestroy", check=False)


@asking("a cache in a file, shared with kinit, klist, kvno and MIT's libgssapi")
def file_cache(pair):
    shared_cache(pair, f"FILE:{pair.directory}/cc")


@asking("a cache in a file, named without its type, shared likewise")
def plain_cache(pair):
    shared_cache(pair, f"{pair.directory}/cc")


@asking("a collection of caches in a directory, shared likewise")
def dir_cache(pair):
    (pair.directory / "collection").mkdir(mode=0o700)
    shared_cache(pair, f"DIR:{pair.directory}/collection")


def keyring_works():
    """Whether the kernel gives this process keyrings: containers may forbid it."""
    import ctypes
    import errno

    libc = ctypes.CDLL(None, use_errno=True)
    add_key = 248
    made = libc.syscall(add_key, b"user", b"secur32-peers", b"x", 1, -2)
    return made >= 0 or ctypes.get_errno() not in (errno.ENOSYS, errno.EPERM)


if keyring_works():
    @asking("a cache in the kernel's keyring, shared likewise")
    def keyring_cache(pair):
        shared_cache(pair, f"KEYRING:user:peers-{pair.directory.name}")

    @asking("the persistent keyring, shared likewise")
    def persistent_cache(pair):
        shared_cache(pair, f"KEYRING:persistent:{os.geteuid()}")


@asking("a cache in memory: of this process, filled from the client's keytab", ours_only=True)
def memory_cache(pair):
    place = pair.place(cache="MEMORY:peers", client_keytab=f"FILE:{pair.realm.keytab('alice')}")
    for _ in range(2):
        exchange(pair.meet(SERVICE, place=place), sizes=(20,))
    with fails("client", "SEC_E_NO_CREDENTIALS"):
        pair.client(SERVICE, place=pair.place(cache="MEMORY:another")).step(None)


@asking("the client's keytab fills the cache, for klist to see")
def client_keytab(pair):
    place = pair.place(cache=pair.fresh_cache(),
                       client_keytab=f"FILE:{pair.realm.keytab('alice')}")
    session = pair.meet(SERVICE, place=place)
    assert session.server.client_name() == ALICE.principal
    services = place.services()
    assert TGT in services and SERVICE in services, f"klist shows {services}"


@asking("identities with passwords touch neither each other nor the user's cache", ours_only=True)
def separate_identities(pair):
    place = pair.client_place(ALICE)
    before = place.tickets()
    clients = [pair.client(SERVICE, place=place, user=user) for user in (BOB, ALICE, NO_PREAUTH)]
    for client, user in zip(clients, (BOB, ALICE, NO_PREAUTH)):
        assert pair.join(client, pair.server()).server.client_name() == user.principal
    assert place.tickets() == before, "the user's cache has changed"
    # Nor does a password need a cache.
    nowhere = pair.place(cache=f"FILE:{pair.directory}/missing/cc")
    exchange(pair.meet(SERVICE, place=nowhere, client_options={"user": BOB}), sizes=(20,))


@asking("a cache type that nobody knows, and a file that is no cache")
def strange_caches(pair):
    broken = pair.directory / "broken"
    broken.write_bytes(b"this is no cache")
    for name in ("NONSENSE:x", f"FILE:{broken}"):
        with fails("client"):
            pair.client(SERVICE, place=pair.place(cache=name)).step(None)


# ---------------------------------------------------------------------------- keytabs


@serving("a keytab that changes while the server runs", ours_only=True)
def changed_keytab(pair):
    keytab = pair.directory / "changing.keytab"
    shutil.copy(pair.realm.keytab("other"), keytab)
    place = pair.server_place(keytab)
    server = pair.server(place=place)
    with fails("server", "SEC_E_NO_KERB_KEY", "SEC_E_NO_CREDENTIALS", "SEC_E_WRONG_PRINCIPAL"):
        pair.join(pair.client(SERVICE), server)
    with server.own():
        shutil.copy(pair.realm.keytab(), keytab)
        again = secur32.Server(server.credential)
        token = pair.client(SERVICE).step(None)
        again.step(token)
        assert again.complete
        again.close()


@serving("no keytab at all")
def no_keytab(pair):
    with fails("server", "SEC_E_NO_CREDENTIALS", "SEC_E_NO_KERB_KEY"):
        pair.server(place=pair.place()).step(pair.client(SERVICE).step(None))


@serving("a key that was replaced: tickets of the old and of the new one are served")
def rolled_key(pair):
    name = f"roll/{pair.directory.name.lower()}.{DOMAIN}"
    keytab = pair.directory / "roll.keytab"
    pair.realm.admin(f"addprinc -randkey {name}", f"ktadd -norandkey -k {keytab} {name}")
    place = pair.server_place(keytab)
    old = pair.client_place().kvno(name)
    pair.realm.admin(f"ktadd -k {keytab} {name}")
    for client in (old, pair.client_place()):
        session = pair.meet(f"{name}@{REALM}", place=client, server_place=place)
        exchange(session, sizes=(20,))


@serving("a server with a password instead of a keytab", ours_only=True)
def password_server(pair):
    name = f"pw/{pair.directory.name.lower()}.{DOMAIN}"
    service = User(name, "Service-pass-1")
    pair.realm.admin(f"addprinc -pw {service.password} {name}")
    session = pair.meet(f"{name}@{REALM}", server_place=pair.place(),
                        server_options={"user": service})
    exchange(session, sizes=(20,))


# ---------------------------------------------------------------------------- replay cache


@asking("the replay cache of the machine is shared with MIT's acceptor, both ways", ours_only=True)
def shared_replays(pair):
    for first, second in ((ours.Server, mit.Server), (mit.Server, ours.Server)):
        token = mit.Client(pair.client_place(), Wish(), SERVICE).step(None)
        place = pair.server_place()
        one, other = first(place, Wish()), second(place, Wish())
        pair.open += [one, other]
        one.step(token)
        with fails("server", "SEC_E_LOGON_DENIED", "SEC_E_INVALID_TOKEN", "SEC_E_MESSAGE_ALTERED",
                   "replay"):
            other.step(token)


# ---------------------------------------------------------------------------- policy


@asking("rc4 is off unless krb5.conf allows it", ours_only=True)
def rc4_off(pair):
    plain = configured(pair, libdefaults={"permitted_enctypes": None, "allow_rc4": None})
    # The KDC does not say that it is the enctype: it offers nothing to prove the password with.
    with fails("client", "SEC_E_KDC_UNKNOWN_ETYPE", "SEC_E_UNSUPPORTED_PREAUTH"):
        pair.client(SERVICE, place=plain, user=KEYED["rc4"]).step(None)
    with fails("client", "SEC_E_KDC_UNKNOWN_ETYPE", "SEC_E_TARGET_UNKNOWN"):
        pair.client(f"svc/rc4.{DOMAIN}@{REALM}", place=plain, user=ALICE).step(None)


@asking("the enctypes that krb5.conf asks for are those of the tickets")
def asked_enctypes(pair):
    for enctype in ENCTYPES:
        place = configured(pair, libdefaults={"default_tgs_enctypes": enctype.name,
                                              "default_tkt_enctypes": enctype.name})
        place = place.but(cache=pair.fresh_cache()).kinit(ALICE)
        exchange(pair.meet(SERVICE, place=place), sizes=(20,))
        found = [session for service, session, _ in place.tickets() if service == SERVICE]
        assert found and enctype.name in found[0], f"klist shows {found}"


@asking("KRB5_TRACE tells the story")
def trace(pair):
    path = pair.directory / "trace"
    place = pair.client_place().but(trace=str(path))
    exchange(pair.meet(SERVICE, place=place), sizes=(20,))
    told = path.read_text()
    for word in (SERVICE, REALM, "127.0.0.1"):
        assert word in told, f"{word} is not in the trace:\n{told}"
    for secret in (ALICE.password,):
        assert secret not in told
