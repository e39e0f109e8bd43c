"""What a Samba domain says of a client: the SIDs of our token and those of the domain's database."""

import contextlib
import pathlib
import shutil

import secur32_token
from kerberos import mit, ours, samba_cases
from kerberos.mit_realm import User
from kerberos.pair import Pair, fails
from kerberos.samba_dc import ADMIN_PASSWORD, REALM, WORKGROUP
from kerberos.samba_people import SERVICES, USERS

WORLD = samba_cases.__name__
CASES = []
ALICE, BOB = samba_cases.ALICE, samba_cases.BOB
ADMINISTRATOR = User("Administrator", ADMIN_PASSWORD, realm=REALM)
KRBTGT = f"krbtgt/{REALM}@{REALM}"


def case(title, *clients):
    def register(function):
        CASES.extend((title, client, function) for client in clients)

    return register


def database(dc):
    from samba import credentials, param
    from samba.auth import system_session
    from samba.samdb import SamDB

    settings = param.LoadParm()
    settings.load(str(dc.smb_conf))
    own = credentials.Credentials()
    own.guess(settings)
    samdb = SamDB(settings.samdb_url(), session_info=system_session(), credentials=own,
                  lp=settings)
    return samdb, own, settings


def sids_of(samdb, account):
    """The account's SID, and of its groups those that tickets have: builtin ones are each machine's."""
    from ldb import SCOPE_BASE, binary_encode
    from samba.dcerpc import security
    from samba.ndr import ndr_unpack

    [entry] = samdb.search(expression=f"(sAMAccountName={binary_encode(account)})", attrs=[])
    [entry] = samdb.search(entry.dn, SCOPE_BASE, attrs=["objectSid", "tokenGroups"])
    text = [str(ndr_unpack(security.dom_sid, sid))
            for sid in (*entry["objectSid"], *entry["tokenGroups"])]
    return text[0], {sid for sid in text[1:] if not sid.startswith("S-1-5-32-")}


def of_the_domain(groups, user):
    domain = user.rpartition("-")[0]
    return {sid for sid in groups if sid.startswith(f"{domain}-")}


@case("the token's SIDs are those of the domain's database", ours, mit)
def token_groups(pair):
    samdb, _, _ = database(pair.realm)
    for user in (ALICE, BOB, ADMINISTRATOR):
        place = pair.client_place(user)
        sid, groups = sids_of(samdb, user.name)
        for service in SERVICES:
            session = pair.meet(f"{service}@{REALM}", place=place)
            said = secur32_token.said_of(session.server.context)
            assert said.user == sid, f"{said.user}, not {sid}"
            assert of_the_domain(said.groups, sid) == groups, (said.groups, groups)
            assert said.primary_group == f"{sid.rpartition('-')[0]}-513", said.primary_group
            assert all(said.groups[group] & 7 == 7 for group in groups), said.groups
            # How it was verified who it is: by the KDC.
            assert "S-1-18-1" in said.groups, said.groups
            assert (said.account, said.domain) == (user.name, WORKGROUP), said
            assert said.upn.lower() == f"{user.name}@{REALM}".lower(), said.upn
            assert said.logon_time > 0 and said.password_last_set > 0, said


@case("the domain's own key verifies what the KDC signed for itself; another's does not", ours, mit)
def kdc_signatures(pair):
    import samba.dckeytab  # noqa: F401  (adds export_keytab to Net)
    from samba.net import Net

    _, own, settings = database(pair.realm)
    right = pair.directory / "right.keytab"
    shutil.copy(pair.realm.keytab(), right)
    Net(own, settings).export_keytab(keytab=str(right), principal=KRBTGT)
    wrong = pair.directory / "wrong.keytab"
    wrong.write_bytes(with_other_key(right.read_bytes(), pair.realm.keytab().stat().st_size))
    place = pair.client_place(ALICE)
    for service in SERVICES:
        target = f"{service}@{REALM}"
        server_place = pair.server_place(right)
        session = pair.meet(target, place=place, server_place=server_place)
        assert secur32_token.said_of(session.server.context).user
        with fails("server", "SEC_E_LOGON_DENIED"):
            pair.meet(target, place=place, server_place=pair.server_place(wrong))


def with_other_key(keytab, old):
    """A keytab whose last entry, which was added to so many bytes, has another key."""
    assert len(keytab) > old + 40 and keytab[old:].count(b"krbtgt") >= 1
    changed = bytearray(keytab)
    at = old
    while at < len(changed):
        size = int.from_bytes(changed[at:at + 4], "big")
        # Behind the key are at most four bytes of a version.
        changed[at + 4 + size - 12] ^= 1
        at += 4 + size
    return bytes(changed)


@case("a ticket that a service got in alice's name says whose it is, and by whom it came", ours, mit)
def delegated(pair):
    samdb, _, _ = database(pair.realm)
    user = User("svcs4u", USERS["svcs4u"], realm=REALM)
    place = pair.client_place(user)
    place.run("kvno", "-q", "-U", ALICE.name, "-P", "svc/aes.ad.test")
    # What kvno got is another client's, for whom a cache of her own is made.
    own = place.but(cache=pair.fresh_cache())
    copy_ticket(place, own)
    session = pair.meet(f"svc/aes.ad.test@{REALM}", place=own)
    said = secur32_token.said_of(session.server.context)
    sid, groups = sids_of(samdb, ALICE.name)
    assert said.user == sid and of_the_domain(said.groups, sid) == groups, said
    assert said.flags & secur32_token.DELEGATED and said.target == "svc/aes.ad.test", said
    assert [name.partition("@")[0] for name in said.transited] == ["svcs4u"], said.transited


def copy_ticket(source, target):
    """The ticket of a cache that is alice's, into a cache that is."""
    data = pathlib.Path(source.cache.removeprefix("FILE:")).read_bytes()
    at = 4 + int.from_bytes(data[2:4], "big")

    def skip_principal(at):
        count = int.from_bytes(data[at + 4:at + 8], "big")
        at += 8
        for _ in range(count + 1):
            at += 4 + int.from_bytes(data[at:at + 4], "big")
        return at

    def skip_ticket(at):
        at = skip_principal(skip_principal(at))
        at += 6 + int.from_bytes(data[at + 2:at + 6], "big")
        at += 16 + 1 + 4
        for _ in range(2):
            count, at = int.from_bytes(data[at:at + 4], "big"), at + 4
            for _ in range(count):
                at += 6 + int.from_bytes(data[at + 2:at + 6], "big")
        for _ in range(2):
            at += 4 + int.from_bytes(data[at:at + 4], "big")
        return at

    header, at = data[:at], skip_principal(at)
    while at < len(data):
        end = skip_ticket(at)
        client = data[at:skip_principal(at)]
        if b"alice" in client and b"aes.ad.test" in data[at:end]:
            path = pathlib.Path(target.cache.removeprefix("FILE:"))
            path.write_bytes(header + client + data[at:end])
            path.chmod(0o600)
            return
        at = end
    raise AssertionError("kvno got no ticket in alice's name")


def cases(among_peers):
    if among_peers:
        return
    for title, client, function in CASES:

        def run(directory, function=function, client=client):
            samba_cases.World.dc.enter()
            both = Pair(samba_cases.World.dc, directory, client.Client, ours.Server)
            with contextlib.closing(both):
                function(both)

        yield f"PACs of a Samba domain, {client.Client.implementation} -> secur32: {title}", run
