"""LSA's calls about Kerberos: what they say and do, MIT's programs see, and the other way round."""

import contextlib
import os
import re

import secur32
from party import _set_environment
from secur32_lsa import (
    AS_KERB_CRED, CACHE_TICKET, DONT_USE_CACHE, FORWARDABLE, INVALID_PARAMETER, LOGON_FAILURE, Lsa,
    LsaError, NO_CREDENTIALS, OBJECT_NAME_NOT_FOUND, USE_CACHE_ONLY,
)

from .machine_cases import SERVICE, TGT, configured, keyring_works
from .mit_cred import Krb5
from .mit_realm import ADMIN, ALICE, BOB, ENCTYPES, HOPS, REALM, User, tool
from .processes import Server, listens

CASES = []
NAMES = {e.name: e.number for e in ENCTYPES}
HOST = f"host/{HOPS}@{REALM}"


def case(title):
    return lambda function: CASES.append((title, True, function))


@contextlib.contextmanager
def lsa(place, trusted=False):
    """Calls of a program that lives there."""
    changes = place.variables()
    saved = {name: os.environ.get(name) for name in changes}
    _set_environment(changes)
    try:
        with Lsa(trusted=trusted) as calls:
            yield calls
    finally:
        _set_environment(saved)


@contextlib.contextmanager
def refused(*statuses):
    try:
        yield
    except LsaError as error:
        assert error.status in statuses, error
        return
    raise AssertionError("it was not refused")


def caches(pair):
    """One of each type that the machine has."""
    folder = pair.directory / f"collection{pair.caches}"
    folder.mkdir(mode=0o700)
    names = [pair.fresh_cache(), f"DIR:{folder}"]
    if keyring_works():
        names.append(f"KEYRING:user:lsa-{pair.directory.name}-{pair.caches}")
    return names


def agree(place):
    """The list is klist's."""
    with lsa(place) as calls:
        ours = sorted((t.server, t.key_enctype, t.enctype) for t in calls.list())
    said = place.tickets()
    theirs = sorted((name, NAMES[key], NAMES[ticket]) for name, key, ticket in said)
    assert ours == theirs, f"we list {ours}, klist {theirs}"
    return [name for name, _, _ in ours]


@case("what is listed, klist shows; what is got, purged and submitted, it sees")
def every_cache(pair):
    for cache in caches(pair):
        begin_and_end(pair.place(cache=cache))


if os.geteuid() == 0:
    @case("the same with a daemon that keeps caches (Heimdal's KCM; root)")
    def daemon_cache(pair):
        folder = pair.directory / "run"
        folder.mkdir()
        socket = folder / ".heim_org.h5l.kcm-socket"
        place = configured(pair, libdefaults={"kcm_socket": str(socket)})
        # It listens in /run and nowhere else: in a mount namespace of its own that is our folder.
        start = 'mount --bind "$1" /run && exec "$2" -n'
        daemon = Server(
            ["unshare", "--mount", "sh", "-c", start, "kcm", str(folder), tool("kcm")],
            pair.directory / "kcm.log", {"KRB5_CONFIG": str(place.config)},
        )
        try:
            daemon.until(lambda: listens(socket), "its socket")
            begin_and_end(place.but(cache="KCM:"))
        finally:
            daemon.stop()


def begin_and_end(place):
    with lsa(place) as calls:
        assert calls.list() == [], "tickets without a cache"
        calls.purge()
        with refused(NO_CREDENTIALS):
            calls.granting_ticket()
    place.kinit(ALICE)
    try:
        life(place)
    finally:
        place.run("kdestroy", check=False)
    with lsa(place) as calls:
        assert calls.list() == [], f"tickets in {place.cache} after kdestroy"


def life(place):
    other = f"HTTP/{HOPS}@{REALM}"
    assert agree(place) == [TGT]
    place.kvno(SERVICE)
    assert agree(place) == sorted([SERVICE, TGT])
    with lsa(place) as calls:
        assert calls.retrieve(other).service == other
        kept = calls.retrieve(SERVICE, USE_CACHE_ONLY)
    assert agree(place) == sorted([SERVICE, TGT, other])
    place.kvno(other)
    with lsa(place) as calls:
        messages = [calls.retrieve(name, USE_CACHE_ONLY | AS_KERB_CRED).encoded
                    for name in (TGT, SERVICE)]
        calls.purge(f"svc/{HOPS}", REALM)
        with refused(NO_CREDENTIALS):
            calls.purge(f"svc/{HOPS}", REALM)
        with refused(OBJECT_NAME_NOT_FOUND):
            calls.retrieve(SERVICE, USE_CACHE_ONLY)
    assert agree(place) == sorted([TGT, other])
    with lsa(place) as calls:
        calls.purge()
    assert agree(place) == [], "purged, and still there"
    # The cache is whole, and still alice's; there is nothing to get tickets with.
    assert ALICE.principal in place.run("klist"), "klist cannot read what was purged"
    assert "kvno = " not in place.run("kvno", SERVICE, check=False), "kvno needs no ticket"
    with lsa(place) as calls:
        for message in messages * 2:
            calls.submit(message)
        assert calls.retrieve(SERVICE, USE_CACHE_ONLY).key == kept.key
    assert agree(place) == sorted([SERVICE, TGT])
    place.kvno(SERVICE, other)
    assert agree(place) == sorted([SERVICE, TGT, other])
    # klist reads the flags and times of what was submitted.
    said = place.run("klist", "-f")
    assert re.search(rf"{re.escape(TGT)}\n\s+(renew until .*, )?Flags: FP?R?IA", said), said


@case("tickets submitted where there is no cache make one for MIT's programs")
def submitted(pair):
    home = pair.client_place()
    with lsa(home) as calls:
        message = calls.retrieve(TGT, AS_KERB_CRED).encoded
    for cache in caches(pair):
        place = pair.place(cache=cache)
        with lsa(place) as calls:
            calls.submit(message)
        try:
            place.kvno(SERVICE)
            assert agree(place) == sorted([SERVICE, TGT])
            assert f"Default principal: {ALICE.principal}" in place.run("klist")
        finally:
            place.run("kdestroy", check=False)


@case("MIT's KRB-CRED is submitted, and MIT reads ours")
def messages_of_mit(pair):
    home = pair.client_place().kvno(SERVICE)
    there = pair.place(cache=pair.fresh_cache())
    with lsa(home) as calls:
        mit = Krb5()
        theirs = [mit.message(home.cache, name) for name in (TGT, SERVICE)]
        for name in (TGT, SERVICE):
            ours = calls.retrieve(name, USE_CACHE_ONLY | AS_KERB_CRED).encoded
            assert mit.servers(ours) == [name], "MIT reads another ticket"
    with lsa(there) as calls:
        for message in theirs:
            calls.submit(message)
    assert agree(there) == sorted([SERVICE, TGT])
    there.kvno(SERVICE, f"HTTP/{HOPS}@{REALM}")


@case("nobody else's tickets come into a cache, and nothing broken does")
def foreign(pair):
    alice, bob = pair.client_place(), pair.client_place(BOB)
    with lsa(bob) as calls:
        message = calls.retrieve(TGT, AS_KERB_CRED).encoded
    before = alice.tickets()
    with lsa(alice) as calls:
        with refused(INVALID_PARAMETER):
            calls.submit(message)
        for length in range(1, len(message), 7):
            with refused(INVALID_PARAMETER):
                calls.submit(message[:length])
        with refused(INVALID_PARAMETER):
            calls.submit(b"\x76\x80" + message)
    assert alice.tickets() == before


@case("tickets with flags, of an enctype, fresh, from the cache alone")
def wishes(pair):
    place = pair.client_place()
    with lsa(place) as calls:
        with refused(OBJECT_NAME_NOT_FOUND):
            calls.retrieve(SERVICE, USE_CACHE_ONLY)
        assert calls.retrieve(SERVICE, flags=FORWARDABLE).flags & FORWARDABLE
        for enctype in (17, 18, 19, 20):
            assert calls.retrieve(SERVICE, enctype=enctype).key[0] == enctype
        assert agree(place) == [TGT], "what was asked for specially was kept"
        first = calls.retrieve(SERVICE)
        assert calls.retrieve(SERVICE).key == first.key
        assert calls.retrieve(SERVICE, DONT_USE_CACHE).key != first.key
        assert agree(place) == sorted([SERVICE, TGT])
        calls.retrieve(SERVICE, CACHE_TICKET, enctype=17)
    assert {key for name, key, _ in place.tickets() if name == SERVICE} >= {ENCTYPES[1].name}


@case("an administrator sets a password, and kinit knows it")
def set_password(pair):
    user = User(f"set-{pair.directory.name.lower()}", "First-one-1")
    pair.realm.admin(f"addprinc -pw {user.password} {user.name}")
    place = pair.place()
    with lsa(place) as calls:
        identity = secur32.Identity(ADMIN.name, ADMIN.realm, ADMIN.password)
        with secur32.Credential(secur32.OUTBOUND, identity, "Kerberos") as keeper:
            calls.set_password(user.name, REALM, "Second-one-2", keeper)
        identity = secur32.Identity(ALICE.name, ALICE.realm, ALICE.password)
        with secur32.Credential(secur32.OUTBOUND, identity, "Kerberos") as alice:
            try:
                calls.set_password(user.name, REALM, "Third-one-3", alice)
            except LsaError:
                pass
            else:
                raise AssertionError("alice may set passwords")
    place.but(cache=pair.fresh_cache()).kinit(User(user.name, "Second-one-2"))
    # A ticket for the password server in the cache does as well.
    admin = pair.place(cache=pair.fresh_cache())
    admin.run("kinit", "-S", "kadmin/changepw", ADMIN.principal, text=ADMIN.password + "\n")
    with lsa(admin) as calls:
        calls.set_password(user.name, REALM, "Fourth-one-4")
    place.but(cache=pair.fresh_cache()).kinit(User(user.name, "Fourth-one-4"))


@case("a KDC that is bound to the realm is asked, until the bindings are purged")
def bindings(pair):
    realm = pair.realm
    dead = configured(pair, kdcs=[realm.address(realm.dead_port)])
    place = pair.client_place().but(config=dead.config)
    with lsa(place) as calls:
        calls.bind(REALM.lower(), realm.address(realm.port))
        assert calls.bindings() == [(REALM.lower(), realm.address(realm.port))]
        assert calls.retrieve(SERVICE).service == SERVICE
        with refused(INVALID_PARAMETER):
            calls.bind(REALM, "https://kdc/")
        calls.purge_bindings()
        assert calls.bindings() == []


@case("a password logs on when a key of this machine proves the KDC genuine")
def logons(pair):
    place = pair.server_place()
    with lsa(place) as calls:
        session = calls.log_on(ALICE.name, REALM, ALICE.password)
        assert session
        with refused(LOGON_FAILURE):
            calls.log_on(ALICE.name, REALM, "wrong")
        with secur32.Credential(secur32.OUTBOUND, None, "Kerberos", logon=session) as mine:
            assert mine.name() == ALICE.principal
            assert calls.retrieve(SERVICE, credential=mine).client == ALICE.name
    # No key, and a key that the KDC does not have (any more).
    stale = pair.directory / "stale.keytab"
    name = f"host/{pair.directory.name.lower()}.mit.test"
    pair.realm.admin(f"addprinc -randkey {name}", f"ktadd -k {stale} {name}")
    good = pair.server_place(stale)
    with lsa(good) as calls:
        calls.log_on(ALICE.name, REALM, ALICE.password)
    pair.realm.admin(f"cpw -randkey {name}")
    for other in (good, pair.place()):
        with lsa(other) as calls:
            try:
                calls.log_on(ALICE.name, REALM, ALICE.password)
            except LsaError as error:
                assert "prove" in str(error), error
            else:
                raise AssertionError("a KDC was believed that nothing proves genuine")
    lenient = configured(pair, libdefaults={"verify_ap_req_nofail": "false"})
    with lsa(lenient) as calls:
        calls.log_on(ALICE.name, REALM, ALICE.password)
